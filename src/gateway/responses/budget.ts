/**
 * A bound on the memory of large responses: lists begin only while there is room for the most that each may read, and
 * what waits for slow readers is counted.
 *
 * A list that finds no room waits for it a while, and is then 503. A response that nobody takes for long gives its room
 * to others. Small responses, streams and bodies from the cache, of which there is one for all readers, are not
 * counted.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { Problem, unavailable } from '../http/errors.ts';
import { mostListBytes, mostPageBytes } from '../store/list-bytes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Gives back the room that this request was given to make its answer; `null` where it has none. */
    releaseRoom: (() => void) | null;
  }
}

export interface BudgetLimits {
  /** Bytes on their way, beyond which no further list begins. */
  readonly mostBytes: number;
  /** Bytes of answers that are being made; one that takes more by itself is made alone. */
  readonly mostReservedBytes: number;
  /** Lists that may wait for room, and milliseconds that each does. */
  readonly mostWaiting: number;
  readonly waitMs: number;
  /** Milliseconds that a response may take where others wait. */
  readonly takeMs: number;
}

/** Arbitrary: about thirty lists of 5,000 tools; a wait as for the database; a minute for a list over a slow line. */
const defaultLimits: BudgetLimits = {
  mostBytes: 256 * 1024 * 1024,
  mostReservedBytes: 256 * 1024 * 1024,
  mostWaiting: 1_000,
  waitMs: 5_000,
  takeMs: 60_000,
};
/** Bytes from which a response is counted: less than sockets hold anyway. */
const countedBytes = 64 * 1024;
/** What is read is in memory three times: as text of the database, as values, and as the body that is made of them. */
const copies = 3;

/** What is asked of a response that is sent: Node's own, or a test's. */
interface Sent {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

export class ResponseBudget {
  readonly #limits: BudgetLimits;
  readonly #onTheirWay = new Map<Sent, { readonly bytes: number; readonly sinceMs: number }>();
  readonly #waiting = new Set<{ readonly bytes: number; readonly begin: () => void }>();
  readonly #now: () => number;
  #bytes = 0;
  #reserved = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(limits: BudgetLimits = defaultLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Bytes on their way now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that answers in the making may take. */
  get reserved(): number {
    return this.#reserved;
  }

  /**
   * Room for an answer, before anything is read for it: what gives it back, at once where there is room.
   * @param bytes that making it may take at most.
   * @throws {Problem} 503 in the promise, where there is none soon.
   */
  reserve(bytes: number): (() => void) | Promise<() => void> {
    if (this.#waiting.size === 0 && this.#fits(bytes)) return this.#take(bytes);
    return this.#waitFor(bytes);
  }

  async #waitFor(bytes: number): Promise<() => void> {
    this.#endStuck();
    if (this.#waiting.size === 0 && this.#fits(bytes)) return this.#take(bytes);
    if (this.#waiting.size >= this.#limits.mostWaiting) throw noRoom();
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const waiting = {
      bytes,
      begin: (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(this.#take(bytes));
      },
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(waiting);
      reject(noRoom());
      // One that takes less may have waited behind it.
      this.#wake();
    }, this.#limits.waitMs);
    this.#waiting.add(waiting);
    return promise;
  }

  #fits(bytes: number): boolean {
    // The body is one of the copies; a large one alone is let through.
    const isSendable = this.#bytes === 0 || this.#bytes + bytes / copies <= this.#limits.mostBytes;
    return isSendable && (this.#reserved === 0 || this.#reserved + bytes <= this.#limits.mostReservedBytes);
  }

  #take(bytes: number): () => void {
    this.#reserved += bytes;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#reserved -= bytes;
      this.#wake();
    };
  }

  /** Counts a response until it is sent or its connection is gone. */
  count(sent: Sent, bytes: number): void {
    if (bytes >= countedBytes && !sent.destroyed && !this.#onTheirWay.has(sent)) {
      this.#onTheirWay.set(sent, { bytes, sinceMs: this.#now() });
      this.#bytes += bytes;
      sent.once('close', () => {
        this.#onTheirWay.delete(sent);
        this.#bytes -= bytes;
        this.#wake();
      });
    }
  }

  /** In the order in which they came, so that a large list is not overtaken for ever. */
  #wake(): void {
    for (const { bytes, begin } of this.#waiting) {
      if (!this.#fits(bytes)) return;
      begin();
    }
  }

  #endStuck(): void {
    const before = this.#now() - this.#limits.takeMs;
    for (const [sent, { sinceMs }] of this.#onTheirWay) if (sinceMs < before) sent.destroy();
  }
}

/** To be installed before what compresses: a body that waits for its encoder takes memory too. */
export function installResponseBudget(app: FastifyInstance, budget: ResponseBudget = new ResponseBudget()): void {
  app.decorateRequest('releaseRoom', null);
  app.addHook('preHandler', (request, reply, done) => {
    const bytes = mostBytesOf(request) * copies;
    if (bytes === 0) return done();
    const begin = (release: () => void): void => {
      request.releaseRoom = release;
      // Where the client has gone, 'close' came before and would not give the room back.
      if (reply.raw.destroyed) release();
      else reply.raw.once('close', release);
      done();
    };
    const room = budget.reserve(bytes);
    if (typeof room === 'function') begin(room);
    else room.then(begin, done);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const isShared = request.cacheEntry?.isHit === true;
    const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;
    budget.count(reply.raw, isShared || request.method === 'HEAD' ? 0 : bytes);
    request.releaseRoom?.();
    done(null, payload);
  });
}

/** Bytes that may be read for the answer: a whole list, a page, or 0 for what is about single entities. */
function mostBytesOf(request: FastifyRequest): number {
  const { endpoint, mostReadBytes } = request.routeOptions.config;
  if (endpoint === undefined) return mostReadBytes?.(request) ?? 0;
  if (endpoint.reads === undefined || endpoint.params !== undefined) return 0;
  const { include_pagination: isPaged } = request.query as { include_pagination?: unknown };
  return isPaged === true ? mostPageBytes : mostListBytes;
}

function noRoom(): Problem {
  return new Problem(503, 'too many large responses are on their way; try again later', unavailable.headers);
}
