/**
 * Whether a server that the user runs closes its connections, which decides what sends requests to it.
 *
 * autocannon sends most requests per second and does not survive a closed connection; node:http does. Deliberately
 * absent: servers that this program starts, whose settings say it.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

import type { HttpRequest } from '../../model/http.ts';
import { encodeRequest, type Site } from '../client/http-client.ts';

/** A connection that stands idle for so long without being closed will do so between two requests of a load. */
const idleMs = 250;
/** Requests that the connection has to outlive; a server that counts to more says so, or is found out while it is measured. */
const fewestAnswers = 3;

/**
 * Sends a few requests over one connection and looks what becomes of it.
 * @param request.repeated safe to be sent more than once.
 * @returns true for HTTP/1.0, an announced or observed close, and an announced number of requests a connection; false
 *   also where there was no answer, since whoever asks next says that better.
 */
export async function doesClose(request: { site: Site; repeated: HttpRequest; timeoutMs: number }): Promise<boolean> {
  const { site, repeated, timeoutMs } = request;
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = site.url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
  try {
    let first: Socket | undefined;
    for (let sent = 0; sent < fewestAnswers; sent += 1) {
      const { socket, announces } = await exchange({ site, repeated, timeoutMs, agent });
      first ??= socket;
      if (announces || socket !== first) return true;
    }
    return first !== undefined && (await isClosedWhenIdle(first));
  } catch (error) {
    // A connection that is closed silently meets the next request; without any connection there is nothing to be found out.
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
  readonly site: Site;
  readonly repeated: HttpRequest;
  readonly timeoutMs: number;
  readonly agent: http.Agent;
}

function exchange({ site, repeated, timeoutMs, agent }: Attempt): Promise<{ socket: Socket; announces: boolean }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ socket: Socket; announces: boolean }>();
  const { headers, body } = encodeRequest(site, repeated);
  const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
  const { request: open } = site.url.startsWith('https:') ? https : http;
  const outgoing = open(
    site.url + repeated.path,
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
