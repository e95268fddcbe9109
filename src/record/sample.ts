/**
 * Reads a sample that the user named: a file, a URL or a recording, with its schema and types.
 *
 * src/corpus/sample.ts makes a payload of it.
 */
import { createHash } from 'node:crypto';

import { readRecording, recordedDirectoryOf, recordedPrefix } from '../corpus/recorded.ts';
import { createSample, parseTypeRules } from '../corpus/sample.ts';
import { readUserSchema } from '../corpus/user-schema.ts';
import type { Sample } from '../model/sample.ts';
import type { Surroundings } from '../model/surroundings.ts';
import { readDocument, type ReadDocument } from './document.ts';
import { describeUrl } from './redact.ts';
import { UserError } from '../user-error.ts';

/** Where Authorization headers come from unless another variable is named. */
export const defaultAuthEnv = 'WIREBENCH_AUTHORIZATION';

export interface SampleSource {
  /** A file, a URL, or `recorded/NAME`. */
  readonly source: string;
  /** A file or a URL. */
  readonly schema?: string | undefined;
  /** As `--types` has it. */
  readonly types?: string | undefined;
}

interface SampleOptions extends SampleSource {
  /** The environment variable with the Authorization header of URLs. */
  readonly authEnv: string;
}

/** A sample with a hash of what its payload generates, by which a later session knows that it is the same. */
export interface ReadSample extends Sample {
  readonly sha256: string;
}

/** @throws {UserError} where the document, its schema or the types cannot be used. */
export async function readSample(
  { source, schema, types, authEnv }: SampleOptions,
  surroundings: Surroundings,
): Promise<ReadSample> {
  const document = await readSource(source, authEnv, surroundings);
  const read = schema === undefined ? undefined : await readSchema(schema, surroundings);
  const sample = createSample({
    ...document,
    ...(read === undefined ? {} : { schema: read.schema }),
    ...(types === undefined ? {} : { types: parseTypeRules(types) }),
  });
  const hash = createHash('sha256')
    .update(document.text)
    .update(JSON.stringify([sample.payload.schema, types ?? '']));
  return {
    ...sample,
    notes: [...(document.notes ?? []), ...(read?.notes ?? []), ...sample.notes],
    sha256: hash.digest('hex'),
  };
}

/**
 * A source as a file that is passed on may name it: an address without its query and without credentials in its path,
 * anything else as it is.
 */
export function describeSource(source: string): string {
  return /^https?:/i.test(source) && URL.canParse(source) ? describeUrl(new URL(source)) : source;
}

/**
 * The sample of an earlier run that is gone on with.
 * @throws {UserError} where it cannot be read any more, or is another one now.
 */
export async function readSampleAgain(
  sample: SampleSource & Pick<ReadSample, 'sha256'>,
  authEnv: string,
  surroundings: Surroundings,
): Promise<ReadSample> {
  const read = await readSample({ ...sample, authEnv }, surroundings);
  if (read.sha256 === sample.sha256) return read;
  throw new UserError(`cannot go on with the earlier run: its sample '${sample.source}' has changed`, {
    hint: 'start a new run',
  });
}

/**
 * The text of a document with a name for it.
 * @param source a file, a URL, or `recorded/NAME`; @param authEnv the variable with the Authorization header of URLs.
 * @throws {UserError} where it cannot be read.
 */
export async function readSource(source: string, authEnv: string, surroundings: Surroundings): Promise<ReadDocument> {
  if (source.startsWith(recordedPrefix)) {
    const name = source.slice(recordedPrefix.length);
    const { items, notes } = readRecording({ name, directory: recordedDirectoryOf(surroundings.cwd) });
    return {
      text: JSON.stringify(items),
      name,
      described: source,
      ...(notes === undefined ? {} : { notes: notes.map((note) => `when it was recorded: ${note}`) }),
    };
  }
  const authorization = surroundings.env[authEnv];
  return readDocument({
    source,
    cwd: surroundings.cwd,
    signal: surroundings.signal,
    ...(authorization === undefined ? {} : { authorization }),
  });
}

async function readSchema(source: string, surroundings: Surroundings): Promise<ReturnType<typeof readUserSchema>> {
  const { text, described } = await readDocument({ source, cwd: surroundings.cwd, signal: surroundings.signal });
  return readUserSchema(text, described);
}
