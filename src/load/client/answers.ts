/**
 * Whether two servers answer a scenario with the same JSON, looked at before anything is timed.
 *
 * Bytes may differ: a serializer may write the same value in another way, and what it costs on the wire is a metric.
 */
import { isObject, keysOf } from '../../json.ts';
import { firstDifference } from '../../measure/difference.ts';
import type { JsonValue } from '../../model/values.ts';
import type { HttpRequest, HttpScenario } from '../../model/http.ts';
import { LoadFailure } from '../failure.ts';
import { readEvents } from './event-stream.ts';
import type { Client, WholeAnswer } from './http-client.ts';

/**
 * The answers to each of the requests, parsed, in their order.
 * @throws {LoadFailure} where one is not 2xx, no JSON, or an error of JSON-RPC.
 */
export async function readAnswers(client: Client, requests: readonly HttpRequest[]): Promise<JsonValue[]> {
  const answers: JsonValue[] = [];
  for (const request of requests) {
    const name = `${request.method} ${request.path}`;
    const answer = await client.read(request);
    const { status } = answer;
    if (status < 200 || status > 299) throw new LoadFailure(`answered HTTP ${status} to ${name}`);
    if (request.isPage === true) {
      answers.push(null);
      continue;
    }
    const value = messageOf(answer, name);
    if (request.path === '/rpc' && isObject(value) && 'error' in value)
      throw new LoadFailure(`answered ${name} with an error of JSON-RPC`);
    answers.push(client.isMcp ? without(value, ['/id']) : value);
  }
  return answers;
}

/** The id of the first entity of a kind. @throws {LoadFailure} where the server lists none. */
export async function findId(client: Client, kind: NonNullable<HttpRequest['entity']>): Promise<string> {
  const path = `/${kind}`;
  const [list] = await readAnswers(client, [{ method: 'GET', path, weight: 1 }]);
  const [first] = Array.isArray(list) ? (list as readonly JsonValue[]) : [];
  if (!isObject(first) || typeof first['id'] !== 'string') throw new LoadFailure(`lists no ${kind}`);
  return first['id'];
}

/**
 * Compares what a server answered with what the reference answered.
 * @returns the first difference in words, e.g. `GET /tools at /0/name: answered "a" where "b" was expected`;
 *   `undefined` where there is none. Values at the scenario's volatile pointers are left out.
 */
export function compareAnswers(request: {
  actual: readonly JsonValue[];
  expected: readonly JsonValue[];
  scenario: HttpScenario;
}): string | undefined {
  const { actual, expected, scenario } = request;
  for (const [index, value] of expected.entries()) {
    const [one, other] = [actual[index] ?? null, value].map((side) => without(side, scenario.volatile));
    const difference = firstDifference(one, other);
    if (difference === undefined) continue;
    const asked = scenario.requests[index];
    const name = asked === undefined ? 'the event' : `${asked.method} ${asked.path}`;
    return `${name}${difference.pointer === '' ? '' : ` at ${difference.pointer}`}: answered ${difference.actual} where ${difference.expected} was expected`;
  }
  return undefined;
}

/**
 * What an answer holds, as JSON or as the last event of a stream: a response comes after all notifications.
 * @throws {LoadFailure} for anything else.
 */
export function messageOf({ headers, body }: Pick<WholeAnswer, 'headers' | 'body'>, name: string): JsonValue {
  const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
  return parse(isStream ? (readEvents(body.toString()).data.at(-1) ?? '') : body.toString(), name);
}

function parse(text: string, name: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new LoadFailure(`answered ${name} with something else than JSON`);
  }
}

/** A copy without what stands at the pointers; only keys of objects can be taken away. */
function without(value: JsonValue, pointers: readonly string[]): JsonValue {
  return pointers.reduce((rest, pointer) => omit(rest, keysOf(pointer)), value);
}

function omit(value: JsonValue, [key, ...below]: readonly string[]): JsonValue {
  if (key === undefined || typeof value !== 'object' || value === null || Array.isArray(value) || !(key in value))
    return value;
  const { [key]: taken = null, ...rest } = value;
  return below.length === 0 ? rest : { ...rest, [key]: omit(taken, below) };
}
