/**
 * Lets writes happen one after the other in the order of the calls, and says no where that would take too long.
 *
 * Whoever waits leaves at its deadline and not when its turn comes, so that many writers behind a lock hear of it at
 * the same time. The queue is bounded, and so is what one caller may have in it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import { currentShare, remainingMs } from '../deadline.ts';
import { StoreUnavailableError, TooManyWritesError } from './store.ts';

/** Arbitrary: writes that may wait; with bodies at their limit they take half a gigabyte of memory. */
export const mostWaiting = 500;
/** Half of them, so that one caller cannot take all places. */
export const mostWaitingOfCaller = mostWaiting / 2;

interface WaitingWrite {
  readonly share: string | undefined;
  start(): void;
}

export type WriteQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** What fails does not stop what follows. */
export function createWriteQueue(): WriteQueue {
  const waiting: WaitingWrite[] = [];
  let isBusy = false;

  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) isBusy = false;
      else next.start();
    }
  };

  /** @throws {StoreUnavailableError} where there is no place. */
  const refuseWhereFull = (share: string | undefined): void => {
    if (
      share !== undefined &&
      waiting.reduce((count, one) => (one.share === share ? count + 1 : count), 0) >= mostWaitingOfCaller
    ) {
      throw new TooManyWritesError();
    }
    if (waiting.length < mostWaiting) return;
    throw new StoreUnavailableError(`cannot write to the database: ${waiting.length} writes wait for it already`, {
      hint: 'see what keeps it busy or locked',
    });
  };

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (!isBusy) {
      isBusy = true;
      return run(work);
    }
    const share = currentShare();
    refuseWhereFull(share);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leftMs = remainingMs();
    // Bound to this request and its deadline, since it is started by the request before it.
    const start = AsyncLocalStorage.bind(() => {
      clearTimeout(timer);
      resolve(run(work));
    });
    const own: WaitingWrite = { share, start };
    const timer =
      leftMs === Infinity
        ? undefined
        : setTimeout(() => {
            waiting.splice(waiting.indexOf(own), 1);
            reject(
              new StoreUnavailableError(
                'cannot write to the database: earlier writes took all the time that this one had',
                { hint: 'see what keeps it busy or locked' },
              ),
            );
          }, leftMs);
    waiting.push(own);
    return promise;
  };
}
