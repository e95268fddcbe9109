/**
 * What MCP answers over HTTP, before it is serialized: results, and errors of JSON-RPC with a status of HTTP.
 */
import type { McpAnswer } from '../../../../packages/serializer/src/mcp.ts';
import { unavailable } from '../../http/errors.ts';
import { StoreUnavailableError } from '../../store/store.ts';
import { type RpcFailure, failure, rpcCodes, RpcError } from './json-rpc.ts';

/** An HTTP response before its serialization. */
export type HttpAnswer = McpAnswer;

/** A refusal by HTTP status with a JSON-RPC error as its body. */
export function refuse(status: number, code: number, message: string): HttpAnswer & { readonly body: RpcFailure } {
  return { status, headers: {}, body: failure(new RpcError(code, message), null) };
}

/** What is answered where the body could not be parsed. */
export const notJson: readonly [code: number, message: string] = [
  rpcCodes.parseError,
  'Parse error: the body is not JSON',
];

/** The SDK's own code for what is wrong with an HTTP request. */
export const badRequestCode = -32_000;
/** The SDK's own code for a session that is not there (any more). */
export const sessionNotFoundCode = -32_001;

/** What the caller is told of anything that a method threw: errors of JSON-RPC as they are, of all others no detail. */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const reason = error instanceof StoreUnavailableError ? `: ${unavailable.message}` : '';
  return new RpcError(rpcCodes.internalError, `Internal error${reason}`);
}
