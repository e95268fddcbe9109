/**
 * Reads a finished run for whatever shows it or compares it.
 *
 * Unfinished ones have a journal, which read-run.ts reads, too.
 */
import { reassess } from '../compare/reassess.ts';
import type { Run } from '../model/run.ts';
import { readRun } from '../store/run-file.ts';

/** The run of a file, without bounds that are not believed. @throws {UserError} as `readRun` does. */
export function readStoredRun(file: string): Run {
  return reassess(readRun(file));
}
