/**
 * The thread that compiles other people's schemas and checks values by them, where that may take long.
 *
 * One job at a time; whoever waits for it ends this thread when the time is up (checking-thread.ts).
 */
import { parentPort } from 'node:worker_threads';

import { RecentMap } from '../../recent-map.ts';
import { type CheckingJob, mostKept } from './checking-thread.ts';
import { type Check, compileForArguments, findClientError } from './compile-schema.ts';

const kept = new RecentMap<string, Check>(mostKept);

parentPort?.on('message', (job: CheckingJob) => {
  tell({ answer: run(job) });
});
tell('ready');

function tell(message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
}

function run(job: CheckingJob): unknown {
  if (job.task === 'compile as clients do') return findClientError(job.schema);
  const check = kept.get(job.key) ?? compileForArguments(job.schema);
  kept.set(job.key, check);
  return check(job.value);
}
