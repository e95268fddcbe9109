/**
 * Work on other people's schemas that may take long, in a thread beside the one that answers requests: it is ended when
 * its time is up, and so is everything that it was made to do.
 *
 * The thread starts with the first job, and is no reason for the process to go on.
 */
import { Worker } from 'node:worker_threads';

import { siblingModule } from '../../../own-files.ts';
import { RecentMap } from '../../recent-map.ts';

/** Data that a thread can be sent. */
export type CheckingJob =
  | { readonly task: 'compile as clients do'; readonly schema: unknown }
  | { readonly task: 'check a value'; readonly schema: unknown; readonly value: unknown; readonly key: string };

/** A job was ended, or never begun; the message says why, for whoever asked. */
export class CheckingEnded extends Error {
  /** It was not begun: the same job may be done later. */
  readonly isBusy: boolean;

  constructor(message: string, options: { readonly isBusy?: boolean } = {}) {
    super(message);
    this.name = 'CheckingEnded';
    this.isBusy = options.isBusy ?? false;
  }
}

export interface CheckingThread {
  /**
   * Jobs run one after the other.
   * @throws {CheckingEnded} in the promise, where the job takes longer than its time or more memory than a thread has,
   *   and where too many wait already.
   */
  run(job: CheckingJob): Promise<unknown>;
  /** Ends the thread; what waits is rejected. */
  close(): Promise<void>;
}

export interface CheckingLimits {
  /** Milliseconds of one job that compiles; not counting those that it waits. */
  readonly compileMs: number;
  /** Milliseconds of one job whose schema is compiled already. */
  readonly checkMs: number;
  /** Jobs that may wait. */
  readonly waiting: number;
}

/**
 * Arbitrary: several times what the largest schemas take that are let in, and a queue that is worked off in minutes at
 * worst.
 */
const defaultCheckingLimits: CheckingLimits = { compileMs: 5_000, checkMs: 1_000, waiting: 50 };

/** Compiled schemas that a thread keeps; arbitrary. */
export const mostKept = 200;

/** Memory of the thread in MiB; arbitrary, schemas within the limits take a tenth. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

export function createCheckingThread(limits: CheckingLimits = defaultCheckingLimits): CheckingThread {
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;
  /** Keys of schemas that this thread has compiled and keeps. */
  const compiled = new RecentMap<string, true>(mostKept);

  async function runNext(job: CheckingJob): Promise<unknown> {
    if (isClosed) throw new CheckingEnded('the gateway is stopping', { isBusy: true });
    thread ??= await startThread();
    const running = thread;
    try {
      const answer = await ask(
        running,
        job,
        job.task === 'check a value' && compiled.has(job.key) ? limits.checkMs : limits.compileMs,
      );
      if (job.task === 'check a value') compiled.set(job.key, true);
      return answer;
    } catch (error) {
      thread = undefined;
      compiled.clear();
      await running.terminate();
      throw error;
    }
  }

  return {
    run(job) {
      if (waiting >= limits.waiting)
        return Promise.reject(
          new CheckingEnded('too many schemas and arguments wait to be checked; try again later', { isBusy: true }),
        );
      waiting += 1;
      const result = last.then(() => runNext(job)).finally(() => (waiting -= 1));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      isClosed = true;
      await thread?.terminate();
    },
  };
}

async function startThread(): Promise<Worker> {
  const thread = new Worker(siblingModule('checking-worker', import.meta.url), {
    resourceLimits,
    env: {},
    execArgv: [],
  });
  // One may come after the time is up, when nobody waits for it.
  thread.on('error', () => undefined);
  // Not before it listens: a job's time is its own.
  await answerOf(thread);
  thread.unref();
  return thread;
}

async function ask(thread: Worker, job: CheckingJob, mostMs: number): Promise<unknown> {
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new CheckingEnded(`it takes longer than ${mostMs} ms`)), mostMs);
  try {
    const answered = answerOf(thread);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    thread.postMessage(job);
    const { answer } = (await Promise.race([answered, timeUp])) as { answer: unknown };
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

/** The next message. @throws {CheckingEnded} in the promise, where the thread ends first. */
function answerOf(thread: Worker): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const settle = (done: () => void): void => {
    thread.off('message', onMessage).off('error', onError).off('exit', onExit);
    done();
  };
  const onMessage = (message: unknown): void => settle(() => resolve(message));
  const onError = ({ message }: Error): void =>
    settle(() => reject(new CheckingEnded(`it needs more than a thread has: ${message}`)));
  const onExit = (): void => settle(() => reject(new CheckingEnded('its thread was ended')));
  thread.on('message', onMessage).on('error', onError).on('exit', onExit);
  return promise;
}
