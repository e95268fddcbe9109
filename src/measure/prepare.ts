/**
 * Makes one cell ready inside a worker process: loads the contender, compiles, checks every value, gives the operation.
 *
 * Shared by the processes of a run and of a gate, so that both time exactly the same thing. Deliberately absent: clocks
 * on the operation (sampler.ts has them) and the parent's side of the talk.
 */
import { readFileSync } from 'node:fs';

import { toJtd } from '../corpus/jtd.ts';
import { readCatalog } from '../corpus/read-catalog.ts';
import { nativeTypes } from '../corpus/uuid.ts';
import type { CompileInput, Contender, JsonSchema, LayoutContender, Mutant, Nanoseconds, Parser, Payload, SerializeContender, Serializer } from '../model.ts';
import { completeContender } from '../registry.ts';
import { checkParsed, checkSerialized } from './check.ts';
import { showExample } from './example.ts';
import type { Job, JobCorpus, WorkerOutcome } from './job.ts';
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
    return { status: 'unavailable', reason: messageOf(error) };
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

async function prepareSerializer(job: Job, { contender, compile }: Loaded & { kind: 'serialize' }): Promise<PreparedCell | WorkerOutcome> {
  const corpus = await readCorpus(job);
  const { value: compiled, elapsedNs: compileNs } = clock(() => compile(compileInput(job, corpus.schema)));
  const serializer = job.mutantUrl === undefined ? compiled : await mutate(compiled, job.mutantUrl);
  const operation = createSerializeOperation({ serializer, sink: job.cell.sink, frame: job.corpus?.frame });
  if (typeof operation === 'string') return { status: 'unsupported', reason: operation };

  const reason = findMistake(corpus, (value, expectedText) =>
    checkSerialized({ serializer, equality: contender.equality, sink: job.cell.sink, value, expectedText }),
  );
  const [firstValue] = corpus.values;
  const example: PreparedCell['showExample'] = () => showExample({ serializer, list: job.corpus?.list, value: firstValue });
  if (reason !== undefined) return { status: 'incorrect', reason, ...example() };
  const outputBytes = meanBytes(corpus.values.map((value) => operation(value)));
  return { operate: operation, inputs: corpus.values, compileNs, outputBytes, showExample: example };
}

async function prepareParser(job: Job, { contender, compile }: Loaded & { kind: 'parse' }): Promise<PreparedCell | WorkerOutcome> {
  const corpus = await readCorpus(job);
  const { value: parser, elapsedNs: compileNs } = clock(() => compile(compileInput(job, corpus.schema)));
  const operation = createParseOperation({ parser, sink: job.cell.sink });
  if (typeof operation === 'string') return { status: 'unsupported', reason: operation };

  const { encode, parse } = operation;
  const wires = corpus.values.map((value, index) => encode(value, corpus.texts[index] as string));
  const reason = findMistake(corpus, (value, expectedText, index) =>
    checkParsed({ parser, equality: contender.equality, result: () => parse(wires[index] as string | Uint8Array), value, expectedText }),
  );
  if (reason !== undefined) return { status: 'incorrect', reason };

  const outputBytes = meanBytes(wires);
  // The values served the check; a parser's heap should hold its input alone.
  corpus.values.length = 0;
  corpus.texts.length = 0;
  return { operate: (wire) => parse(wire as string | Uint8Array), inputs: wires, compileNs, outputBytes, showExample: () => ({}) };
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

interface Corpus {
  readonly schema: JsonSchema;
  /** What a client must read, one text a catalog. */
  readonly texts: string[];
  readonly values: unknown[];
}

/** The job's catalogs as a gateway has them in memory. @throws {Error} where the job names none. */
export async function readCorpus(job: Job): Promise<Corpus> {
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

/** What a contender may use to prepare itself for the job's payload. */
export function compileInput(job: Job, schema: JsonSchema): CompileInput {
  return { schema, jtd: () => toJtd(schema), types: nativeTypes, variant: job.cell.variant };
}

/** Checks every value that is going to be timed; gives the first reason against the contender. */
export function findMistake(
  corpus: Corpus,
  check: (value: unknown, expectedText: string, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of corpus.values.entries()) {
    const reason = check(value, corpus.texts[index] as string, index);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** An error's first line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] || 'an error without a message';
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
