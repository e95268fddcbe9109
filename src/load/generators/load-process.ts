/**
 * Starts the process that makes load, gives it jobs and hears from it. How load is made: worker.ts.
 */
import { siblingModule } from '../../own-files.ts';
import { describeNonsense } from '../../process/death.ts';
import { startLoadChild } from '../child.ts';
import { LoadFailure } from '../failure.ts';
import { isLoadMessage, type LoadJob, type LoadMessage, type LoadReport } from './messages.ts';

const workerPath = siblingModule('worker', import.meta.url);

/** A healthy one is ready in a fraction of this. */
const startLimitMs = 30_000;
/** Beyond what a job may take by its own numbers. */
const spareMs = 10_000;

export interface LoadProcess {
  /**
   * Makes one load.
   * @param handlers.onBegin called when the window begins, `onEnd` when it is over and requests may still be under way.
   * @throws {LoadFailure} where the process or the load fails.
   */
  run(job: LoadJob, handlers: { onBegin: () => void; onEnd: () => void }): Promise<LoadReport>;
  end(): Promise<void>;
}

/** Starts the process. @throws {LoadFailure} where it does not come up. */
export async function startLoadProcess(request: {
  prefix: readonly string[];
  signal: AbortSignal;
}): Promise<LoadProcess> {
  const { prefix, signal } = request;
  const child = startLoadChild({
    name: 'the load generator',
    prefix,
    signal,
    arguments: ['--no-warnings', workerPath],
    env: process.env,
  });
  let listener: (message: LoadMessage) => void = () => {};
  const ready = Promise.withResolvers<void>();
  let fail: (failure: LoadFailure) => void = ready.reject;
  child.listen((message) => {
    if (!isLoadMessage(message))
      fail(new LoadFailure(`the load generator ${describeNonsense(JSON.stringify(message))}`));
    else if (message.type === 'ready') ready.resolve();
    else listener(message);
  });
  try {
    await child.expect(ready.promise, { late: 'was not ready', dead: 'before it was ready', limitMs: startLimitMs });
  } catch (error) {
    await child.kill();
    throw error;
  }
  return {
    async run(job, handlers) {
      const { promise, resolve, reject } = Promise.withResolvers<LoadReport>();
      fail = reject;
      listener = (message) => {
        if (message.type === 'begin') handlers.onBegin();
        else if (message.type === 'end') handlers.onEnd();
        else if (message.type === 'report') resolve(message.report);
        else if (message.type === 'failure') reject(new LoadFailure(message.reason));
      };
      child.send(job);
      return child.expect(promise, { late: 'gave no report', dead: 'while it made load', limitMs: longestJobMs(job) });
    },
    end: () => child.kill(),
  };
}

/** What a job may take: its warm-up, its window, and one request that fails at the very end of it. */
export function longestJobMs({ settings }: Pick<LoadJob, 'settings'>): number {
  return settings.warmupMs + settings.longestWarmupMs + settings.longestMs + 2 * settings.requestTimeoutMs + spareMs;
}
