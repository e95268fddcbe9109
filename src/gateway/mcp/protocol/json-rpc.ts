/**
 * JSON-RPC 2.0 as MCP uses it: what a message may look like, what is answered, and by which error codes.
 *
 * One message in, one answer or none out. MCP gave up batches with its revision 2025-06-18.
 * Source: JSON-RPC 2.0 specification, sections 4 and 5; MCP revision 2025-11-25, "Base Protocol".
 */
import { isObject } from '../../../json.ts';
import { type JsonObject, isNestedDeeper } from '../../json.ts';

/** MCP narrows JSON-RPC's ids: never null, and numbers are integers. */
export type RpcId = string | number;
/** Named parameters; MCP knows no others. */
export type RpcParams = JsonObject;

interface RpcSuccess {
  readonly jsonrpc: '2.0';
  readonly result: object;
  readonly id: RpcId;
}

export interface RpcFailure {
  readonly jsonrpc: '2.0';
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** Null where the request's own id could not be read. */
  readonly id: RpcId | null;
}

export type RpcAnswer = RpcSuccess | RpcFailure;

/** Runs a method by its name. @throws {RpcError} for everything that the caller should be told. */
export type RunMethod = (method: string, params: RpcParams) => Promise<object>;

/** The standard's own codes, and the one that MCP adds for resources. */
export const rpcCodes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  resourceNotFound: -32_002,
} as const;

/** A failure that is told to the caller as it is. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  /** @param data goes into the answer beside the message; left out where undefined. */
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

/**
 * Longest text that is echoed as an id; arbitrary, UUIDs take 36, and a client could otherwise choose our answer's
 * size.
 */
const longestId = 256;
/**
 * Levels of objects and lists in one message. Arbitrary, far above what tools take, and far below what would overflow
 * the stack of a recursive serializer or validator.
 */
const deepestNesting = 64;

/**
 * Answers one message.
 * @returns nothing for a notification, whatever it says: nobody waits for an answer to it.
 */
export async function answerMessage(message: unknown, run: RunMethod): Promise<RpcAnswer | undefined> {
  const problem = findEnvelopeProblem(message);
  if (problem !== undefined) return failure(problem, readRpcId(message));
  const { method, params = {} } = message as { method: string; params?: RpcParams };
  if (!('id' in (message as object))) return undefined;
  const id = readRpcId(message) as RpcId;
  if (Array.isArray(params))
    return failure(new RpcError(rpcCodes.invalidParams, 'params must be an object: MCP names its parameters'), id);
  try {
    return { jsonrpc: '2.0', result: await run(method, params), id };
  } catch (error) {
    return failure(error, id);
  }
}

/** An error as it goes out; of anything but an `RpcError` no detail is told. */
export function failure(error: unknown, id: RpcId | null): RpcFailure {
  if (!(error instanceof RpcError))
    return { jsonrpc: '2.0', error: { code: rpcCodes.internalError, message: 'Internal error' }, id };
  const { code, message, data } = error;
  return { jsonrpc: '2.0', error: data === undefined ? { code, message } : { code, message, data }, id };
}

/** The error for a message in more levels than are answered; `undefined` for others. */
export function findTooDeep(message: unknown): RpcError | undefined {
  if (!isNestedDeeper(message, deepestNesting)) return undefined;
  return new RpcError(rpcCodes.invalidRequest, `Invalid request: nested deeper than ${deepestNesting} levels`);
}

function findEnvelopeProblem(message: unknown): RpcError | undefined {
  const invalid = (why: string): RpcError => new RpcError(rpcCodes.invalidRequest, `Invalid request: ${why}`);
  if (Array.isArray(message))
    return invalid('batches are not part of MCP since 2025-06-18; send one message at a time');
  if (!isObject(message)) return invalid('a message is an object');
  const tooDeep = findTooDeep(message);
  if (tooDeep !== undefined) return tooDeep;
  if (message['jsonrpc'] !== '2.0') return invalid('jsonrpc must be "2.0"');
  if (typeof message['method'] !== 'string') return invalid('method must be a string');
  if ('id' in message && readRpcId(message) === null)
    return invalid(`id must be an integer or a string of at most ${longestId} characters`);
  const { params } = message;
  if (params !== undefined && (typeof params !== 'object' || params === null))
    return invalid('params must be an object');
  return undefined;
}

/** The id where it can be given back exactly as it came, else null. */
function readRpcId(message: unknown): RpcId | null {
  if (!isObject(message)) return null;
  const { id } = message;
  if (typeof id === 'string') return id.length <= longestId ? id : null;
  // A larger number has lost digits by now, and its sender would not know it again.
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null;
}
