/**
 * Makes one cell ready inside a worker process: loads the contender, compiles, checks every value, gives the operation.
 *
 * Shared by the processes of a run and of a gate, so that both time exactly the same thing.
 */
import { readFileSync } from 'node:fs';

import { toJtd } from '../../corpus/jtd.ts';
import { readCatalog } from '../../corpus/read-catalog.ts';
import { nativeTypes } from '../../corpus/uuid.ts';
import { messageOf } from '../../foreign-text.ts';
import type {
  CompileInput,
  Contender,
  LayoutContender,
  Mutant,
  Parser,
  SerializeContender,
  Serializer,
} from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import type { JsonSchema, Nanoseconds } from '../../model/values.ts';
import { explainMissing } from '../../optional-packages.ts';
import { completeContender } from '../../registry/defaults.ts';
import { describeThrown } from '../display.ts';
import { checkOutput, checkParsed, checkSerialized, type Expected, type WrittenForm } from './check.ts';
import { showExample } from './example.ts';
import type { Job, JobCorpus, WorkerOutcome } from '../job.ts';
import { createParseOperation, createSerializeOperation } from './operations.ts';

/** A cell that is ready to be timed. */
export interface PreparedCell {
  readonly operate: (input: unknown) => unknown;
  /** At least one; the operation rotates through them. */
  readonly inputs: readonly unknown[];
  readonly compileNs: Nanoseconds;
  /** Mean over the inputs. */
  readonly outputBytes: number;
  /** For a reader; called after timing, so that nothing but the operation has run before. */
  readonly showExample: () => { readonly example?: string };
  /**
   * What is wrong with an output of the operation for the input at `index`. The truth is read from the files again, so
   * that neither it nor a value that the contender may have changed is kept alive while the clock runs.
   */
  readonly judge: (output: unknown, index: number) => string | undefined;
}

/**
 * Runs the operation once more on every input, after the clock: code that was right when it was checked may do less
 * when it is called often.
 * @returns the first reason against it.
 */
export function checkAgain({ operate, inputs, judge }: PreparedCell): string | undefined {
  for (const [index, input] of inputs.entries()) {
    const reason = judgeCall(
      () => operate(input),
      (output) => judge(output, index),
    );
    if (reason !== undefined) return tellLater(reason);
  }
  return undefined;
}

/** The reason of a check that came after the first one, which was passed. */
export function tellLater(reason: string): string {
  return `${reason} (after it was timed; before that its output was right)`;
}

export type Compile<T> = (input: CompileInput) => T;
export type SerializeOrLayout = SerializeContender | LayoutContender;

/** A loaded contender: what makes a serializer, or what makes a parser. */
export type Loaded =
  | { readonly kind: 'parse'; readonly contender: Contender; readonly compile: Compile<Parser> }
  | { readonly kind: 'serialize'; readonly contender: SerializeOrLayout; readonly compile: Compile<Serializer> };

/** Imports a contender and its library; `unavailable` where the library does not load. */
export async function loadContender(url: string): Promise<Loaded | WorkerOutcome> {
  const { default: given } = (await import(url)) as { default: Contender };
  const contender = completeContender(given);
  try {
    if (contender.kind === 'parse') return { kind: 'parse', contender, compile: await contender.load() };
    return { kind: 'serialize', contender, compile: await contender.load() };
  } catch (error) {
    const missing = contender.package === null ? undefined : explainMissing(error, contender.package);
    return { status: 'unavailable', reason: missing ?? firstLineOf(error) };
  }
}

/**
 * Loads, compiles, checks. What it did wrong before the clock started is the outcome.
 * @throws what the contender throws while it compiles or runs.
 */
export async function prepareCell(job: Job): Promise<PreparedCell | WorkerOutcome> {
  const loaded = await loadContender(job.contenderUrl);
  if ('status' in loaded) return loaded;
  return loaded.kind === 'parse' ? prepareParser(job, loaded) : prepareSerializer(job, loaded);
}

