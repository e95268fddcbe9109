/**
 * One call by POST /rpc: from a message to the HTTP answer that carries its result, and the schema of that answer.
 *
 * Source: JSON-RPC 2.0 specification; MCP revision 2025-11-25, "Transports", for the header with the revision.
 */
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../../../json.ts';
import { unavailable } from '../../http/errors.ts';
import type { Schema } from '../../json.ts';
import { quote } from '../../quote.ts';
import { StoreUnavailableError } from '../../store/store.ts';
import { type HttpAnswer, refuse, toRpcError } from '../protocol/http-answers.ts';
import { type RpcAnswer, answerMessage, rpcCodes, RpcError } from '../protocol/json-rpc.ts';
import { openAnswer } from './answer-schemas.ts';
import type { McpMethods } from './methods.ts';

interface RpcCall {
  /** The body, parsed. */
  readonly message: unknown;
  /** The header MCP-Protocol-Version; any version where it is absent. */
  readonly version: unknown;
  /** Ends when the client has gone. */
  readonly signal: AbortSignal;
  /** Gets what went wrong inside and is told to no client, with the status that the answer has for it. */
  readonly onFailure: (failed: { readonly statusCode: 500 | 503; readonly error: unknown }) => void;
}

/** @returns status 202 and no body for a notification; 503 with an internal error while the database is not there. */
export async function answerCall(
  methods: McpMethods,
  { message, version, signal, onFailure }: RpcCall,
): Promise<HttpAnswer> {
  if (typeof version === 'string' && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return unsupported(version);
  let isUnavailable = false;
  const answer = await answerMessage(message, async (method, params) => {
    try {
      return await methods.run(method, params, { signal });
    } catch (error) {
      if (error instanceof RpcError) throw error;
      isUnavailable = error instanceof StoreUnavailableError;
      onFailure({ statusCode: isUnavailable ? 503 : 500, error });
      throw toRpcError(error);
    }
  });
  if (isUnavailable) return { status: 503, headers: unavailable.headers, body: answer };
  return { status: answer === undefined ? 202 : statusOf(answer), headers: {}, body: answer };
}

/** Of an answer, by the method that was called; an open one for errors. */
export function schemaOf(
  methods: McpMethods,
  { message, answer }: { readonly message: unknown; readonly answer: object },
): Schema {
  if (!isObject(message) || !('result' in answer)) return openAnswer;
  return methods.table.get(String(message['method']))?.answerSchema ?? openAnswer;
}

/** What the method answers is told with 200, errors included; what was no request at all is not. */
function statusOf(answer: RpcAnswer): number {
  if (!('error' in answer)) return 200;
  if (answer.error.code === rpcCodes.invalidRequest) return 400;
  return answer.error.code === rpcCodes.internalError ? 500 : 200;
}

function unsupported(version: string): HttpAnswer {
  const known = SUPPORTED_PROTOCOL_VERSIONS.join(', ');
  return refuse(
    400,
    rpcCodes.invalidRequest,
    `Invalid request: unsupported protocol version ${quote(version)} (supported: ${known})`,
  );
}
