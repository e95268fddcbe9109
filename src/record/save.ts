/**
 * Writes recordings: one file each, whole or not at all, and never over an existing one by accident.
 *
 * Also gives a recording its name and puts several together. They are read by src/corpus.
 */
import { existsSync } from 'node:fs';

import { toOneLine } from '../foreign-text.ts';
import { isRecordingName, readRecording, recordingPath, type Recording } from '../corpus/recorded.ts';
import { writeNewText, writeText } from '../store/write-file.ts';
import { UserError } from '../user-error.ts';
import { type Catalog } from './catalog.ts';

/** Room for a suffix below the 64 characters that a name may have. */
const maxDerivedLength = 60;

/** What may happen to a recording of the same name. */
export type Existing = 'keep' | 'replace';

/**
 * A recording's name from what a source calls itself, e.g. `mcp-servers/everything` becomes `mcp-servers-everything`.
 * @throws {UserError} where nothing usable is left.
 */
export function toRecordingName(title: string): string {
  const name = title
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, maxDerivedLength)
    .replaceAll(/^-+|-+$/g, '');
  if (isRecordingName(name)) return name;
  const hint = 'give one with --name NAME';
  throw new UserError(`record: no file name can be made of "${toOneLine(title, 60)}"`, { hint });
}

/** @throws {UserError} where the name is not safe as a file name, or is taken and to be kept. */
export function checkName(request: { name: string; directory: string; existing: Existing }): void {
  const { name, existing } = request;
  if (!isRecordingName(name)) {
    throw new UserError(`record: "${name}" is no name for a recording`, {
      hint: 'use lower-case letters, digits and single hyphens, at most 64 of them, as in "my-gateway"',
    });
  }
  if (existing === 'keep' && existsSync(recordingPath(request))) throw taken(name);
}

function taken(name: string): UserError {
  return new UserError(`record: a recording "${name}" exists already`, {
    hint: 'overwrite it with --force, or choose another name with --name NAME',
  });
}

const hint = 'make the directory of recordings writable';

/**
 * Stores a catalog under a name; the directory is made where it is missing.
 * @returns the file's path.
 * @throws {UserError} for the name (`checkName`) and for a directory that cannot be written.
 */
export function saveRecording(request: {
  catalog: Omit<Catalog, 'title'>;
  name: string;
  directory: string;
  existing: Existing;
  recordedAt: Date;
}): string {
  const { catalog, name, recordedAt } = request;
  checkName(request);
  const { source, items, notes } = catalog;
  const recording: Recording = {
    schemaVersion: 1,
    name,
    recordedAt: recordedAt.toISOString(),
    source,
    ...(notes.length === 0 ? {} : { notes }),
    items,
  };
  const path = recordingPath(request);
  const text = `${JSON.stringify(recording, null, 2)}\n`;
  if (request.existing === 'replace') writeText(path, text, { hint });
  else if (!writeNewText(path, text, { hint })) throw taken(name);
  return path;
}

/** The items of several recordings, one behind the other. @throws {UserError} where one of them cannot be read. */
export function mergeRecordings(request: { names: readonly string[]; directory: string }): Omit<Catalog, 'title'> {
  const { names, directory } = request;
  const recordings = names.map((name) => readRecording({ name, directory }));
  const notes = recordings.flatMap(({ name, notes: own = [] }) => own.map((note) => `${name}: ${note}`));
  return { items: recordings.flatMap(({ items }) => items), source: { kind: 'merge', recordings: names }, notes };
}
