/**
 * Reads and writes run.json.
 *
 * Deliberately absent: what every versioned file has in common (versioned-file.ts), and any computation on the run.
 */
import path from 'node:path';

import { runSchema } from '../model-schemas.ts';
import type { Run } from '../model.ts';
import { defineVersionedFile } from './versioned-file.ts';

export { writeText } from './versioned-file.ts';

export const runFileName = 'run.json';

const runFile = defineVersionedFile<Run>({
  noun: 'run',
  versionField: 'schemaVersion',
  knownVersions: [1],
  schema: runSchema,
  hints: {
    missing: 'measure first with `wirebench run`, or name a run file',
    foreign: 'name a run.json that `wirebench run` wrote',
    again: 'measure again',
  },
});

/**
 * @returns the run in a file.
 * @throws {UserError} where the file is missing, is not JSON, is of another version or breaks the schema.
 */
export function readRun(file: string): Run {
  return runFile.read(file);
}

/**
 * Writes a run as `run.json` into a directory, which is made where it is missing.
 * @returns the file's path.
 * @throws {UserError} where the directory cannot be written.
 * @throws {Error} where the run breaks its own schema, which is a bug.
 */
export function writeRun(directory: string, run: Run): string {
  return runFile.write(path.join(directory, runFileName), run);
}
