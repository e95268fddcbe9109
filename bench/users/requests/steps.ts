/**
 * Steps that tasks of several classes have: reads, JSON-RPC requests and pages of a gateway.
 */
import type { AnswerCheck, UserStep, UserTask } from '../../../src/model/users.ts';
import type { JsonValue } from '../../../src/model/values.ts';

/** A task that reads one path. */
export function reads(path: string, weight: number, check: AnswerCheck = 'json'): UserTask {
  const headers = check === 'html' ? { headers: { accept: 'text/html' } } : {};
  return { name: `GET ${path}`, weight, steps: [{ method: 'GET', path, check, ...headers }] };
}

/** A task that reads a list; one of an entity that is drawn may be empty, whatever the first one had. */
export function lists(path: string, weight: number): UserTask {
  return reads(path, weight, path.includes('{') ? 'json' : 'list');
}

/** A task of one JSON-RPC request. @param name what tells tasks with the same method apart. */
export function asks(
  method: string,
  weight: number,
  { params = {}, name = method, path = '/rpc' }: { params?: JsonValue; name?: string; path?: string } = {},
): UserTask {
  return { name: `${path} ${name}`, weight, steps: [rpcStep(method, { params, path })] };
}

export function rpcStep(
  method: string,
  { params = {}, path = '/rpc' }: { params?: JsonValue; path?: string } = {},
): UserStep {
  return {
    method: 'POST',
    path,
    body: { jsonrpc: '2.0', id: 1, method, params },
    check: method.endsWith('/list') ? 'rpc-list' : 'rpc',
  };
}

/** What a client says of itself. Source: MCP 2025-11-25, lifecycle. */
export const introduction: JsonValue = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'wirebench-user', version: '1' },
};

const session = { 'mcp-session-id': '{kept.session}' };

/** Steps over /mcp in a session of its own: it is opened before them and closed after them. */
export function inSession(steps: readonly UserStep[]): UserStep[] {
  const path = '/mcp';
  return [
    { ...rpcStep('initialize', { params: introduction, path }), keeps: { session: 'header:mcp-session-id' } },
    {
      method: 'POST',
      path,
      headers: session,
      body: { jsonrpc: '2.0', method: 'notifications/initialized' },
      check: 'any',
    },
    ...steps.map((step) => ({ ...step, headers: { ...step.headers, ...session } })),
    { method: 'DELETE', path, headers: session, check: 'any' },
  ];
}
