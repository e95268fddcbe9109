/**
 * The process that measures one cell once: imports one contender, checks it, times it, reports and ends.
 *
 * Started by fork.ts with the job as its only argument; one contender a process, because contenders in one process
 * change each other's hidden classes and inline caches. Deliberately absent: any choice of what to measure.
 */
import { readFileSync } from 'node:fs';

import { readCatalog } from '../corpus/read-catalog.ts';
import { toJtd } from '../corpus/jtd.ts';
import { nativeTypes } from '../corpus/uuid.ts';
import type {
  CompileInput, Contender, JsonSchema, LayoutContender, Nanoseconds, ObservationSuite, Parser, Payload,
  SerializeContender, Serializer, TypeInput,
} from '../model.ts';
import { checkParsed, checkSerialized } from './check.ts';
import { compressOutput } from './compress.ts';
import { showExample } from './example.ts';
import type { Job, JobCorpus, WorkerMessage, WorkerOutcome } from './job.ts';
import { observe } from './observe.ts';
import { createParseOperation, createSerializeOperation } from './operations.ts';
import { measureOperation } from './sampler.ts';

const { gc } = globalThis;
if (gc === undefined) throw new Error('a worker needs --expose-gc');
const collect = (): void => {
  gc();
};

const givenJob = JSON.parse(process.argv[2] ?? '{}') as Job;
// A contender that asks for the arguments should not find ours.
process.argv.length = 2;

try {
  send({ type: 'outcome', outcome: await carryOut(givenJob) });
} catch (error) {
  send({ type: 'outcome', outcome: { status: 'failed', reason: `threw: ${messageOf(error)}` } });
}

async function carryOut(job: Job): Promise<WorkerOutcome> {
  const { default: contender } = (await import(job.contenderUrl)) as { default: Contender };
  if (contender.kind === 'parse') {
    const compile = await loadOrExplain(contender.load());
    return 'status' in compile ? compile : measureParser(job, contender.equality, compile.value);
  }
  const compile = await loadOrExplain(contender.load());
  if ('status' in compile) return compile;
  if (job.method === 'observation') return observeInputs(job, contender, compile.value);
  return job.method === 'size'
    ? measureSize(job, contender, compile.value)
    : measureSerializer(job, contender, compile.value);
}

async function loadOrExplain<T>(loading: Promise<T>): Promise<{ value: T } | WorkerOutcome> {
  try {
    return { value: await loading };
  } catch (error) {
    return { status: 'unavailable', reason: messageOf(error) };
  }
}

type Compile<T> = (input: CompileInput) => T;
type Writer = SerializeContender | LayoutContender;

async function measureSerializer(job: Job, contender: Writer, compile: Compile<Serializer>): Promise<WorkerOutcome> {
  const corpus = await readCorpus(job);
  const { value: serializer, elapsedNs: compileNs } = clock(() => compile(compileInput(job, corpus.schema)));
  const operation = createSerializeOperation({ serializer, sink: job.cell.sink, frame: job.corpus?.frame });
  if (typeof operation === 'string') return { status: 'unsupported', reason: operation };

  const reason = findMistake(corpus, (value, expectedText) =>
    checkSerialized({ serializer, equality: contender.equality, sink: job.cell.sink, value, expectedText }),
  );
  const example = (): { example?: string } => showExample({ serializer, list: job.corpus?.list, value: corpus.values[0] });
  if (reason !== undefined) return { status: 'incorrect', reason, ...example() };

  const outputBytes = meanBytes(corpus.values.map((value) => operation(value)));
  return { ...measure(job, { operation, inputs: corpus.values, compileNs, outputBytes }), ...example() };
}

