/**
 * Keeps the evidence for the gate while it is recorded, a line a finding, and as one file when it is shown.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { powerEvidenceSchema } from '../model-schemas/power.ts';
import type { CellSelection } from '../model/cell.ts';
import type { LiveSession, PowerEvidence, PowerSummary, RecordedDuet } from '../model/gate.ts';
import { UserError } from '../user-error.ts';
import type { MeasuredCode } from '../model/run-plan.ts';
import { describeProblem } from './problems.ts';
import { appendText, writeText } from './write-file.ts';

/** The first line of a recording: what all the others were measured with. */
export interface PowerHeader extends Omit<PowerEvidence, 'duets' | 'sessions'> {
  /** What a recording can be gone on with under; absent where a version of wirebench began it that did not say. */
  readonly plan?: { readonly seed: number; readonly selections: readonly CellSelection[]; readonly code: MeasuredCode };
}

/** One finding with the key of its task. */
export type PowerLine = { readonly key: string } & (
  | { readonly duet: RecordedDuet }
  | { readonly session: LiveSession }
);

const journalName = 'gate-power.jsonl';
export const powerFileName = 'gate-power.json';

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: false });
addFormats.default(ajv);
const validate = ajv.compile<PowerEvidence>(powerEvidenceSchema);

/**
 * Reads a recording to go on with it; a last line that was cut short is taken out of the file.
 * @returns what was recorded so far; `undefined` where nothing was.
 * @throws {UserError} for a damaged recording.
 */
export function readPowerJournal(directory: string): { header: PowerHeader; lines: PowerLine[] } | undefined {
  const file = path.join(directory, journalName);
  if (!existsSync(file)) return undefined;
  const whole = readFileSync(file, 'utf8');
  const texts = whole.split('\n').filter((text) => text !== '');
  const parsed = texts.flatMap((text, index): unknown[] => {
    try {
      return [JSON.parse(text)];
    } catch (error) {
      // The last line may have been cut short when the recording was killed.
      if (index === texts.length - 1 && index > 0) return [];
      throw new UserError(`cannot read ${file}: line ${index + 1} is not JSON`, {
        hint: 'move it aside to start anew',
        cause: error,
      });
    }
  });
  const strange = parsed.slice(1).findIndex((line) => !isFinding(line));
  if (strange >= 0)
    throw new UserError(`cannot read ${file}: line ${strange + 2} is no finding`, {
      hint: 'move it aside to start anew',
    });
  const [header, ...lines] = parsed as [PowerHeader, ...PowerLine[]];
  const problem = problemOf(toEvidence(header, lines));
  if (problem !== undefined)
    throw new UserError(`cannot read ${file}: ${problem}`, { hint: 'move it aside to start anew' });
  // So that the next finding begins a line of its own and is not lost as the rest of a line that a kill cut short.
  if (!whole.endsWith('\n')) writeText(file, parsed.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { header, lines };
}

/** Begins a recording. */
export function startPowerJournal(directory: string, header: PowerHeader): void {
  writeText(path.join(directory, journalName), `${JSON.stringify(header)}\n`);
}

/**
 * Adds one finding, which is on the disk when this returns. @throws {UserError} where the disk does not take it; those
 * before are kept.
 */
export function appendPowerLine(directory: string, line: PowerLine): void {
  appendText(path.join(directory, journalName), `${JSON.stringify(line)}\n`, {
    hint: 'what was recorded before is kept; put that right and call the same command again',
  });
}

function isFinding(line: unknown): boolean {
  if (typeof line !== 'object' || line === null) return false;
  return typeof (line as Partial<PowerLine>).key === 'string' && ('duet' in line || 'session' in line);
}

/** The recording as one piece. */
export function toEvidence(header: PowerHeader, lines: readonly PowerLine[]): PowerEvidence {
  const { plan: _plan, ...told } = { ...header };
  return {
    ...told,
    duets: lines.flatMap((line) => ('duet' in line ? [line.duet] : [])),
    sessions: lines.flatMap((line) => ('session' in line ? [line.session] : [])),
  };
}

/** Evidence with what was computed from it, which takes a while. */
export interface PowerFile extends PowerEvidence {
  readonly summary: PowerSummary;
}

/** @throws {UserError} where it cannot be written. */
export function writePowerFile(directory: string, content: PowerFile): void {
  writeText(path.join(directory, powerFileName), `${JSON.stringify(content)}\n`);
}

/** @throws {UserError} where the file is missing or is no such evidence. */
export function readPowerFile(file: string): PowerFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`, {
      hint: 'record it with `wirebench gate --power`',
      cause: error,
    });
  }
  const problem = problemOf(content);
  if (problem !== undefined) throw new UserError(`cannot read ${file}: ${problem}`, { hint: 'record it anew' });
  return content as PowerFile;
}

function problemOf(evidence: unknown): string | undefined {
  return validate(evidence) ? undefined : describeProblem(validate.errors);
}
