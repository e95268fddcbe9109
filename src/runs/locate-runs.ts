/**
 * Where the runs of a path are: a file, a directory, or a directory whose subdirectories hold shards.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { httpJournal } from '../store/http-journal.ts';
import { runJournal } from '../store/journal.ts';
import { runFileName } from '../store/run-file.ts';
import { usersJournal } from '../store/users-journal.ts';

/**
 * @param target absolute; it need not exist.
 * @returns the target itself, or the subdirectories with runs of a directory that has no run of its own, by name.
 */
export function locateRuns(target: string): string[] {
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory() !== true || holdsRun(target)) return [target];
  const inside = readdirSync(target)
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => path.join(target, name))
    .filter(holdsRun);
  return inside.length === 0 ? [target] : inside;
}

/** Finished or not. */
function holdsRun(directory: string): boolean {
  const journals = [runJournal, httpJournal, usersJournal];
  return existsSync(path.join(directory, runFileName)) || journals.some((journal) => journal.has(directory));
}