async function prepareSerializer(
  job: Job,
  { contender, compile }: Loaded & { kind: 'serialize' },
): Promise<PreparedCell | WorkerOutcome> {
  const corpus = await readCorpus(job);
  const { value: compiled, elapsedNs: compileNs } = clock(() => compile(compileInput(job, corpus.schema)));
  const serializer = job.mutantUrl === undefined ? compiled : await mutate(compiled, job.mutantUrl);
  const checked = checkSerializer({ job, equality: contender.equality, serializer, corpus });
  if ('status' in checked && checked.status === 'unsupported') return checked;
  const [firstValue] = corpus.values;
  const example: PreparedCell['showExample'] = () =>
    showExample({ serializer, list: job.corpus?.list, value: firstValue });
  if ('status' in checked) return { ...checked, ...example() };
  const { operate, form, outputBytes } = checked;
  const judge: PreparedCell['judge'] = (output, index) => checkOutput(output, form, corpus.readAgain(index));
  return { operate, inputs: corpus.values, compileNs, outputBytes, showExample: example, judge };
}

/** The operation of a serializer whose output was right for every value. */
export interface CheckedSerializer {
  readonly operate: (value: unknown) => string | Uint8Array;
  readonly form: WrittenForm;
  readonly outputBytes: number;
}

/**
 * Makes the operation and checks what it gives for every value: what is handed back is the function that was checked.
 *
 * Twice, since a contender may remember its first call. `unsupported` where the sink is out of reach, else `incorrect`.
 */
export function checkSerializer(request: {
  job: Job;
  equality: Contender['equality'];
  serializer: Serializer;
  corpus: Corpus;
}): CheckedSerializer | WorkerOutcome {
  const { job, equality, serializer, corpus } = request;
  const { sink } = job.cell;
  const frame = job.corpus?.frame;
  const operate = createSerializeOperation({ serializer, sink, frame });
  if (typeof operate === 'string') return { status: 'unsupported', reason: operate };
  const form: WrittenForm = { sink, equality, frame, decode: serializer.decode?.bind(serializer) };
  const sizes: number[] = [];
  const measured = (value: unknown): unknown => {
    const output = operate(value);
    sizes.push(bytesOf(output));
    return output;
  };
  for (let pass = 0; pass < checkPasses; pass += 1) {
    const reason = findMistake(corpus, (value, expected) =>
      checkSerialized({ operate: measured, value, form, expected }),
    );
    if (reason !== undefined) return { status: 'incorrect', reason };
  }
  return { operate, form, outputBytes: meanOf(sizes) };
}

const checkPasses = 2;

async function prepareParser(
  job: Job,
  { contender, compile }: Loaded & { kind: 'parse' },
): Promise<PreparedCell | WorkerOutcome> {
  const corpus = await readCorpus(job);
  const { value: parser, elapsedNs: compileNs } = clock(() => compile(compileInput(job, corpus.schema)));
  const operation = createParseOperation({ parser, sink: job.cell.sink });
  if (typeof operation === 'string') return { status: 'unsupported', reason: operation };

  const { equality } = contender;
  const { encode, parse } = operation;
  const operate = (wire: unknown): unknown => parse(wire as string | Uint8Array);
  const wires = corpus.values.map((value, index) => encode(value, corpus.texts[index] as string));
  for (let pass = 0; pass < checkPasses; pass += 1) {
    const reason = findMistake(corpus, (_value, expected, index) =>
      checkParsed({ parser, equality, result: () => operate(wires[index]), expected }),
    );
    if (reason !== undefined) return { status: 'incorrect', reason };
  }

  const outputBytes = meanOf(wires.map(bytesOf));
  // The values served the check; a parser's heap should hold its input alone.
  corpus.values.length = 0;
  corpus.texts.length = 0;
  const judge: PreparedCell['judge'] = (output, index) =>
    checkParsed({ parser, equality, result: () => output, expected: corpus.readAgain(index) });
  return { operate, inputs: wires, compileNs, outputBytes, showExample: () => ({}), judge };
}

