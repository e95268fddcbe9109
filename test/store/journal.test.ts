import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { ForkOutcome } from '../../src/model/cell.ts';
import type { JournalHeader } from '../../src/store/journal.ts';
import { runJournal } from '../../src/store/journal.ts';
import { failingDisk } from './failing-disk.ts';
import { imaginaryEnvironment } from '../imaginary-environment.ts';

const header: JournalHeader = {
  journalVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  profile: 'quick',
  seed: 1,
  selection: { items: [3] },
  environment: imaginaryEnvironment,
};
const outcome: ForkOutcome = {
  cell: { suite: 'plain', contender: 'honest', payload: 'notes', items: 3, variant: 'text', sink: 'bytes' },
  round: 0,
  status: 'failed',
  reason: 'for a test',
};
const newDirectory = () => mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const fileOf = (directory: string) => path.join(directory, 'journal.jsonl');

describe('the journal', () => {
  it('gives back what was appended, and the time spent so far', () => {
    const directory = newDirectory();
    const { journal } = runJournal.start(directory, header);
    journal.append({ elapsedMs: 10, outcome });
    journal.append({ elapsedMs: 25, outcome: { ...outcome, round: 1 } });
    expect(runJournal.read(directory)).toEqual({
      header,
      outcomes: [outcome, { ...outcome, round: 1 }],
      elapsedMs: 25,
    });
  });

  it('leaves out a last line that a kill cut off', () => {
    const directory = newDirectory();
    const { journal } = runJournal.start(directory, header);
    journal.append({ elapsedMs: 10, outcome });
    appendFileSync(fileOf(directory), '{"elapsedMs":11,"outco');
    expect(runJournal.read(directory).outcomes).toEqual([outcome]);
  });

  it('can be gone on with after a line was cut off, more than once', () => {
    const directory = newDirectory();
    runJournal.start(directory, header).journal.append({ elapsedMs: 10, outcome });
    for (const round of [1, 2]) {
      appendFileSync(fileOf(directory), '{"elapsedMs":11,"outco');
      runJournal
        .open(directory, runJournal.read(directory).outcomes)
        .append({ elapsedMs: 20, outcome: { ...outcome, round } });
    }
    expect(runJournal.read(directory).outcomes.map(({ round }) => round)).toEqual([0, 1, 2]);
  });

  it('keeps what counts when it is opened again, and the time that the rest has taken', () => {
    const directory = newDirectory();
    const { journal } = runJournal.start(directory, header);
    for (const round of [0, 1, 2]) journal.append({ elapsedMs: 10 * (round + 1), outcome: { ...outcome, round } });
    runJournal.open(directory, [outcome]);
    expect(runJournal.read(directory)).toEqual({ header, outcomes: [outcome], elapsedMs: 30 });
    expect(readFileSync(fileOf(directory), 'utf8').split('\n')).toHaveLength(3);
  });

  it('is as it was where the disk takes a part of a line only, and can be gone on with', () => {
    const directory = newDirectory();
    const { journal } = runJournal.start(directory, header);
    journal.append({ elapsedMs: 10, outcome });
    const before = readFileSync(fileOf(directory), 'utf8');
    const full = failingDisk({ room: 40 });
    expect(() => journal.append({ elapsedMs: 20, outcome: { ...outcome, round: 1 } })).toThrow(
      expect.objectContaining({
        code: 2,
        message: expect.stringContaining('the disk is full'),
        hint: expect.stringMatching(/kept.*--resume/),
      }),
    );
    full.restore();
    expect(readFileSync(fileOf(directory), 'utf8')).toBe(before);
    journal.append({ elapsedMs: 30, outcome: { ...outcome, round: 2 } });
    expect(runJournal.read(directory).outcomes.map(({ round }) => round)).toEqual([0, 2]);
  });

  it('stays readable where the disk does not even shorten it', () => {
    const directory = newDirectory();
    const { journal } = runJournal.start(directory, header);
    journal.append({ elapsedMs: 10, outcome });
    const full = failingDisk({ room: 40, alsoFails: ['ftruncateSync'] });
    expect(() => journal.append({ elapsedMs: 20, outcome: { ...outcome, round: 1 } })).toThrow('the disk is full');
    full.restore();
    expect(runJournal.read(directory).outcomes).toEqual([outcome]);
    runJournal.open(directory, [outcome]).append({ elapsedMs: 30, outcome: { ...outcome, round: 2 } });
    expect(runJournal.read(directory).outcomes.map(({ round }) => round)).toEqual([0, 2]);
  });

  it('counts no line that was not flushed', () => {
    const directory = newDirectory();
    const { journal } = runJournal.start(directory, header);
    const broken = failingDisk({ alsoFails: ['fsyncSync'] });
    expect(() => journal.append({ elapsedMs: 20, outcome })).toThrow('the disk reports an error');
    broken.restore();
    expect(runJournal.read(directory).outcomes).toEqual([]);
  });

  it('is not made anew where somebody has moved it away meanwhile', () => {
    const directory = newDirectory();
    const { journal } = runJournal.start(directory, header);
    renameSync(fileOf(directory), path.join(directory, 'elsewhere'));
    expect(() => journal.append({ elapsedMs: 20, outcome })).toThrow('cannot write');
    expect(runJournal.has(directory)).toBe(false);
  });

  it('leaves an unfinished one in its place where the disk has no room for a new one', () => {
    const directory = newDirectory();
    runJournal.start(directory, header).journal.append({ elapsedMs: 10, outcome });
    const full = failingDisk({ room: 0 });
    expect(() => runJournal.start(directory, header)).toThrow('the disk is full');
    full.restore();
    expect(runJournal.read(directory).outcomes).toEqual([outcome]);
    expect(readdirSync(directory)).toEqual(['journal.jsonl']);
  });

  it('refuses a file that is damaged before its last line, and names the line', () => {
    const directory = newDirectory();
    runJournal.start(directory, header);
    appendFileSync(fileOf(directory), 'rubbish\n{"elapsedMs":1}\n');
    expect(() => runJournal.read(directory)).toThrow('line 2 is damaged');
    writeFileSync(fileOf(directory), 'rubbish\n');
    expect(() => runJournal.read(directory)).toThrow('line 1 is damaged');
  });

  it('moves an unfinished one aside when a new run starts', () => {
    const directory = newDirectory();
    runJournal.start(directory, header).journal.append({ elapsedMs: 10, outcome });
    const { movedAside } = runJournal.start(directory, header);
    expect(readFileSync(movedAside ?? '', 'utf8')).toContain('for a test');
    expect(runJournal.read(directory).outcomes).toEqual([]);
  });

  it('is gone when it is discarded', () => {
    const directory = newDirectory();
    runJournal.start(directory, header).journal.discard();
    expect(runJournal.has(directory)).toBe(false);
    expect(existsSync(fileOf(directory))).toBe(false);
    expect(() => runJournal.read(directory)).toThrow('nothing to resume');
  });
});
