/**
 * Journals: a header and then one line an outcome, each on disk before the next one is measured.
 *
 * What was stopped can be reported from its journal and resumed with it. A journal is deleted when its run.json was
 * written and read again, so a directory that has one holds an unfinished run.
 */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { measuredCodeSchema } from '../model-schemas/run-plan.ts';
import type { MeasuredCode, PlannedOptions } from '../model/run-plan.ts';
import { UserError } from '../user-error.ts';
import { describeProblem } from './problems.ts';
import { appendText, writeText } from './write-file.ts';

/** What every header has besides; absent in journals of versions that did not record it, which can be reported only. */
export interface Resumable {
  readonly code?: MeasuredCode;
  readonly options?: PlannedOptions;
  /** Present where a finished run is added to; what it had before stands in the journal, too. */
  readonly addition?: Addition;
}

/** Rounds that are measured in addition to those of a finished run. */
export interface Addition {
  /** Rounds that the finished run had. */
  readonly from: number;
}

/** The schema of that. */
export const resumableSchemas = {
  code: measuredCodeSchema,
  options: { type: 'object' },
  addition: { type: 'object', required: ['from'], properties: { from: { type: 'integer', minimum: 0 } } },
};

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
interface JournalContent<Header, Outcome> {
  readonly header: Header;
  readonly outcomes: readonly Outcome[];
  readonly elapsedMs: number;
}

/** A journal that is being written. */
export interface OpenJournal<Outcome> {
  /**
   * The line is on the disk when this returns. @throws {UserError} where the disk does not take it; the lines before
   * are kept.
   */
  append(line: JournalLine<Outcome>): void;
  /** Called when run.json was written and read again. */
  discard(): void;
}

/** What can be done with the journals of one kind. */
export interface JournalFile<Header, Outcome> {
  /** True where a directory holds an unfinished run of this kind. */
  has(directory: string): boolean;
  /**
   * Starts the journal of a new run in a directory, which is made where it is missing.
   * @param done outcomes that it begins with, and the time they took: those of a finished run that is added to.
   * @returns the journal, and the new name of an earlier unfinished one, which is moved aside and not lost.
   * @throws {UserError} where the directory cannot be written.
   */
  start(
    directory: string,
    header: Header,
    done?: Omit<JournalContent<Header, Outcome>, 'header'>,
  ): { journal: OpenJournal<Outcome>; movedAside?: string };
  /**
   * Opens the journal of an unfinished run to go on with it. What is not kept, and a last line that was cut off, is
   * taken out of the file, so that outcomes of one round always come from one session.
   * @param kept those of the outcomes read that count, in their order.
   * @throws {UserError} where it cannot be written; the journal is as it was then.
   */
  open(directory: string, kept: readonly Outcome[]): OpenJournal<Outcome>;
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

  function readLines(directory: string): { header: Header; lines: JournalLine<Outcome>[] } {
    const file = fileOf(directory);
    if (!existsSync(file))
      throw new UserError(`nothing to resume in ${directory}: there is no unfinished run`, { hint: hints.missing });
    const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    const header = parseLine(first);
    if (!validateHeader(header))
      throw damaged(file, 1, header === undefined ? 'it is not JSON' : describeProblem(validateHeader.errors));
    const lines: JournalLine<Outcome>[] = [];
    for (const [index, text] of rest.entries()) {
      if (text === '') continue;
      const line = parseLine(text);
      if (validateLine(line)) lines.push(line);
      else if (index < rest.length - 1)
        throw damaged(file, index + 2, line === undefined ? 'it is not JSON' : describeProblem(validateLine.errors));
    }
    return { header, lines };
  }

  return {
    read(directory) {
      const { header, lines } = readLines(directory);
      return { header, outcomes: lines.map(({ outcome }) => outcome), elapsedMs: elapsedOf(lines) };
    },
    has: (directory) => existsSync(fileOf(directory)),
    start(directory, header, { outcomes, elapsedMs } = { outcomes: [], elapsedMs: 0 }) {
      const file = fileOf(directory);
      const movedAside = existsSync(file) ? guard(directory, () => moveAside(directory, name)) : undefined;
      try {
        writeText(file, toText([header, ...outcomes.map((outcome) => ({ elapsedMs, outcome }))]));
      } catch (error) {
        // Where nothing new begins, what was begun before can still be gone on with.
        if (movedAside !== undefined) renameSync(movedAside, file);
        throw error;
      }
      return { journal: writerOf(file), ...(movedAside === undefined ? {} : { movedAside }) };
    },
    open(directory, kept) {
      const file = fileOf(directory);
      const { header, lines } = readLines(directory);
      const counting = new Set(kept.map((outcome) => JSON.stringify(outcome)));
      const left = lines.filter(({ outcome }) => counting.has(JSON.stringify(outcome)));
      const last = left.pop();
      // The time of what is measured again has been spent all the same.
      if (last !== undefined) left.push({ ...last, elapsedMs: elapsedOf(lines) });
      const text = toText([header, ...left]);
      if (text !== readFileSync(file, 'utf8')) writeText(file, text);
      return writerOf(file);
    },
  };
}

function toText(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function elapsedOf(lines: readonly { readonly elapsedMs: number }[]): number {
  return lines.at(-1)?.elapsedMs ?? 0;
}

const appendHint = 'what was measured before is kept; put that right and go on with --resume and the same --out';

function writerOf<Outcome>(file: string): OpenJournal<Outcome> {
  return {
    append(line) {
      appendText(file, toText([line]), { hint: appendHint });
    },
    discard() {
      rmSync(file, { force: true });
    },
  };
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
