/**
 * Journals: a header and then one line an outcome, each on disk before the next one is measured.
 *
 * What was stopped can be reported from its journal and resumed with it. A journal is deleted when its run.json is
 * complete, so a directory that has one holds an unfinished run. Deliberately absent: what a header and an outcome hold
 * (journal.ts, http-journal.ts), and run.json itself (run-file.ts).
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { UserError } from '../user-error.ts';
import { describeProblem } from './foreign-text.ts';

/** One kind of journal. */
interface JournalKind {
  /** The file's name without `.jsonl`. */
  readonly name: string;
  readonly headerSchema: object;
  readonly outcomeSchema: object;
  /** What to do where there is no journal, or a damaged one; imperatives without a full stop. */
  readonly hints: { readonly missing: string; readonly damaged: string };
}

/** One line: an outcome and the measuring time up to it, earlier sessions included. */
interface JournalLine<Outcome> {
  readonly elapsedMs: number;
  readonly outcome: Outcome;
}

/** An unfinished run as far as it was measured. */
export interface JournalContent<Header, Outcome> {
  readonly header: Header;
  readonly outcomes: readonly Outcome[];
  readonly elapsedMs: number;
}

/** A journal that is being written. */
export interface OpenJournal<Outcome> {
  /** @throws {UserError} where the disk does not take it. */
  append(line: JournalLine<Outcome>): void;
  /** Called when run.json is complete. */
  discard(): void;
}

interface JournalFile<Header, Outcome> {
  /** True where a directory holds an unfinished run of this kind. */
  has(directory: string): boolean;
  /**
   * Starts the journal of a new run in a directory, which is made where it is missing.
   * @returns the journal, and the new name of an earlier unfinished one, which is moved aside and not lost.
   * @throws {UserError} where the directory cannot be written.
   */
  start(directory: string, header: Header): { journal: OpenJournal<Outcome>; movedAside?: string };
  /**
   * Opens the journal of an unfinished run to go on with it; a last line that was cut off is taken out of the file.
   * @throws {UserError} where it cannot be written.
   */
  open(directory: string): OpenJournal<Outcome>;
  /**
   * Reads the journal of an unfinished run. A last line that was cut off by a kill is left out.
   * @throws {UserError} where there is no journal, or one that is damaged before its last line.
   */
  read(directory: string): JournalContent<Header, Outcome>;
}

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false });
addFormats.default(ajv);

/** Compiles the schemas once for all journals of the kind. */
export function defineJournal<Header, Outcome>(kind: JournalKind): JournalFile<Header, Outcome> {
  const { name, hints } = kind;
  const validateHeader = ajv.compile<Header>(kind.headerSchema);
  const validateLine = ajv.compile<JournalLine<Outcome>>({
    type: 'object',
    required: ['elapsedMs', 'outcome'],
    properties: { elapsedMs: { type: 'number', minimum: 0 }, outcome: kind.outcomeSchema },
  });
  const fileOf = (directory: string): string => path.join(directory, `${name}.jsonl`);
  const damaged = (file: string, number: number, problem: string): UserError =>
    new UserError(`cannot read ${file}: line ${number} is damaged: ${problem}`, { hint: hints.damaged });

  function read(directory: string): JournalContent<Header, Outcome> {
    const file = fileOf(directory);
    if (!existsSync(file)) throw new UserError(`nothing to resume in ${directory}: there is no unfinished run`, { hint: hints.missing });
    const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    const header = parseLine(first);
    if (!validateHeader(header)) throw damaged(file, 1, header === undefined ? 'it is not JSON' : describeProblem(validateHeader.errors));
    const lines: JournalLine<Outcome>[] = [];
    for (const [index, text] of rest.entries()) {
      if (text === '') continue;
      const line = parseLine(text);
      if (validateLine(line)) lines.push(line);
      else if (index < rest.length - 1) throw damaged(file, index + 2, line === undefined ? 'it is not JSON' : describeProblem(validateLine.errors));
    }
    return { header, outcomes: lines.map(({ outcome }) => outcome), elapsedMs: lines.at(-1)?.elapsedMs ?? 0 };
  }

  return {
    read,
    has: (directory) => existsSync(fileOf(directory)),
    start(directory, header) {
      const file = fileOf(directory);
      return guard(directory, () => {
        mkdirSync(directory, { recursive: true });
        const movedAside = existsSync(file) ? moveAside(directory, name) : undefined;
        writeFileSync(file, `${JSON.stringify(header)}\n`);
        return { journal: writerOf(directory, file), ...(movedAside === undefined ? {} : { movedAside }) };
      });
    },
    open(directory) {
      const file = fileOf(directory);
      guard(directory, () => endLastLine(file, (text) => validateLine(parseLine(text))));
      return writerOf(directory, file);
    },
  };
}

function writerOf<Outcome>(directory: string, file: string): OpenJournal<Outcome> {
  return {
    append(line) {
      guard(directory, () => appendFileSync(file, `${JSON.stringify(line)}\n`));
    },
    discard() {
      rmSync(file, { force: true });
    },
  };
}

/** So that the next outcome begins a line of its own and is not lost as the rest of a line that a kill cut short. */
function endLastLine(file: string, isWhole: (text: string) => boolean): void {
  const bytes = readFileSync(file);
  const start = bytes.lastIndexOf('\n') + 1;
  if (start === bytes.length) return;
  // A header stands for the whole file; whether it can be used is for the reader to say.
  if (start === 0 || isWhole(bytes.toString('utf8', start))) appendFileSync(file, '\n');
  else truncateSync(file, start);
}

function moveAside(directory: string, name: string): string {
  for (let number = 1; ; number += 1) {
    const aside = path.join(directory, `${name}-unfinished-${number}.jsonl`);
    if (existsSync(aside)) continue;
    renameSync(path.join(directory, `${name}.jsonl`), aside);
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
