/**
 * The pool of connections to a PostgreSQL server: lent for one piece of work each, with an end to every wait.
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

import { type Client, type PoolClient, DatabaseError, Pool } from 'pg';

import { remainingMs } from '../../deadline.ts';
import { unavailable } from './errors.ts';

/** Connections of a gateway; reads are short, so more would wait inside the database and not in front of it. */
const mostConnections = 10;
/** Milliseconds until a connection has to stand; longer than any network path that one would serve requests over. */
const connectMs = 5_000;
/**
 * Milliseconds for everything that opening does, and for its wait for a lock: another gateway may bring the same
 * database up to date, which takes a while where it is large.
 */
export const openMs = 60_000;
/** Requests that may wait for a connection; arbitrary, far more than clients that are served at once. */
const mostWaiting = 1_000;
/** Milliseconds for connections to end by themselves when the store closes. */
const closeMs = 2_000;

interface Connections {
  /** Lends a connection; what fails because of it, or has no time left, ends the connection too. */
  use<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openConnections({
  url,
  shown,
  requestTimeoutMs,
}: {
  url: string;
  shown: string;
  requestTimeoutMs: number;
}): Connections {
  // Those that are being opened too: a server that has stopped would keep them open, and this process alive.
  const sockets = new Set<Socket>();
  const openSocket = (): Socket => {
    const socket = new Socket();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const pool = new Pool({
    connectionString: url,
    max: mostConnections,
    connectionTimeoutMillis: connectMs,
    application_name: 'gateway',
    stream: openSocket,
    // The pool waits for this promise, although its types do not say so.
    onConnect: (client) => setLimits(client as Client, requestTimeoutMs) as unknown as void,
  });
  // A connection that breaks while nobody uses it is thrown away by the pool, and the next statement gets another one.
  pool.on('error', () => undefined);
  // One that breaks while it is lent fails what runs on it, or the next statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  /** Ends waiting for a connection. */
  const waiting = new Set<(error: Error) => void>();
  let closing: Promise<void> | undefined;

  async function lend(): Promise<PoolClient> {
    if (closing !== undefined) throw unavailable(shown, 'it is being closed');
    if (waiting.size >= mostWaiting) throw unavailable(shown, `${waiting.size} requests wait for it already`);
    const { promise, resolve, reject } = Promise.withResolvers<PoolClient>();
    const leftMs = remainingMs();
    if (leftMs === 0) throw unavailable(shown, 'the request has waited too long already');
    const timer =
      leftMs === Infinity
        ? undefined
        : setTimeout(() => reject(unavailable(shown, 'no connection was free in time')), leftMs);
    waiting.add(reject);
    let isSettled = false;
    pool.connect().then((client) => (isSettled ? client.release() : resolve(client)), reject);
    try {
      return await promise;
    } finally {
      isSettled = true;
      clearTimeout(timer);
      waiting.delete(reject);
    }
  }

  return {
    async use(work) {
      const client = await lend();
      const leftMs = remainingMs();
      let isLate = false;
      const timer =
        leftMs === Infinity
          ? undefined
          : setTimeout(() => {
              isLate = true;
              // Fails whatever waits on it.
              socketOf(client).destroy();
            }, leftMs);
      let broken: Error | undefined;
      try {
        return await work(client);
      } catch (error) {
        // What the server has answered leaves the connection as it was.
        if (!(error instanceof DatabaseError) || error.severity === 'FATAL') broken = error as Error;
        throw isLate ? unavailable(shown, 'it did not answer in time') : error;
      } finally {
        clearTimeout(timer);
        client.release(isLate || socketOf(client).destroyed ? true : broken);
      }
    },
    close() {
      closing ??= (async () => {
        for (const reject of waiting) reject(unavailable(shown, 'it is being closed'));
        const ended = pool.end();
        const giveUp = new AbortController();
        // Connections end by themselves when the server answers, which one that has stopped does not.
        await Promise.race([
          Promise.all([ended, ...[...sockets].map((socket) => once(socket, 'close'))]),
          wait(closeMs, undefined, { signal: giveUp.signal }),
        ]).catch(() => undefined);
        giveUp.abort();
        for (const socket of sockets) socket.destroy();
      })();
      return closing;
    },
  };
}

/** Not as parameters of the connection, which poolers between us and the server refuse. */
async function setLimits(client: Client, requestTimeoutMs: number): Promise<void> {
  // So that the server ends work by itself whose connection was ended without its noticing.
  const limits = {
    statement_timeout: requestTimeoutMs,
    lock_timeout: Math.ceil(requestTimeoutMs * 0.9),
    idle_in_transaction_session_timeout: openMs,
  };
  // A server that stops right now would keep a place in the pool for ever.
  const timer = setTimeout(() => client.connection.stream.destroy(), connectMs);
  try {
    await client.query(
      Object.entries(limits)
        .map(([name, ms]) => `SET ${name} = ${ms}`)
        .join('; '),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Beneath TLS, where there is any: ending it ends that, too. */
export function socketOf(client: PoolClient): Duplex {
  return (client as unknown as Client).connection.stream;
}
