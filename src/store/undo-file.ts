/**
 * Reads and writes what undoes the tuning of a host.
 */
import { existsSync, rmSync } from 'node:fs';

import { undoSchema } from '../model-schemas/tuning.ts';
import type { UndoRecord } from '../model/tuning.ts';
import { UserError } from '../user-error.ts';
import { defineVersionedFile } from './versioned-file.ts';

const undoFile = defineVersionedFile<UndoRecord>({
  noun: 'tuning',
  versionField: 'tuneVersion',
  knownVersions: [1],
  schema: undoSchema,
  hints: {
    missing: 'name the file that was used with --undo-file',
    foreign: 'name another file with --undo-file',
    again: 'name another file with --undo-file',
    unwritable: 'name another file with --undo-file',
  },
});

/**
 * @returns undefined where there is no such file.
 * @throws {UserError} where it cannot be read, is not JSON, is of another version or breaks the schema.
 */
export function readUndo(file: string): UndoRecord | undefined {
  return existsSync(file) ? undoFile.read(file) : undefined;
}

/** @throws {UserError} where it cannot be written, or is another one when it is read. */
export function writeUndo(file: string, record: UndoRecord): void {
  undoFile.write(file, record);
}

/** @throws {UserError} where it cannot be deleted. */
export function removeUndo(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (cause) {
    throw new UserError(`cannot delete ${file}: ${(cause as Error).message}`, { hint: 'delete it yourself', cause });
  }
}
