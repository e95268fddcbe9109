/**
 * The thread that compiles other people's schemas and checks values by them, where that may take long.
 *
 * One job at a time; whoever waits for it ends this thread when the time is up. Deliberately absent: time limits, and
 * what becomes of an answer (checking-thread.ts).
 */
import { parentPort } from 'node:worker_threads';

import type { CheckingJob } from './checking-thread.ts';
import { mostKept } from './checking-thread.ts';
import type { Check } from './compile-schema.ts';
import { compileForArguments, findClientStumble } from './compile-schema.ts';

const kept = new Map<string, Check>();

parentPort?.on('message', (job: CheckingJob) => {
  tell({ answer: run(job) });
});
tell('ready');

function tell(message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
}

function run(job: CheckingJob): unknown {
  if (job.task === 'compile as clients do') return findClientStumble(job.schema);
  const check = kept.get(job.key) ?? compileForArguments(job.schema);
  // Deleted first, so that the one that was not used for longest is the first.
  kept.delete(job.key);
  kept.set(job.key, check);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return check(job.value);
}