async function measureParser(job: Job, equality: Contender['equality'], compile: Compile<Parser>): Promise<WorkerOutcome> {
  const corpus = await readCorpus(job);
  const { value: parser, elapsedNs: compileNs } = clock(() => compile(compileInput(job, corpus.schema)));
  const operation = createParseOperation({ parser, sink: job.cell.sink });
  if (typeof operation === 'string') return { status: 'unsupported', reason: operation };

  const { encode, parse } = operation;
  const wires = corpus.values.map((value, index) => encode(value, corpus.texts[index] as string));
  const reason = findMistake(corpus, (value, expectedText, index) =>
    checkParsed({ parser, equality, result: () => parse(wires[index] as string | Uint8Array), value, expectedText }),
  );
  if (reason !== undefined) return { status: 'incorrect', reason };

  const outputBytes = meanBytes(wires);
  // The values served the check; a parser's heap should hold its input alone.
  corpus.values.length = 0;
  corpus.texts.length = 0;
  return measure(job, { operation: parse, inputs: wires, compileNs, outputBytes });
}

function measure<T>(
  job: Job,
  request: { operation: (input: T) => unknown; inputs: readonly T[]; compileNs: Nanoseconds; outputBytes: number },
): WorkerOutcome {
  const { operation, inputs, compileNs, outputBytes } = request;
  collect();
  const measurement = measureOperation({ operate: operation, inputs, settings: job.settings, collect });
  return { status: 'ok', fork: { round: job.round, compileNs, outputBytes, ...measurement } };
}

async function measureSize(job: Job, contender: Writer, compile: Compile<Serializer>): Promise<WorkerOutcome> {
  const corpus = await readCorpus(job);
  const serializer = compile(compileInput(job, corpus.schema));
  const operation = createSerializeOperation({ serializer, sink: 'bytes', frame: job.corpus?.frame });
  if (typeof operation === 'string') return { status: 'unsupported', reason: operation };
  const reason = findMistake(corpus, (value, expectedText) =>
    checkSerialized({ serializer, equality: contender.equality, sink: 'bytes', value, expectedText }),
  );
  if (reason !== undefined) return { status: 'incorrect', reason };
  // A copy, since an encoder may hand out a view of a buffer that it writes to again.
  const output = Buffer.from(operation(corpus.values[0]) as Uint8Array);
  return { status: 'ok', size: { outputBytes: output.length, encoded: compressOutput({ output, collect }) } };
}

async function observeInputs(job: Job, contender: Writer, compile: Compile<Serializer>): Promise<WorkerOutcome> {
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

interface Corpus {
  readonly schema: JsonSchema;
  /** What a client must read, one text a catalog. */
  readonly texts: string[];
  readonly values: unknown[];
}

async function readCorpus(job: Job): Promise<Corpus> {
  const { corpus } = job;
  if (corpus === undefined) throw new Error(`a ${job.method} job names no corpus`);
  const schema = JSON.parse(readFileSync(corpus.schemaPath, 'utf8')) as JsonSchema;
  const payload = await importPayload(corpus);
  const texts = corpus.catalogPaths.map((path) => readFileSync(path, 'utf8'));
  const values = texts.map((text) => readCatalog({ text, payload, schema, variant: job.cell.variant }));
  return { schema, texts, values };
}

async function importPayload(corpus: JobCorpus): Promise<Pick<Payload, 'revive'>> {
  if (corpus.payloadUrl === undefined) return {};
  return ((await import(corpus.payloadUrl)) as { default: Payload }).default;
}

function compileInput(job: Job, schema: JsonSchema): CompileInput {
  return { schema, jtd: () => toJtd(schema), types: nativeTypes, variant: job.cell.variant };
}

/** Checks every value that is going to be timed; gives the first reason against the contender. */
function findMistake(
  corpus: Corpus,
  check: (value: unknown, expectedText: string, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of corpus.values.entries()) {
    const reason = check(value, corpus.texts[index] as string, index);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function meanBytes(outputs: readonly unknown[]): number {
  const sizes = outputs.map((output) => (typeof output === 'string' ? Buffer.byteLength(output) : (output as Uint8Array).length));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
}

function clock<T>(action: () => T): { value: T; elapsedNs: Nanoseconds } {
  const start = process.hrtime.bigint();
  const value = action();
  return { value, elapsedNs: Number(process.hrtime.bigint() - start) };
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] || 'an error without a message';
}

function send(message: WorkerMessage): void {
  // A contender may keep timers or sockets open; once the outcome is out there is nothing left to wait for.
  process.send?.(message, () => {
    if (message.type === 'outcome') process.exit(0);
  });
}
