/**
 * HTTP to one upstream: connections that are kept and bounded, to the addresses that were checked and no others, without
 * redirects, and with a bound on what is read.
 */
import { Agent, fetch as undiciFetch } from 'undici';

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
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(options.headers)) headers.set(name, value);
    const response = await undiciFetch(url, {
      ...(init as object),
      headers: [...headers],
      redirect: 'manual',
      dispatcher: isStream(init) ? streams : agent,
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new Error('it answers with a redirect, and redirects are not followed');
    }
    return bound(response, limits.answerBytes);
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

/** The same response, whose body fails beyond the bound; of an event stream, whose events do. */
function bound(response: Response, mostBytes: number): Response {
  const { body } = response;
  if (body === null) return response;
  // The connection ends where more comes than was announced, unless it becomes more by itself.
  const announced = response.headers.has('content-encoding')
    ? Number.NaN
    : Number(response.headers.get('content-length'));
  if (announced > 0 && announced <= mostBytes) return response;
  const hasEvents = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  let bytes = 0;
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        // An event ends with an empty line; a piece with a line's end is near enough to one.
        bytes = hasEvents && piece.includes(0x0a) ? piece.length : bytes + piece.length;
        if (bytes > mostBytes) controller.error(new AnswerTooLarge(mostBytes));
        else controller.enqueue(piece);
      },
    }),
  );
  return new Response(counted, { status: response.status, statusText: response.statusText, headers: response.headers });
}
