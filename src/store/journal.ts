/**
 * The journal of an unfinished run: one line a fork, on disk before the next fork starts.
 *
 * A run that is killed can be reported from it and resumed with it. It is deleted when run.json is complete, so a
 * directory that has one holds an unfinished run. Deliberately absent: run.json itself (run-file.ts).
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';

import { environmentSchema, forkOutcomeSchema } from '../model-schemas.ts';
import type { CellSelection, Environment, ForkOutcome, Profile } from '../model.ts';
import { UserError } from '../user-error.ts';

/** What has to be known to plan the same run again. */
export interface JournalHeader {
  readonly journalVersion: 1;
  readonly startedAt: string;
  readonly profile: Profile;
  readonly seed: number;
  readonly forks?: number;
  readonly selection: CellSelection;
  /** Present where a document of the user's was measured; it has to be the same one again. */
  readonly sample?: { readonly source: string; readonly schema?: string; readonly types?: string; readonly sha256: string };
  readonly environment: Environment;
}

/** One line: an outcome and the measuring time up to it, earlier sessions included. */
interface JournalLine {
  readonly elapsedMs: number;
  readonly outcome: ForkOutcome;
}

/** An unfinished run as far as it was measured. */
export interface JournalContent {
  readonly header: JournalHeader;
  readonly outcomes: readonly ForkOutcome[];
  readonly elapsedMs: number;
}

export interface Journal {
  /** @throws {UserError} where the disk does not take it. */
  append(line: JournalLine): void;
  /** Called when run.json is complete. */
  discard(): void;
}

const journalName = 'journal.jsonl';
const names = { type: 'array', items: { type: 'string' } };
const ajv = new Ajv2020({ strictTypes: false, strictRequired: false });
const validateHeader = ajv.compile<JournalHeader>({
  type: 'object',
  required: ['journalVersion', 'startedAt', 'profile', 'seed', 'selection', 'environment'],
  properties: {
    journalVersion: { const: 1 },
    startedAt: { type: 'string' },
    profile: { enum: ['quick', 'standard', 'thorough'] },
    seed: { type: 'integer' },
    forks: { type: 'integer', minimum: 1 },
    selection: {
      type: 'object',
      properties: {
        suites: names, contenders: names, payloads: names, variants: names, sinks: names, references: names,
        items: { type: 'array', items: { type: 'integer', minimum: 1 } },
      },
    },
    sample: {
      type: 'object',
      required: ['source', 'sha256'],
      properties: { source: { type: 'string' }, schema: { type: 'string' }, types: { type: 'string' }, sha256: { type: 'string' } },
    },
    environment: environmentSchema,
  },
});
const validateLine = ajv.compile<JournalLine>({
  type: 'object',
  required: ['elapsedMs', 'outcome'],
  properties: { elapsedMs: { type: 'number', minimum: 0 }, outcome: forkOutcomeSchema },
});

/** True where a directory holds an unfinished run. */
export function hasJournal(directory: string): boolean {
  return existsSync(path.join(directory, journalName));
}

/**
 * Starts the journal of a new run.
 * @returns the journal, and the new name of an earlier unfinished one, which is moved aside and not lost.
 * @throws {UserError} where the directory cannot be written.
 */
export function startJournal(directory: string, header: JournalHeader): { journal: Journal; movedAside?: string } {
  const file = path.join(directory, journalName);
  return guard(directory, () => {
    mkdirSync(directory, { recursive: true });
    const movedAside = existsSync(file) ? moveAside(directory, file) : undefined;
    writeFileSync(file, `${JSON.stringify(header)}\n`);
    return { journal: openJournal(directory), ...(movedAside === undefined ? {} : { movedAside }) };
  });
}

/** Opens the journal of an unfinished run to go on with it. */
export function openJournal(directory: string): Journal {
  const file = path.join(directory, journalName);
  return {
    append(line) {
      guard(directory, () => appendFileSync(file, `${JSON.stringify(line)}\n`));
    },
    discard() {
      rmSync(file, { force: true });
    },
  };
}

/**
 * Reads the journal of an unfinished run. A last line that was cut off by a kill is left out.
 * @throws {UserError} where there is no journal, or one that is damaged before its last line.
 */
export function readJournal(directory: string): JournalContent {
  const file = path.join(directory, journalName);
  if (!existsSync(file)) {
    throw new UserError(`nothing to resume in ${directory}: there is no unfinished run`, { hint: 'start one without --resume' });
  }
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
  const header = parseLine(first);
  if (!validateHeader(header)) throw damaged(file, 1);
  const lines: JournalLine[] = [];
  for (const [index, text] of rest.entries()) {
    if (text === '') continue;
    const line = parseLine(text);
    if (validateLine(line)) lines.push(line);
    else if (index < rest.length - 1) throw damaged(file, index + 2);
  }
  return { header, outcomes: lines.map(({ outcome }) => outcome), elapsedMs: lines.at(-1)?.elapsedMs ?? 0 };
}

function moveAside(directory: string, file: string): string {
  for (let number = 1; ; number += 1) {
    const aside = path.join(directory, `journal-unfinished-${number}.jsonl`);
    if (existsSync(aside)) continue;
    renameSync(file, aside);
    return aside;
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged(file: string, line: number): UserError {
  return new UserError(`cannot read ${file}: line ${line} is damaged`, { hint: 'start the run again without --resume' });
}

function guard<T>(directory: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UserError(`cannot write to ${directory}: ${(error as Error).message}`, {
      hint: 'choose another directory with --out',
      cause: error,
    });
  }
}