async function mutate(serializer: Serializer, url: string): Promise<Serializer> {
  const { default: mutant } = (await import(url)) as { default: Mutant };
  return applyMutant(serializer, mutant);
}

/** The serializer with the mutant's work around it; the same methods. */
function applyMutant(serializer: Serializer, mutant: Mutant): Serializer {
  const before = mutant.before?.bind(mutant) ?? ((value: unknown) => value);
  const after = mutant.after?.bind(mutant) ?? (<T>(output: T): T => output);
  const stringify = serializer.stringify?.bind(serializer);
  const encode = serializer.encode?.bind(serializer);
  const decode = serializer.decode?.bind(serializer);
  return {
    ...(stringify === undefined ? {} : { stringify: (value: unknown) => after(stringify(before(value))) }),
    ...(encode === undefined ? {} : { encode: (value: unknown) => after(encode(before(value))) }),
    ...(decode === undefined ? {} : { decode }),
  };
}

export interface Corpus {
  readonly schema: JsonSchema;
  /** What a client must read, one text a catalog. */
  readonly texts: string[];
  readonly values: unknown[];
  /** A catalog as its file has it, whatever has become of the value above; the value is built where it is asked for. */
  readonly readAgain: (index: number) => Expected;
}

/** The job's catalogs as a gateway has them in memory. @throws {Error} where the job names none. */
export async function readCorpus(job: Job): Promise<Corpus> {
  const { corpus } = job;
  if (corpus === undefined) throw new Error(`a ${job.method} job names no corpus`);
  const schema = JSON.parse(readFileSync(corpus.schemaPath, 'utf8')) as JsonSchema;
  const payload = await importPayload(corpus);
  const texts = corpus.catalogPaths.map((path) => readFileSync(path, 'utf8'));
  const valueOf = (text: string): unknown => readCatalog({ text, payload, schema, variant: job.cell.variant });
  const readAgain = (index: number): Expected => {
    const text = readFileSync(corpus.catalogPaths[index] as string, 'utf8');
    return {
      text,
      get value() {
        return valueOf(text);
      },
    };
  };
  return { schema, texts, values: texts.map(valueOf), readAgain };
}

async function importPayload(corpus: JobCorpus): Promise<Pick<Payload, 'revive'>> {
  if (corpus.payloadUrl === undefined) return {};
  return ((await import(corpus.payloadUrl)) as { default: Payload }).default;
}

/** What a contender may use to prepare itself for the job's payload. */
export function compileInput(job: Job, schema: JsonSchema): CompileInput {
  return { schema, jtd: () => toJtd(schema), types: nativeTypes, variant: job.cell.variant };
}

/** Checks every value that is going to be timed; gives the first reason against the contender. */
function findMistake(
  corpus: Corpus,
  check: (value: unknown, expected: Expected, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of corpus.values.entries()) {
    const reason = check(value, { value, text: corpus.texts[index] as string }, index);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** An error's first line. */
export function firstLineOf(error: unknown): string {
  return messageOf(error).split('\n')[0] || 'an error without a message';
}

/** Zero for what is neither text nor bytes, which the check refuses. */
function bytesOf(output: unknown): number {
  if (typeof output === 'string') return Buffer.byteLength(output);
  return output instanceof Uint8Array ? output.length : 0;
}

function meanOf(sizes: readonly number[]): number {
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
}

/** What is thrown here was not thrown before, so it is a finding like a wrong output. */
function judgeCall(call: () => unknown, judge: (output: unknown) => string | undefined): string | undefined {
  let output: unknown;
  try {
    output = call();
  } catch (error) {
    return `threw: ${describeThrown(error)}`;
  }
  return judge(output);
}

function clock<T>(action: () => T): { value: T; elapsedNs: Nanoseconds } {
  const start = process.hrtime.bigint();
  const value = action();
  return { value, elapsedNs: Number(process.hrtime.bigint() - start) };
}
