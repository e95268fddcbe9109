/**
 * Messages of MCP as they come over HTTP, and what is answered to those that are none.
 *
 * Source: JSON-RPC 2.0, sections 4 and 5; MCP revision 2025-11-25, "Base Protocol".
 */
import type { Readable } from 'node:stream';

/** A message of JSON-RPC, as much of it as is looked at here. */
export type Message = { readonly jsonrpc: '2.0'; readonly [field: string]: unknown };
export type RequestId = string | number;

/** What is to be sent for it. */
export interface McpAnswer {
  readonly status: number;
  /** Those of MCP; nothing that describes a JSON body. */
  readonly headers: Readonly<Record<string, string>>;
  /** An object or list that is to be serialized, a stream of events as bytes, or nothing. */
  readonly body: object | Readable | undefined;
}

/** Codes of JSON-RPC, and the SDK's own for a bad request and for a session that is not there (any more). */
export const codes = { parseError: -32_700, invalidRequest: -32_600, badRequest: -32_000, noSession: -32_001 } as const;
export const eventStream = 'text/event-stream';

export const headersOfEvents = {
  'content-type': eventStream,
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

export function refuse(status: number, code: number, message: string): McpAnswer {
  return { status, headers: {}, body: { jsonrpc: '2.0', error: { code, message }, id: null } };
}

export function sessionGone(): McpAnswer {
  return refuse(404, codes.noSession, 'Session not found');
}

export function isMessage(value: unknown): value is Message {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return false;
  const { id, method, params, result, error } = value;
  const hasId = typeof id === 'string' || Number.isSafeInteger(id);
  if (typeof method === 'string') return (id === undefined || hasId) && (params === undefined || isObject(params));
  return hasId && (isObject(result) || isObject(error));
}

export function isRequest(message: Message): message is Message & { id: RequestId } {
  return 'method' in message && message['id'] !== undefined;
}

export function isInitialize(message: Message): boolean {
  return message['method'] === 'initialize' && message['id'] !== undefined;
}

export function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
