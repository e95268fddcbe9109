/**
 * Reads and writes run.json: checked against its schema both ways, written atomically.
 *
 * A reader refuses what it does not know rather than guessing: a foreign file, a newer schemaVersion, a damaged one.
 * Deliberately absent: any computation on what is in the file.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import writeFileAtomic from 'write-file-atomic';

import { runSchema } from '../model-schemas.ts';
import type { Run } from '../model.ts';
import { UserError } from '../user-error.ts';

/** The schema versions that this reader knows. */
const knownSchemaVersions: readonly number[] = [1];

export const runFileName = 'run.json';

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: false });
addFormats.default(ajv);
const validateRun = ajv.compile<Run>(runSchema);

/**
 * @returns the run in a file.
 * @throws {UserError} where the file is missing, is not JSON, is of another version or breaks the schema.
 */
export function readRun(file: string): Run {
  const content = parseJson(file, readText(file));
  const version = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version === undefined) {
    throw new UserError(`cannot read ${file}: it is not a run file, it has no schemaVersion`, {
      hint: 'name a run.json that `wirebench run` wrote',
    });
  }
  if (!knownSchemaVersions.includes(version as number)) {
    throw new UserError(
      `cannot read ${file}: its schemaVersion is ${JSON.stringify(version)}, this version of wirebench knows ${knownSchemaVersions.join(', ')}`,
      { hint: 'measure again, or read it with the wirebench that wrote it' },
    );
  }
  if (!validateRun(content)) {
    throw new UserError(`cannot read ${file}: ${firstProblem()}`, { hint: 'the file was changed or is damaged; measure again' });
  }
  return content;
}

/**
 * Writes a run as `run.json` into a directory, which is made where it is missing.
 * @returns the file's path.
 * @throws {UserError} where the directory cannot be written.
 * @throws {Error} where the run breaks its own schema, which is a bug.
 */
export function writeRun(directory: string, run: Run): string {
  if (!validateRun(run)) throw new Error(`the run breaks its own schema: ${firstProblem()}`);
  const file = path.join(directory, runFileName);
  writeText(file, `${JSON.stringify(run, null, 1)}\n`);
  return file;
}

/**
 * Writes a text file atomically: an earlier file of that name survives every failure.
 * @throws {UserError} where the file cannot be written.
 */
export function writeText(file: string, text: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileAtomic.sync(file, text);
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${(error as Error).message}`, {
      hint: 'choose another directory with --out',
      cause: error,
    });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`, {
      hint: 'measure first with `wirebench run`, or name a run file',
      cause: error,
    });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`cannot read ${file}: it is not JSON: ${(error as Error).message}`, {
      hint: 'the file is damaged; measure again',
      cause: error,
    });
  }
}

function firstProblem(): string {
  const [problem] = validateRun.errors ?? [];
  return problem === undefined ? 'it breaks the schema' : `${problem.instancePath || '/'} ${problem.message ?? 'is wrong'}`;
}
