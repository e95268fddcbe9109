/**
 * HTTP to one upstream: connections that are kept and bounded, to the addresses that were checked and no others, without
 * redirects, and with a bound on what is read.
 */
import { Agent, type Dispatcher, request } from 'undici';

import { type AllowedAddresses, type ResolvedAddress, type Resolve, resolveAllowed } from './addresses.ts';

export interface UpstreamConnection {
  /** As the SDK's transport calls it. */
  readonly fetch: typeof globalThis.fetch;
  /** The same for a session that opens no stream for what is about no request. */
  readonly fetchWithoutStream: typeof globalThis.fetch;
  close(this: void): Promise<void>;
}

export interface ConnectionLimits {
  /** Connections at once. */
  readonly connections: number;
  /** Bytes of one answer; an event stream has no end and is bounded by its events. */
  readonly answerBytes: number;
  /** Milliseconds to connect. */
  readonly connectMs: number;
}

/** An upstream's answer was more than is read of one. */
class AnswerTooLarge extends Error {
  constructor(bytes: number) {
    super(`the answer has more than ${bytes} bytes`);
    this.name = 'AnswerTooLarge';
  }
}

export function connectTo(
  options: { allowed: AllowedAddresses; resolve?: Resolve; headers: Readonly<Record<string, string>> },
  limits: ConnectionLimits,
): UpstreamConnection {
  const agentOf = (connections: number): Agent =>
    new Agent({
      connections,
      pipelining: 1,
      maxResponseSize: -1,
      connect: {
        timeout: limits.connectMs,
        // Called for each connection, so that what is connected to is what was checked.
        lookup(hostname, asked, callback) {
          void lookUp(hostname, options, { all: asked.all === true, give: callback as GiveAddress });
        },
      },
    });
  const agent = agentOf(limits.connections);
  // A stream lasts, and would keep a connection from calls.
  const streams = agentOf(1);

  async function ask(url: string, init: RequestInit = {}): Promise<Response> {
    // Addresses are connected to without a lookup.
    await resolveAllowed(new URL(url).hostname, options);
    const headers = { ...Object.fromEntries(new Headers(init.headers)), ...options.headers };
    // Not by fetch, which makes several streams of each small answer; it follows no redirects and unpacks nothing.
    const {
      statusCode,
      headers: given,
      body,
    } = await request(url, {
      method: init.method ?? 'GET',
      headers,
      body: (init.body ?? null) as string | null,
      signal: init.signal ?? null,
      dispatcher: isStream(init) ? streams : agent,
    });
    if (statusCode >= 300 && statusCode < 400) {
      await body.dump();
      throw new Error('it answers with a redirect, and redirects are not followed');
    }
    return toResponse({ status: statusCode, headers: toHeaders(given), body }, limits.answerBytes);
  }

  const fetch: typeof globalThis.fetch = (input, init) =>
    ask(input instanceof Request ? input.url : input.toString(), init);
  return {
    fetch,
    // As a server answers that has no such stream.
    fetchWithoutStream: async (input, init) =>
      isStream(init) ? new Response(null, { status: 405 }) : fetch(input, init),
    async close() {
      await Promise.all([agent.destroy(), streams.destroy()]);
    },
  };
}

/** Whether a client asks for the stream of its session. */
function isStream({ method = 'GET' }: RequestInit = {}): boolean {
  return method === 'GET';
}

type GiveAddress = (
  error: Error | null,
  address?: string | { address: string; family: number }[],
  family?: number,
) => void;

async function lookUp(
  hostname: string,
  options: Parameters<typeof resolveAllowed>[1],
  { all, give }: { all: boolean; give: GiveAddress },
): Promise<void> {
  let found: readonly ResolvedAddress[];
  try {
    found = await resolveAllowed(hostname, options);
  } catch (error) {
    give(error as Error);
    return;
  }
  if (all) give(null, [...found]);
  else give(null, found[0]?.address, found[0]?.family);
}

function toHeaders(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  return headers;
}

/** Statuses whose responses have no body. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/** @throws {AnswerTooLarge} for a body beyond the bound; one that is a stream of events fails where an event is. */
async function toResponse(
  { status, headers, body }: { status: number; headers: Headers; body: Dispatcher.ResponseData['body'] },
  mostBytes: number,
): Promise<Response> {
  if (headers.get('content-type')?.startsWith('text/event-stream') === true)
    return new Response(ReadableStream.from(boundEvents(body, mostBytes)), { status, headers });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new AnswerTooLarge(mostBytes);
    pieces.push(piece);
  }
  return new Response(withoutBody.has(status) ? null : Buffer.concat(pieces), { status, headers });
}

async function* boundEvents(body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body) {
    // An event ends with an empty line; a piece with a line's end is near enough to one.
    bytes = piece.includes(0x0a) ? piece.length : bytes + piece.length;
    if (bytes > mostBytes) throw new AnswerTooLarge(mostBytes);
    yield piece;
  }
}
