/**
 * Work that another process is in the way of: tried again in the order in which it came, until its deadline.
 *
 * Only the first of those that wait is tried, however many they are, and between two tries the thread is free, so that
 * requests which need nothing of the database go on. So does another connection of this very process, which could never
 * end its work if the thread stood still.
 */
import { performance } from 'node:perf_hooks';

import { remainingMs } from '../../deadline.ts';
import { StoreUnavailableError } from '../store.ts';

/** Milliseconds that work without a deadline waits: longer than any transaction here takes on a slow disk. */
const patienceMs = 5_000;
/** Milliseconds between two tries. */
const pauseMs = 10;
/** Milliseconds after which other work of the process has its turn, once the way is free and many have waited. */
const turnMs = 10;
/** Arbitrary: what may wait; far more than clients that are served at once. */
const mostWaiting = 1_000;

export interface BusyQueue {
  /**
   * Does work at once or as soon as the way is free.
   * @param work changes nothing where it fails; called any number of times.
   * @throws what the work throws, and that it is busy only at the deadline. @throws {StoreUnavailableError} where too
   *   much waits already, or the queue is closed.
   */
  run<T>(work: () => T): Promise<T>;
  /** Whatever waits fails now, and so does what comes. */
  close(): void;
}

interface WaitingWork {
  readonly endsAtMs: number;
  /** Tries the work. @throws only that the database is busy; every other error goes to whoever waits. */
  attempt(): void;
  fail(error: unknown): void;
}

/** @param isBusy tells from an error whether trying again can help. */
export function createBusyQueue(isBusy: (error: unknown) => boolean): BusyQueue {
  let waiting: WaitingWork[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  /** What the database said last; it is also told to work behind the first, which was never tried. */
  let lastRefusal: unknown;

  function takeTurn(): void {
    timer = undefined;
    const beginMs = performance.now();
    while (waiting.length > 0 && performance.now() - beginMs < turnMs) {
      try {
        waiting[0]?.attempt();
      } catch (error) {
        lastRefusal = error;
        break;
      }
      waiting.shift();
    }
    const nowMs = performance.now();
    const late = waiting.filter(({ endsAtMs }) => endsAtMs <= nowMs);
    if (late.length > 0) waiting = waiting.filter(({ endsAtMs }) => endsAtMs > nowMs);
    for (const one of late) one.fail(lastRefusal);
    if (waiting.length > 0) timer = setTimeout(takeTurn, pauseMs);
  }

  return {
    async run(work) {
      if (isClosed) throw closing();
      if (waiting.length === 0) {
        try {
          return work();
        } catch (error) {
          if (!isBusy(error)) throw error;
          lastRefusal = error;
        }
      }
      if (waiting.length >= mostWaiting)
        throw new StoreUnavailableError(`cannot use the database: ${waiting.length} requests wait for it already`, {
          hint: 'see what keeps it locked',
        });
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof work>>();
      const leftMs = remainingMs();
      waiting.push({
        endsAtMs: performance.now() + (leftMs === Infinity ? patienceMs : leftMs),
        attempt() {
          try {
            resolve(work());
          } catch (error) {
            if (isBusy(error)) throw error;
            reject(error);
          }
        },
        fail: reject,
      });
      timer ??= setTimeout(takeTurn, pauseMs);
      return promise;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const one of waiting) one.fail(closing());
      waiting = [];
    },
  };
}

function closing(): StoreUnavailableError {
  return new StoreUnavailableError('cannot use the database: it is being closed', { hint: 'start the gateway again' });
}
