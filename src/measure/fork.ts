/**
 * Runs one job that nobody clocks, a size or an observation, in a fresh process and turns whatever becomes of it into an
 * outcome. What is timed is measured in ensembles.
 *
 * A fork that crashes, hangs, runs out of memory or talks nonsense costs its own cell only: nothing that a worker does
 * makes this module throw.
 */
import path from 'node:path';

import type { ForkOutcome, Observation } from '../model/cell.ts';
import type { Runtime } from '../model/runtime.ts';
import { siblingModule } from '../own-files.ts';
import { runToEnd } from '../process/child.ts';
import { describeDeath, describeNonsense } from '../process/death.ts';
import { scratchVariable } from '../process/scratch-directory.ts';
import type { Job, WorkerOutcome } from './job.ts';
import { acceptOutcome, isWorkerMessage } from './job.ts';
import { runPythonJob } from './python/run-job.ts';
import { currentRuntime, startOf } from './runtimes.ts';

const workerPath = siblingModule('worker/fork-worker', import.meta.url);

/** Enough of stderr to find the reason of a crash; a worker that writes more is ended. */
const maxStderrCharacters = 1_000_000;

export interface ForkOptions {
  /** Ends the process at once when aborted. */
  readonly signal: AbortSignal;
  /** Where a runtime may put what it keeps between processes. */
  readonly scratchDirectory: string;
  /** A process without an outcome after this time is killed. */
  readonly timeLimitMs: number;
  /** What the process runs under; the runtime of this very process without it. */
  readonly runtime?: Runtime;
  /** The program that carries out the jobs of Python contenders; `python3` without it. */
  readonly interpreter?: string;
}

/**
 * Measures one job in a fresh process.
 * @returns the outcome, or `undefined` where `signal` ended the process before it had one.
 */
export async function forkJob(job: Job, options: ForkOptions): Promise<ForkOutcome | undefined> {
  const outcome = await carryOut(job, options);
  return outcome === undefined ? undefined : { cell: job.cell, round: job.round, ...outcome };
}

/**
 * Starts a worker without a job, which shows whether a runtime has all that a worker needs.
 * @returns the obstacle in words; `undefined` where there is none.
 */
export async function findObstacle(options: ForkOptions & { readonly runtime: Runtime }): Promise<string | undefined> {
  const { outcome } = await runWorker(undefined, options);
  if (outcome === undefined) return 'interrupted';
  return outcome.status === 'ok' ? undefined : `a worker ${outcome.reason ?? 'gave no reason'}`;
}

async function carryOut(job: Job, options: ForkOptions): Promise<WorkerOutcome | undefined> {
  if (job.python !== undefined) return runPython(job, options);
  if (job.method === 'observation') return observeToTheEnd(job, options);
  return (await runWorker(job, options)).outcome;
}

/**
 * Lets python3 carry a job out. A size is taken in two steps: Python writes the output into a file, and a worker like
 * any other compresses it, so that all sizes come from the same encoders.
 */
async function runPython(job: Job, options: ForkOptions): Promise<WorkerOutcome | undefined> {
  const { python: _code, ...rest } = job;
  const writtenPath =
    job.method === 'size' ? path.join(path.dirname(job.corpus?.schemaPath ?? ''), 'written-by-python') : undefined;
  const outcome = await runPythonJob(writtenPath === undefined ? job : { ...job, writtenPath }, options);
  if (outcome?.status !== 'ok' || writtenPath === undefined) return outcome;
  return (await runWorker({ ...rest, writtenPath }, options)).outcome;
}

/** Looks at every input even if some of them kill the process: the next process starts after the guilty one. */
async function observeToTheEnd(job: Job, options: ForkOptions): Promise<WorkerOutcome | undefined> {
  const observations: Observation[] = [];
  let inputs = job.observation?.inputs ?? [];
  while (inputs.length > 0) {
    const ended = await runWorker(
      { ...job, observation: { suiteUrl: job.observation?.suiteUrl ?? '', inputs } },
      options,
    );
    if (ended.outcome === undefined) return undefined;
    if (ended.outcome.status === 'ok')
      return { status: 'ok', observations: [...observations, ...(ended.outcome.observations ?? [])] };
    // Nothing was looked at and nothing can be: the library is missing.
    if (ended.outcome.status !== 'failed') return ended.outcome;
    const [guilty, ...rest] = inputs.slice(ended.observed.length);
    observations.push(...ended.observed);
    if (guilty === undefined) break;
    observations.push({ input: guilty.title, outcome: 'crashed', output: ended.outcome.reason ?? 'no reason given' });
    inputs = rest;
  }
  return { status: 'ok', observations };
}

interface WorkerReport {
  /** `undefined` where the process was ended by the caller's signal. */
  readonly outcome: WorkerOutcome | undefined;
  readonly observed: readonly Observation[];
}

async function runWorker(job: Job | undefined, options: ForkOptions): Promise<WorkerReport> {
  const { signal, timeLimitMs, scratchDirectory, runtime = currentRuntime() } = options;
  const start = startOf(runtime, scratchDirectory);
  const result = await runToEnd({
    command: [start.file, ...start.arguments, workerPath, ...(job === undefined ? [] : [JSON.stringify(job)])],
    env: { ...process.env, ...start.environment, [scratchVariable]: scratchDirectory },
    answersOn: 'channel',
    outputLimit: maxStderrCharacters,
    timeLimitMs,
    signal,
  });

  const messages = result.messages.filter((message) => isWorkerMessage(message));
  const observed = messages.filter((message) => message.type === 'observation').map(({ observation }) => observation);
  const report = messages.find((message) => message.type === 'outcome');
  if (report !== undefined)
    return { outcome: job === undefined ? report.outcome : acceptOutcome(job, report.outcome), observed };
  if (result.end.how === 'interrupted') return { outcome: undefined, observed };
  const nonsense = result.messages.find((message) => !isWorkerMessage(message));
  const reason =
    nonsense === undefined ? describeDeath(result, 'before it reported') : describeNonsense(JSON.stringify(nonsense));
  return { outcome: { status: 'failed', reason }, observed };
}
