/**
 * Reads and adds to results/history/: one small JSON file a run, named by date, time and commit.
 *
 * Files are added and never changed.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { environmentSchema } from '../model-schemas/values.ts';
import type { HistoryEntry } from '../model/history.ts';
import { UserError } from '../user-error.ts';
import { defineVersionedFile } from './versioned-file.ts';

const text = { type: 'string' };
const positive = { type: 'number', exclusiveMinimum: 0 };

const cellSchema = {
  type: 'object',
  required: ['contender', 'status'],
  properties: {
    contender: text,
    status: { enum: ['ok', 'incorrect', 'unsupported', 'unavailable', 'failed'] },
    latencyNs: positive,
    outputBytes: { type: 'integer', minimum: 0 },
    ratio: positive,
    lo: positive,
    hi: positive,
  },
  dependentRequired: { lo: ['hi', 'ratio'], hi: ['lo', 'ratio'] },
};

const groupSchema = {
  type: 'object',
  required: ['suite', 'payload', 'items', 'variant', 'sink', 'cells'],
  properties: {
    suite: text,
    payload: text,
    items: { type: 'integer', minimum: 1 },
    variant: { enum: ['text', 'native'] },
    sink: { enum: ['string', 'bytes'] },
    reference: text,
    confidence: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    cells: { type: 'array', items: cellSchema },
  },
};

const historyFile = defineVersionedFile<HistoryEntry>({
  noun: 'history',
  versionField: 'historyVersion',
  knownVersions: [1],
  schema: {
    type: 'object',
    required: ['historyVersion', 'startedAt', 'seed', 'profile', 'environment', 'groups'],
    properties: {
      historyVersion: { const: 1 },
      startedAt: { type: 'string', format: 'date-time' },
      seed: { type: 'integer', minimum: 0 },
      profile: { enum: ['quick', 'standard', 'thorough'] },
      environment: environmentSchema,
      groups: { type: 'array', items: groupSchema },
    },
  },
  // A line a group: entries are kept for good, so they should be small, and a change to one still shows where it is.
  layOut: ({ groups, ...head }) =>
    `${JSON.stringify(head).slice(0, -1)},"groups":[\n${groups.map((group) => JSON.stringify(group)).join(',\n')}\n]}`,
  hints: {
    missing: 'add a run with `wirebench history --add results/latest`',
    foreign: 'a history holds files that `wirebench history --add` wrote and nothing else; move this one elsewhere',
    again: 'delete it and add its run again',
  },
});

/**
 * Every entry of a history, in the order of the files' names; other files than `.json` are passed over.
 * @returns empty where the directory is missing or has no entry.
 * @throws {UserError} where it cannot be read, or a file is no entry, is broken or of another version.
 */
export function readHistory(directory: string): HistoryEntry[] {
  if (!existsSync(directory)) return [];
  return listEntries(directory).map((name) => historyFile.read(path.join(directory, name)));
}

/**
 * Adds an entry to a history, whose directory is made where it is missing.
 * @returns the file's path.
 * @throws {UserError} where the run is in the history already, or the file cannot be written.
 * @throws {Error} where the entry breaks its own schema, which is a bug.
 */
export function addToHistory(directory: string, entry: HistoryEntry): string {
  const file = path.join(directory, nameEntry(entry));
  if (historyFile.writeNew(file, entry)) return file;
  throw new UserError(`cannot add the run of ${entry.startedAt}: ${file} has it already`, {
    hint: 'delete that file first to replace it',
  });
}

/** `2026-01-31-235959-0123456789ab.json`, in UTC; without a commit where none is known. Names sort by time. */
function nameEntry({ startedAt, environment }: HistoryEntry): string {
  const moment = new Date(startedAt).toISOString();
  const time = moment.slice(11, 19).replaceAll(':', '');
  // Whatever a run file says is a commit must not lead out of the directory.
  const commit = environment.commit?.replaceAll(/[^\w-]/g, '_').slice(0, 60);
  return `${[moment.slice(0, 10), time, ...(commit === undefined ? [] : [commit])].join('-')}.json`;
}

function listEntries(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .toSorted();
  } catch (error) {
    throw new UserError(`cannot read the history in ${directory}: ${(error as Error).message}`, {
      hint: 'name a directory with --dir',
      cause: error,
    });
  }
}
