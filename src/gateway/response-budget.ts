/**
 * A bound on the memory of large responses: what waits for slow readers is counted, and lists begin only while there is
 * room.
 *
 * A list that finds no room waits for it a while, and is then 503. A response that nobody takes for long gives its room to
 * others. Deliberately absent: small responses, streams, and kept bodies, of which there is one for all readers.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { Problem } from './errors.ts';

export interface BudgetLimits {
  /** Bytes on their way, beyond which no further list begins. */
  readonly mostBytes: number;
  /** Lists that may wait for room, and milliseconds that each does. */
  readonly mostWaiting: number;
  readonly waitMs: number;
  /** Milliseconds that a response may take where others wait. */
  readonly takeMs: number;
}

/** Arbitrary: some thirty lists of 5,000 tools; as long as for the database; and a minute for a list over a slow line. */
const defaultLimits: BudgetLimits = { mostBytes: 256 * 1024 * 1024, mostWaiting: 1_000, waitMs: 5_000, takeMs: 60_000 };
/** Bytes from which a response is counted: less than sockets hold anyway. */
const countedBytes = 64 * 1024;

/** What is asked of a response that is sent: Node's own, or a test's. */
interface Sent {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

export class ResponseBudget {
  readonly #limits: BudgetLimits;
  readonly #onTheirWay = new Map<Sent, { readonly bytes: number; readonly sinceMs: number }>();
  readonly #waiting = new Set<() => void>();
  readonly #now: () => number;
  #bytes = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(limits: BudgetLimits = defaultLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Bytes on their way now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** True where a list may begin at once. */
  hasRoom(): boolean {
    return this.#bytes <= this.#limits.mostBytes && this.#waiting.size === 0;
  }

  /** Resolves when a list may begin. @throws {Problem} 503 in the promise, where that is not soon. */
  async waitForRoom(): Promise<void> {
    this.#endStuck();
    if (this.hasRoom()) return;
    if (this.#waiting.size >= this.#limits.mostWaiting) throw noRoom();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(begin);
      resolve();
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(begin);
      reject(noRoom());
    }, this.#limits.waitMs);
    this.#waiting.add(begin);
    return promise;
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
    this.#wake();
  }

  /** One at a time: how much the next one takes is known when it is sent. */
  #wake(): void {
    const [next] = this.#waiting;
    if (next !== undefined && this.#bytes <= this.#limits.mostBytes) next();
  }

  #endStuck(): void {
    if (this.#bytes <= this.#limits.mostBytes) return;
    const before = this.#now() - this.#limits.takeMs;
    for (const [sent, { sinceMs }] of this.#onTheirWay) if (sinceMs < before) sent.destroy();
  }
}

/** To be installed before what compresses: a body that waits for its encoder takes memory too. */
export function installResponseBudget(app: FastifyInstance, budget: ResponseBudget = new ResponseBudget()): void {
  app.addHook('preHandler', async (request) => {
    if (!budget.hasRoom() && isLarge(request)) await budget.waitForRoom();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const isShared = request.cacheEntry?.isHit === true;
    const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;
    budget.count(reply.raw, isShared || request.method === 'HEAD' ? 0 : bytes);
    done(null, payload);
  });
}

/** Whether the answer may be of any size: lists, in all their forms. */
function isLarge({ routeOptions: { config, url }, body }: FastifyRequest): boolean {
  if (config.endpoint !== undefined) return config.endpoint.reads !== undefined && config.endpoint.params === undefined;
  if (url !== '/rpc' && url !== '/mcp') return false;
  return Array.isArray(body) || String((body as { method?: unknown } | null | undefined)?.method).endsWith('/list');
}

function noRoom(): Problem {
  return new Problem(503, 'too many large responses are on their way; try again later', { 'retry-after': '5' });
}
