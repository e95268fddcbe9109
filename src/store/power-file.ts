/**
 * Keeps the evidence for the gate while it is recorded, a line a finding, and as one file when it is shown.
 *
 * Deliberately absent: any computation on it.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { powerEvidenceSchema } from '../model-schemas.ts';
import type { LiveSession, PowerEvidence, RecordedDuet } from '../model.ts';
import { UserError } from '../user-error.ts';
import { writeText } from './run-file.ts';

/** The first line of a recording: what all the others were measured with. */
export type PowerHeader = Omit<PowerEvidence, 'duets' | 'sessions'>;

/** One finding with the key of its task. */
export type PowerLine = { readonly key: string } & ({ readonly duet: RecordedDuet } | { readonly session: LiveSession });

const journalName = 'gate-power.jsonl';
const evidenceName = 'gate-power.json';

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: false });
addFormats.default(ajv);
const validate = ajv.compile<PowerEvidence>(powerEvidenceSchema);

/** @returns what was recorded so far; `undefined` where nothing was. @throws {UserError} for a damaged recording. */
export function readPowerJournal(directory: string): { header: PowerHeader; lines: PowerLine[] } | undefined {
  const file = path.join(directory, journalName);
  if (!existsSync(file)) return undefined;
  const texts = readFileSync(file, 'utf8').split('\n').filter((text) => text !== '');
  const parsed = texts.flatMap((text, index): unknown[] => {
    try {
      return [JSON.parse(text)];
    } catch (error) {
      // The last line may have been cut short when the recording was killed.
      if (index === texts.length - 1 && index > 0) return [];
      throw new UserError(`cannot read ${file}: line ${index + 1} is not JSON`, { hint: 'move it aside to start anew', cause: error });
    }
  });
  const [header, ...lines] = parsed as [PowerHeader, ...PowerLine[]];
  const problem = problemOf(toEvidence(header, lines));
  if (problem !== undefined) throw new UserError(`cannot read ${file}: ${problem}`, { hint: 'move it aside to start anew' });
  return { header, lines };
}

/** Begins a recording. */
export function startPowerJournal(directory: string, header: PowerHeader): void {
  mkdirSync(directory, { recursive: true });
  appendFileSync(path.join(directory, journalName), `${JSON.stringify(header)}\n`);
}

/** Adds one finding; written before the next task starts. */
export function appendPowerLine(directory: string, line: PowerLine): void {
  appendFileSync(path.join(directory, journalName), `${JSON.stringify(line)}\n`);
}

/** The recording as one piece. */
export function toEvidence(header: PowerHeader, lines: readonly PowerLine[]): PowerEvidence {
  return {
    ...header,
    duets: lines.flatMap((line) => ('duet' in line ? [line.duet] : [])),
    sessions: lines.flatMap((line) => ('session' in line ? [line.session] : [])),
  };
}

/** @throws {UserError} where it cannot be written. */
export function writePowerEvidence(directory: string, evidence: PowerEvidence): void {
  writeText(path.join(directory, evidenceName), `${JSON.stringify(evidence)}\n`);
}

function problemOf(evidence: unknown): string | undefined {
  if (validate(evidence)) return undefined;
  const [problem] = validate.errors ?? [];
  return `${problem?.instancePath || '/'} ${problem?.message ?? 'is wrong'}`;
}
