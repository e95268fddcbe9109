/**
 * The recording of evidence: what a stopped one gives back, and that going on with a cut one loses nothing more.
 */
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { LiveSession, RecordedDuet } from '../../src/model/gate.ts';
import type { PowerHeader, PowerLine } from '../../src/store/power-file.ts';
import {
  appendPowerLine,
  readPowerFile,
  readPowerJournal,
  startPowerJournal,
  toEvidence,
  writePowerFile,
} from '../../src/store/power-file.ts';
import { UserError } from '../../src/user-error.ts';
import { imaginaryEnvironment } from '../imaginary-environment.ts';

const header: PowerHeader = {
  powerVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  environment: imaginaryEnvironment,
  tolerance: 0.02,
  falseAlarmRate: 0.01,
  screenForks: 4,
  confirmForks: 16,
};
const cell = {
  suite: 'plain',
  contender: 'honest',
  payload: 'notes',
  items: 3,
  variant: 'text',
  sink: 'bytes',
} as const;
const duet: RecordedDuet = {
  load: 'busy',
  injected: { kind: 'repeat', share: 0.05, side: 'candidate' },
  duet: {
    cell,
    stage: 'confirm',
    fork: 0,
    baseline: { status: 'ok' },
    candidate: { status: 'ok' },
    logRatio: 0.05,
    nullLogRatio: 0,
    warnings: [],
  },
};
const session: LiveSession = {
  load: 'quiet',
  injected: { kind: 'none' },
  durationMs: 5,
  verdict: 'pass',
  cells: [{ cell, verdict: 'pass' }],
};
const lines: readonly PowerLine[] = [
  { key: 'first', duet },
  { key: 'second', session },
  { key: 'third', duet },
];

const newDirectory = (): string => mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const journalOf = (directory: string): string => path.join(directory, 'gate-power.jsonl');

function recording(written: readonly PowerLine[] = lines): string {
  const directory = newDirectory();
  startPowerJournal(directory, header);
  for (const line of written) appendPowerLine(directory, line);
  return directory;
}

function problemOf(directory: string): string {
  try {
    readPowerJournal(directory);
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(directory, '');
    throw error;
  }
  return 'none';
}

describe('a recording', () => {
  it('does not exist before it is begun, and then comes back line by line', () => {
    expect(readPowerJournal(newDirectory())).toBeUndefined();
    expect(readPowerJournal(recording([]))).toEqual({ header, lines: [] });
    expect(readPowerJournal(recording())).toEqual({ header, lines });
  });

  it('may be begun in a directory that does not exist yet', () => {
    const directory = path.join(newDirectory(), 'below', 'it');
    startPowerJournal(directory, header);
    expect(readPowerJournal(directory)).toEqual({ header, lines: [] });
  });

  it('loses no more than a last line that a kill cut short', () => {
    const directory = recording();
    appendFileSync(journalOf(directory), '{"key":"fourth","du');
    expect(readPowerJournal(directory)).toEqual({ header, lines });
  });

  it('can be gone on with after a line was cut short, anywhere in it', () => {
    const next: PowerLine = { key: 'fourth', session };
    for (const cut of [1, 5, 40]) {
      const directory = recording();
      writeFileSync(journalOf(directory), readFileSync(journalOf(directory), 'utf8').slice(0, -cut));
      const found = readPowerJournal(directory);
      appendPowerLine(directory, next);
      appendPowerLine(directory, next);
      expect(readPowerJournal(directory)?.lines).toEqual([...(found?.lines ?? []), next, next]);
      // Only the line break was missing in the first case, so nothing was lost.
      expect(found?.lines).toHaveLength(cut === 1 ? 3 : 2);
    }
  });

  it('is refused where it is damaged before its last line, with the number of the line', () => {
    const directory = recording();
    const text = readFileSync(journalOf(directory), 'utf8');
    writeFileSync(journalOf(directory), text.replace('{"key":"second"', '{"key":"seco'));
    expect(problemOf(directory)).toContain('line 3 is not JSON');
  });

  it.each<[string, string, string]>([
    ['an empty file', '', 'powerVersion'],
    ['a header cut short', JSON.stringify(header).slice(0, 20), 'line 1 is not JSON'],
    ['another version', `${JSON.stringify({ ...header, powerVersion: 2 })}\n`, '/powerVersion'],
    ['a header without a tolerance', `${JSON.stringify({ ...header, tolerance: undefined })}\n`, 'tolerance'],
    [
      'a duet of no stage',
      `${JSON.stringify(header)}\n${JSON.stringify({ key: 'x', duet: { ...duet, duet: { ...duet.duet, stage: 'third' } } })}\n`,
      '/duets/0/duet/stage',
    ],
    [
      'a session without a verdict',
      `${JSON.stringify(header)}\n${JSON.stringify({ key: 'x', session: { ...session, verdict: 'fine' } })}\n`,
      '/sessions/0/verdict',
    ],
    ['a line that holds no finding', `${JSON.stringify(header)}\nnull\n`, 'line 2 is no finding'],
    ['a finding of no task', `${JSON.stringify(header)}\n${JSON.stringify({ session })}\n`, 'line 2 is no finding'],
  ])('is refused where it is %s', (_what, text, problem) => {
    const directory = newDirectory();
    writeFileSync(journalOf(directory), text);
    expect(problemOf(directory)).toContain(problem);
  });
});

describe('the evidence', () => {
  it('has duets and sessions apart, in the order of the recording', () => {
    const other: LiveSession = { ...session, durationMs: 6 };
    expect(toEvidence(header, [...lines, { key: 'fourth', session: other }])).toEqual({
      ...header,
      duets: [duet, duet],
      sessions: [session, other],
    });
  });

  it('comes back from its file with what was computed from it', () => {
    const directory = newDirectory();
    const content = { ...toEvidence(header, lines), summary: { replays: {}, live: [], injected: [], spread: {} } };
    writePowerFile(directory, content);
    expect(readPowerFile(path.join(directory, 'gate-power.json'))).toEqual(content);
  });

  it('is refused where the file is missing, no JSON or no evidence', () => {
    const file = path.join(newDirectory(), 'gate-power.json');
    expect(() => readPowerFile(file)).toThrow(
      expect.objectContaining({ code: 2, hint: expect.stringContaining('--power') }),
    );
    for (const text of ['{"powerVersion":', 'null', '{}']) {
      writeFileSync(file, text);
      expect(() => readPowerFile(file)).toThrow(UserError);
    }
  });
});
