/**
 * Parameters of a method as a client sent them: read as what they should be, or refused.
 */
import { isObject } from '../../../json.ts';
import type { JsonObject } from '../../json.ts';
import { type RpcParams, rpcCodes, RpcError } from '../protocol/json-rpc.ts';

/** @throws {RpcError} where it is no text. */
export function readText(params: RpcParams, name: string): string | undefined {
  const value = params[name];
  if (value !== undefined && typeof value !== 'string') throw invalid(`${name} must be a string`);
  return value;
}

/** @throws {RpcError} where it is absent or no text. */
export function needText(params: RpcParams, name: string): string {
  const value = readText(params, name);
  if (value === undefined) throw invalid(`${name} is missing`);
  return value;
}

/** An empty object where it is absent. @throws {RpcError} where it is no object. */
export function readObject(params: RpcParams, name: string): JsonObject {
  const { [name]: value = {} } = params;
  if (!isObject(value)) throw invalid(`${name} must be an object`);
  return value;
}

/** The error for parameters that a method cannot work with. */
export function invalid(message: string): RpcError {
  return new RpcError(rpcCodes.invalidParams, message);
}
