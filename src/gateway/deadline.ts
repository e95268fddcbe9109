/**
 * How long the current request may still wait, wherever it waits: in a queue, for a connection, behind a lock.
 *
 * A deadline begins once and goes along with everything that the request calls, so that waiting in one place leaves
 * less for the next. It ends nothing by itself: whoever waits asks how long it may. It goes by the monotonic clock, so
 * that setting the time of day changes nothing.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

/**
 * Milliseconds for a request to wait for the database: longer than any healthy wait, shorter than most clients wait.
 */
export const defaultRequestTimeoutMs = 5_000;

interface Deadline {
  readonly endsAtMs: number;
  readonly share: (() => string) | undefined;
}

const deadlines = new AsyncLocalStorage<Deadline>();

/**
 * Does work under a deadline that begins now.
 * @param options.limitMs milliseconds, above 0; @param options.share whose share of bounded things it uses.
 */
export function withinDeadline<T>(
  options: { readonly limitMs: number; readonly share?: () => string },
  work: () => T,
): T {
  return deadlines.run({ endsAtMs: performance.now() + options.limitMs, share: options.share }, work);
}

/** Milliseconds until the deadline, at least 0; Infinity for work that has none, such as filling a database. */
export function remainingMs(): number {
  const deadline = deadlines.getStore();
  return deadline === undefined ? Infinity : Math.max(0, deadline.endsAtMs - performance.now());
}

/** Whose share of bounded things the work uses; `undefined` for work that nobody asked for. */
export function currentShare(): string | undefined {
  return deadlines.getStore()?.share?.();
}
