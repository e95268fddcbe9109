/**
 * Whether a server that the user runs closes its connections, which decides what sends requests to it.
 *
 * autocannon sends most requests per second and does not survive a closed connection; node:http does. Of servers that
 * this program starts the settings say it.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

import type { HttpRequest } from '../../model/http.ts';
import { encodeRequest, type ServerAddress, urlOf } from '../client/http-client.ts';

/** A connection that stands idle for so long without being closed will do so between two requests of a load. */
const idleMs = 250;
/**
 * Requests that the connection has to outlive; a server that counts to more says so, or is found out while it is
 * measured.
 */
const fewestAnswers = 3;

/** What is known of the user's servers: each one is looked at once, and that is believed for the rest of a session. */
export class ConnectionHabits {
  readonly #timeoutMs: number;
  readonly #closes = new Map<string, boolean>();

  /** @param timeoutMs of one request. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @param repeated safe to be sent more than once. @returns the address with what is known of it. */
  async look(address: ServerAddress, repeated: HttpRequest): Promise<ServerAddress> {
    const closes =
      this.#closes.get(address.url) ?? (await doesClose({ address, repeated, timeoutMs: this.#timeoutMs }));
    this.#closes.set(address.url, closes);
    return closes ? { ...address, closesConnections: true } : address;
  }

  /** For a server that has closed a connection after all. @returns its address. */
  noteClosing(address: ServerAddress): ServerAddress {
    this.#closes.set(address.url, true);
    return { ...address, closesConnections: true };
  }
}

/**
 * Sends a few requests over one connection and looks what becomes of it.
 * @returns true for HTTP/1.0, an announced or observed close, and an announced number of requests a connection; false
 *   also where there was no answer, since whoever asks next says that better.
 */
async function doesClose(request: {
  address: ServerAddress;
  repeated: HttpRequest;
  timeoutMs: number;
}): Promise<boolean> {
  const { address, repeated, timeoutMs } = request;
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = address.url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
  try {
    let first: Socket | undefined;
    for (let sent = 0; sent < fewestAnswers; sent += 1) {
      const { socket, announces } = await exchange({ address, repeated, timeoutMs, agent });
      first ??= socket;
      if (announces || socket !== first) return true;
    }
    return first !== undefined && (await isClosedWhenIdle(first));
  } catch (error) {
    // A connection that is closed silently meets the next request; without any connection there is nothing to be found
    // out.
    return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
  } finally {
    agent.destroy();
  }
}

/** What failed because a connection was closed under it, in the words of a load's report. */
export function tellsOfClosing(failures: Readonly<Record<string, number>>): boolean {
  return ['connection closed', 'ECONNRESET', 'EPIPE', 'socket hang up'].some((kind) => kind in failures);
}

interface Attempt {
  readonly address: ServerAddress;
  readonly repeated: HttpRequest;
  readonly timeoutMs: number;
  readonly agent: http.Agent;
}

function exchange({ address, repeated, timeoutMs, agent }: Attempt): Promise<{ socket: Socket; announces: boolean }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ socket: Socket; announces: boolean }>();
  const { headers, body } = encodeRequest(address, repeated);
  const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
  const { request: open } = address.url.startsWith('https:') ? https : http;
  const outgoing = open(
    urlOf(address, repeated),
    { agent, method: repeated.method, headers: { ...headers, ...length } },
    (response) => {
      const { socket } = response;
      const { connection = '', 'keep-alive': keepAlive = '' } = response.headers;
      const isOld = response.httpVersion === '1.0' && !/keep-alive/i.test(connection);
      response.resume();
      response.on('error', reject);
      response.on('end', () =>
        resolve({ socket, announces: isOld || /close/i.test(connection) || /max=/i.test(String(keepAlive)) }),
      );
      response.on('close', () => reject(Object.assign(new Error('connection closed'), { code: 'ECONNRESET' })));
    },
  );
  const timer = setTimeout(() => outgoing.destroy(new Error('timeout')), timeoutMs);
  outgoing.on('error', reject);
  outgoing.on('close', () => clearTimeout(timer));
  outgoing.end(body);
  return promise;
}

async function isClosedWhenIdle(socket: Socket): Promise<boolean> {
  if (socket.destroyed || socket.readableEnded) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), idleMs);
  const tell = (): void => resolve(true);
  socket.once('end', tell).once('close', tell);
  const isClosed = await promise;
  clearTimeout(timer);
  socket.off('end', tell).off('close', tell);
  return isClosed;
}
