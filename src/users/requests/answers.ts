/**
 * Whether an answer is what it should be: a status of 2xx alone hides errors of JSON-RPC, results that tools call an
 * error, empty lists and bodies that were cut off.
 */
import { isObject } from '../../json.ts';
import { readEvents } from '../../load/client/event-stream.ts';
import type { AnswerCheck } from '../../model/users.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Judgement {
  /** What is wrong with it, as failures are counted by; absent where nothing is. */
  readonly failure?: string;
  /** The body as JSON, or the message of JSON-RPC in it, where it was parsed. */
  readonly value?: unknown;
}

/**
 * Longer bodies are parsed only where their bytes hold a word that failures have: a client that parses every long list
 * measures itself. Of the others both ends are looked at. Arbitrary: parsing this much takes a tenth of a millisecond.
 */
const parsedBytes = 16_384;

/** @param request.needsValue true where later steps need something of the body. */
export function judgeAnswer(
  answer: Answer,
  { check, needsValue }: { check: AnswerCheck; needsValue: boolean },
): Judgement {
  const { status, body } = answer;
  if (status < 200 || status > 299) return { failure: `HTTP ${status}` };
  if (check === 'any' && !needsValue) return {};
  if (check === 'html') return startsHtml(body) ? {} : { failure: 'no HTML' };
  const type = String(answer.headers['content-type'] ?? '');
  const isFramed = type.startsWith('text/event-stream');
  if (!needsValue && !isFramed && body.length > parsedBytes && !isSuspicious(body))
    return endsLikeJson(body) ? {} : { failure: 'cut off' };
  const parsed = isFramed ? lastEvent(body.toString()) : parse(body.toString());
  if (parsed === undefined) return { failure: startsLikeJson(body) ? 'cut off' : 'no JSON' };
  const failure =
    check === 'rpc' || check === 'rpc-list' ? findRpcFailure(parsed.value, check) : findFailure(parsed.value, check);
  return { ...(failure === undefined ? {} : { failure }), value: parsed.value };
}

function findFailure(value: unknown, check: AnswerCheck): string | undefined {
  if (check !== 'list') return undefined;
  const items = Array.isArray(value)
    ? value
    : isObject(value)
      ? Object.values(value).find((item) => Array.isArray(item))
      : undefined;
  return items === undefined ? 'no list' : (items as unknown[]).length === 0 ? 'empty list' : undefined;
}

function findRpcFailure(message: unknown, check: 'rpc' | 'rpc-list'): string | undefined {
  if (!isObject(message)) return 'no JSON-RPC';
  const { error, result } = message;
  if (isObject(error)) return `JSON-RPC error ${String(error['code'])}`;
  if (error !== undefined && error !== null) return 'JSON-RPC error';
  if (!isObject(result)) return 'no result';
  if (result['isError'] === true) return 'isError';
  return check === 'rpc-list' ? findFailure(result, 'list') : undefined;
}

/** The last message of an event stream: that is the response, after notifications. */
function lastEvent(text: string): { value: unknown } | undefined {
  const { data, isCutOff } = readEvents(text);
  return isCutOff ? undefined : parse(data.at(-1) ?? '');
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Without one of these keys a body holds no error of JSON-RPC and no result that a tool calls one. */
function isSuspicious(body: Buffer): boolean {
  return body.includes('"error"') || body.includes('"isError"');
}

function startsHtml(body: Buffer): boolean {
  return /^\s*(?:<!doctype html|<html)/i.test(body.subarray(0, 200).toString('latin1'));
}

function startsLikeJson(body: Buffer): boolean {
  return /^\s*[[{"]/.test(body.subarray(0, 64).toString('latin1'));
}

function endsLikeJson(body: Buffer): boolean {
  return startsLikeJson(body) && /[\]}"]\s*$/.test(body.subarray(-64).toString('latin1'));
}
