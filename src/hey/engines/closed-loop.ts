/**
 * Our own engine: a process that sends over each connection as soon as its answer is there, and looks at every body.
 */
import { startLoadChild } from '../../load/child.ts';
import { LoadFailure } from '../../load/failure.ts';
import { siblingModule } from '../../own-files.ts';
import { describeNonsense } from '../../process/death.ts';
import { UserError } from '../../user-error.ts';
import type { Engine } from '../engine.ts';
import type { EngineFigures } from '../figures.ts';
import { type Command, isGeneratorMessage, toJob } from '../generator/messages.ts';
import type { HeyPlan } from '../plan.ts';

const workerPath = siblingModule('../generator/worker', import.meta.url);

/** A healthy one is ready in a fraction of this. */
const startLimitMs = 30_000;
/** A load may take as long as the user wants; this is the longest that a timer can hold. */
const longestMs = 2 ** 31 - 1;
/** What a process may take to report once it has been told to stop. Arbitrary: sorting millions takes a second. */
const reportLimitMs = 30_000;

const engine: Engine = {
  title: 'closed loop of wirebench',
  limits: [],
  check: () => {},
  async run(plan, run) {
    try {
      return await makeLoad(plan, run);
    } catch (error) {
      if (!(error instanceof LoadFailure)) throw error;
      throw new UserError(`cannot make the load: ${error.message}`, { cause: error });
    }
  },
};

export default engine;

/** @throws {LoadFailure} where the process fails. */
async function makeLoad(
  plan: HeyPlan,
  { env, signal, onProgress }: Parameters<Engine['run']>[1],
): Promise<EngineFigures> {
  const child = startLoadChild({
    name: 'the load generator',
    prefix: [],
    // Ctrl-C does not end it: it reports what it has.
    signal: new AbortController().signal,
    arguments: ['--no-warnings', workerPath],
    env,
  });
  const ready = Promise.withResolvers<void>();
  const report = Promise.withResolvers<EngineFigures>();
  const fail = (reason: string): void => {
    ready.reject(new LoadFailure(reason));
    report.reject(new LoadFailure(reason));
  };
  report.promise.catch(() => {});
  child.listen((message) => {
    if (!isGeneratorMessage(message)) fail(describeNonsense(JSON.stringify(message)));
    else if (message.type === 'ready') ready.resolve();
    else if (message.type === 'progress') onProgress(message.done);
    else if (message.type === 'report') report.resolve(message.figures);
    else fail(message.reason);
  });
  const send = (command: Command): void => child.send(command);
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    send({ type: 'stop' });
    timer = setTimeout(() => late.reject(new LoadFailure('it gave no report when it was stopped')), reportLimitMs);
  };
  try {
    await child.expect(ready.promise, { late: 'was not ready', dead: 'before it was ready', limitMs: startLimitMs });
    send(toJob(plan));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const expected = { late: 'gave no report', dead: 'while it made load', limitMs: longestMs } as const;
    return await child.expect(Promise.race([report.promise, late.promise]), expected);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    await child.kill();
  }
}
