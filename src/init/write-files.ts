/**
 * Carries a plan out: one whole file after another, each only where the project is still as the plan found it.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { writeNewText, writeText } from '../store/write-file.ts';
import { UserError } from '../user-error.ts';
import type { FilePlan } from './project.ts';

type Change = Exclude<FilePlan, { action: 'same' | 'leave' }>;

const hint = 'make the directory writable, and run it again';

/** Text of a file; undefined where there is none. @throws {UserError} where it cannot be read. */
export function readProjectFile(directory: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(directory, file), 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UserError(`cannot read ${file}: ${message}`, { hint: 'correct or move what has its name', cause: error });
  }
}

/** @throws {UserError} where a file could not be written, before anybody is asked. */
export function refuseReadOnly(directory: string, changes: readonly Change[]): void {
  for (const { path: file } of changes) {
    let place = path.dirname(path.join(directory, file));
    while (!existsSync(place)) place = path.dirname(place);
    try {
      accessSync(place, constants.W_OK);
    } catch (error) {
      throw new UserError(`cannot write ${file}: '${place}' is read-only`, { hint, cause: error });
    }
  }
}

/**
 * Writes the files in their order; each is whole or as it was.
 * @param request.onWritten told each file.
 * @throws {UserError} where a file has changed or come up meanwhile, or cannot be written; code 130 when `signal` is
 * aborted, between two files.
 */
export async function writeFiles(request: {
  directory: string;
  changes: readonly Change[];
  signal: AbortSignal;
  onWritten: (file: string) => void;
}): Promise<void> {
  const { directory, changes, signal, onWritten } = request;
  for (const change of changes) {
    // A signal is noticed between two turns of the event loop only.
    await setImmediate();
    if (signal.aborted) {
      throw new UserError(`interrupted before ${change.path} was written`, {
        code: 130,
        hint: 'the same command goes on from there',
      });
    }
    writeOne(directory, change);
    onWritten(change.path);
  }
}

function writeOne(directory: string, change: Change): void {
  const target = path.join(directory, change.path);
  if (change.action === 'create') {
    if (writeNewText(target, change.text, { hint })) return;
  } else if (readProjectFile(directory, change.path) === change.before) {
    writeText(target, change.text, { hint });
    return;
  }
  throw new UserError(`cannot write ${change.path}: somebody has changed it meanwhile`, {
    hint: 'run it again, and look at what it would change now',
  });
}
