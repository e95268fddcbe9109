/**
 * Requests that several scenarios send. Paths and shapes are those of the gateway that the payloads of bench/ follow.
 */
import type { HttpRequest } from '../../../src/model/http.ts';
import type { JsonValue } from '../../../src/model/values.ts';

export const listTools: HttpRequest = { method: 'GET', path: '/tools', weight: 1 };

export const listServers: HttpRequest = { method: 'GET', path: '/servers', weight: 1 };

export const listPage: HttpRequest = { method: 'GET', path: '/tools?include_pagination=true&limit=50', weight: 1 };

export const callTool: HttpRequest = { method: 'POST', path: '/rpc', callsTool: true, weight: 1 };

export const listByRpc: HttpRequest = {
  method: 'POST',
  path: '/rpc',
  body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
  weight: 1,
};

export function askByRpc(message: { method: string; params: Readonly<Record<string, JsonValue>> }): HttpRequest {
  return { method: 'POST', path: '/rpc', body: { jsonrpc: '2.0', id: 1, ...message }, weight: 1 };
}

export const exportAll: HttpRequest = { method: 'GET', path: '/export', weight: 1 };

/** Where an export says when it was made. */
export const exportTime = '/exported_at';
