/**
 * The payload where the user gives none: a call of a tool that the server has, tried once before it counts.
 *
 * A server without such a tool gets `tools/list`, and one without tools `ping`, which every MCP server answers. Of two
 * servers of which one stands behind the other, the same tool is called at both, whatever it is called at each.
 */
import { toOneLine } from '../foreign-text.ts';
import { isObject, parseObject } from '../json.ts';
import { type Ask, firstAnswered, isAnswered, listTools, makeCalls, type ToolCall } from '../load/client/tool-call.ts';
import { createClient } from '../load/client/http-client.ts';
import { kindOfError, LoadFailure } from '../load/failure.ts';
import type { JsonValue } from '../model/values.ts';
import { UserError } from '../user-error.ts';
import { toRecord } from './headers.ts';
import { readMessages } from './judge.ts';
import { interruptedEarly } from './reach.ts';
import { showUrl } from './secrets.ts';
import type { Target } from './settings.ts';

/** What is sent, in words and in bytes. */
export interface ReadyPayload {
  /** E.g. `tools/call of echo`. */
  readonly title: string;
  readonly bytes: Buffer;
}

/** Of a question; a server that takes longer for one call is asked for by a payload of the user's. */
const questionLimitMs = 10_000;

/** Characters of a tool's name in a report. Arbitrary: names that people give are shorter. */
const shownName = 80;

const ping: JsonValue = { jsonrpc: '2.0', id: 1, method: 'ping' };

/**
 * Makes payloads up.
 * @param targets one server, or two of which the second stands behind the first.
 * @returns one payload for each, in their order.
 * @throws {UserError} where a server answers none of the questions, or the signal is aborted.
 */
export async function makePayloads(targets: readonly Target[], signal: AbortSignal): Promise<readonly ReadyPayload[]> {
  const sides: AskedSide[] = [];
  for (const target of targets) {
    const ask = createAsk(target, signal);
    sides.push({ target, ask, listed: await listedBy({ target, ask }) });
  }
  const calls = await findCalls(sides);
  if (calls !== undefined) {
    return calls.map(({ name, body }) => ({
      title: `tools/call of ${toOneLine(name, shownName)}`,
      bytes: toBytes(body),
    }));
  }
  if (sides.every(({ listed }) => listed !== undefined))
    return sides.map(() => ({ title: 'tools/list, since no tool can be called', bytes: toBytes(listTools) }));
  return sides.map(() => ({ title: 'ping, since it lists no tools', bytes: toBytes(ping) }));
}

interface AskedSide {
  readonly target: Target;
  readonly ask: Ask;
  /** The result of tools/list; `undefined` where the server has none. */
  readonly listed: unknown;
}

/** @throws {UserError} for a server that answers neither tools/list nor ping. */
async function listedBy({ target, ask }: Pick<AskedSide, 'target' | 'ask'>): Promise<unknown> {
  try {
    const listed = await ask(listTools);
    if (listed !== undefined) return listed;
    if ((await ask(ping)) !== undefined) return undefined;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof LoadFailure ? error.message : `it could not be asked: ${kindOfError(error)}`;
    throw cannotMakeUp(target, reason, error);
  }
  throw cannotMakeUp(target, 'it answers tools/list and ping with errors');
}

function cannotMakeUp(target: Target, reason: string, cause?: unknown): UserError {
  return new UserError(`cannot make up a payload for ${showUrl(target.url)}: ${reason}`, {
    hint: 'give one with -d, a token with --token-env, or another address with -u',
    cause,
  });
}

/** One call that is answered, or the same tool at both. */
async function findCalls(sides: readonly AskedSide[]): Promise<readonly ToolCall[] | undefined> {
  const [first, second] = sides.map((side) => ({ ...side, calls: makeCalls(side.listed) }));
  if (first === undefined) return undefined;
  if (second === undefined) {
    const call = await firstAnswered(first.ask, first.calls);
    return call === undefined ? undefined : [call];
  }
  for (const behind of second.calls) {
    const before = first.calls.find(({ name }) => isSameTool({ before: name, behind: behind.name }));
    if (before === undefined) continue;
    const [one, other] = [await isAnswered(first.ask, before), await isAnswered(second.ask, behind)];
    if (one && other) return [before, behind];
  }
  return undefined;
}

/** A gateway puts the server's name in front of a tool's, and writes both as slugs. */
export function isSameTool({ before, behind }: { before: string; behind: string }): boolean {
  const [gateways, servers] = [before, behind].map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')) as [
    string,
    string,
  ];
  return gateways === servers || gateways.endsWith(`-${servers}`);
}

/** Asks a target one question at a time. */
function createAsk({ url, headers }: Target, signal: AbortSignal): Ask {
  const address = { url: url.origin, headers: toRecord(headers) };
  return async (body) => {
    const client = createClient(address, { connections: 1, timeoutMs: questionLimitMs });
    const close = (): void => client.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      const path = url.pathname + url.search;
      const { status, body: bytes } = await client.read({ method: 'POST', path, body });
      if (status < 200 || status > 299) throw new LoadFailure(`it answered HTTP ${status} to ${methodOf(body)}`);
      return resultOf(bytes.toString(), methodOf(body));
    } catch (error) {
      if (signal.aborted) throw interruptedEarly();
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  };
}

function methodOf(body: JsonValue): string {
  const method = isObject(body) ? body['method'] : undefined;
  return typeof method === 'string' ? method : '';
}

/** @throws {LoadFailure} where it is no message at all. */
function resultOf(text: string, method: string): unknown {
  const read = readMessages(text, parseObject(text) === undefined);
  if ('kind' in read || read.messages.length === 0)
    throw new LoadFailure(`it answered ${method} with something else than JSON-RPC`);
  return read.messages.filter(isObject).find(({ result }) => result !== undefined)?.['result'];
}

function toBytes(body: JsonValue): Buffer {
  return Buffer.from(JSON.stringify(body));
}
