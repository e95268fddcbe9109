/**
 * The process that looks at one cell once: imports one contender, checks it, takes sizes or looks at what it writes,
 * reports and ends. What is timed is measured by ensemble-worker.ts.
 *
 * Started by fork.ts with the job as its only argument; without one it says that it can start, which a runtime has to
 * show first. One contender a process, because contenders in one process change each other's hidden classes and inline
 * caches.
 */
import { readFileSync } from 'node:fs';

import { nativeTypes } from '../../corpus/uuid.ts';
import type { Serializer } from '../../model/contender.ts';
import type { TypeInput } from '../../model/payload.ts';
import type { ObservationSuite } from '../../model/suite.ts';
import { endWithParent, takeJob, tellParent } from '../../process/parent.ts';
import { checkOutput } from './check.ts';
import { findCollector } from './collector.ts';
import { compressOutput } from './compress.ts';
import type { Job, WorkerMessage, WorkerOutcome } from '../job.ts';
import { observe } from './observe.ts';
import type { Compile, SerializeOrLayout } from './prepare.ts';
import { checkSerializer, compileInput, loadContender, firstLineOf, readCorpus } from './prepare.ts';

const collect = findCollector().all;

const givenJob = takeJob() as Job | undefined;

endWithParent();
// The channel alone must not keep a process that has nothing left to do.
process.channel?.unref();

try {
  send({ type: 'outcome', outcome: givenJob === undefined ? { status: 'ok' } : await carryOut(givenJob) });
} catch (error) {
  send({ type: 'outcome', outcome: { status: 'failed', reason: `threw: ${firstLineOf(error)}` } });
}

async function carryOut(job: Job): Promise<WorkerOutcome> {
  if (job.writtenPath !== undefined) return measureWritten(job.writtenPath);
  const loaded = await loadContender(job.contenderUrl);
  if ('status' in loaded) return loaded;
  if (loaded.kind === 'parse')
    return { status: 'unsupported', reason: `a parser has no cell of the method ${job.method}` };
  return job.method === 'size'
    ? measureSize(job, loaded.contender, loaded.compile)
    : observeInputs(job, loaded.contender, loaded.compile);
}

async function measureSize(
  job: Job,
  contender: SerializeOrLayout,
  compile: Compile<Serializer>,
): Promise<WorkerOutcome> {
  const corpus = await readCorpus(job);
  const serializer = compile(compileInput(job, corpus.schema));
  const checked = checkSerializer({ job, equality: contender.equality, serializer, corpus });
  if ('status' in checked) return checked;
  // A copy, since an encoder may hand out a view of a buffer that it writes to again.
  const output = Buffer.from(checked.operate(corpus.values[0]));
  const reason = checkOutput(output, checked.form, corpus.readAgain(0));
  if (reason !== undefined) return { status: 'incorrect', reason };
  return { status: 'ok', size: { outputBytes: output.length, encoded: compressOutput({ output, collect }) } };
}

/** An output of another program, which has checked it, behind the same encodings as every other one. */
function measureWritten(writtenPath: string): WorkerOutcome {
  const output = readFileSync(writtenPath);
  return { status: 'ok', size: { outputBytes: output.length, encoded: compressOutput({ output, collect }) } };
}

async function observeInputs(
  job: Job,
  contender: SerializeOrLayout,
  compile: Compile<Serializer>,
): Promise<WorkerOutcome> {
  if (job.observation === undefined) throw new Error('an observation job names no inputs');
  const { default: suite } = (await import(job.observation.suiteUrl)) as { default: ObservationSuite };
  const observations = job.observation.inputs.map(({ index }) => {
    const input = suite.inputs[index] as TypeInput;
    const observation = observe({ input, contender, compile, types: nativeTypes });
    send({ type: 'observation', index, observation });
    return observation;
  });
  return { status: 'ok', observations };
}

function send(message: WorkerMessage): void {
  // A contender may keep timers or sockets open; once the outcome is out there is nothing left to wait for.
  tellParent(message, () => {
    if (message.type === 'outcome') process.exit(0);
  });
}
