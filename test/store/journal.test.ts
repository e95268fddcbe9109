import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { ForkOutcome } from '../../src/model.ts';
import type { JournalHeader } from '../../src/store/journal.ts';
import { hasJournal, openJournal, readJournal, startJournal } from '../../src/store/journal.ts';

const header: JournalHeader = {
  journalVersion: 1, startedAt: '2026-01-02T03:04:05.678Z', profile: 'quick', seed: 1, selection: { items: [3] },
  environment: { node: '26.0.0', v8: '14', os: 'Linux', arch: 'x64', cpuModel: 'any', cores: 2, memoryBytes: 1, packages: {} },
};
const outcome: ForkOutcome = {
  cell: { suite: 'plain', contender: 'honest', payload: 'notes', items: 3, variant: 'text', sink: 'bytes' },
  round: 0, status: 'failed', reason: 'for a test',
};
const newDirectory = () => mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const fileOf = (directory: string) => path.join(directory, 'journal.jsonl');

describe('the journal', () => {
  it('gives back what was appended, and the time spent so far', () => {
    const directory = newDirectory();
    const { journal } = startJournal(directory, header);
    journal.append({ elapsedMs: 10, outcome });
    journal.append({ elapsedMs: 25, outcome: { ...outcome, round: 1 } });
    expect(readJournal(directory)).toEqual({ header, outcomes: [outcome, { ...outcome, round: 1 }], elapsedMs: 25 });
  });

  it('leaves out a last line that a kill cut off', () => {
    const directory = newDirectory();
    const { journal } = startJournal(directory, header);
    journal.append({ elapsedMs: 10, outcome });
    appendFileSync(fileOf(directory), '{"elapsedMs":11,"outco');
    expect(readJournal(directory).outcomes).toEqual([outcome]);
  });

  it('can be gone on with after a line was cut off, more than once', () => {
    const directory = newDirectory();
    startJournal(directory, header).journal.append({ elapsedMs: 10, outcome });
    for (const round of [1, 2]) {
      appendFileSync(fileOf(directory), '{"elapsedMs":11,"outco');
      openJournal(directory).append({ elapsedMs: 20, outcome: { ...outcome, round } });
    }
    expect(readJournal(directory).outcomes.map(({ round }) => round)).toEqual([0, 1, 2]);
  });

  it('refuses a file that is damaged before its last line, and names the line', () => {
    const directory = newDirectory();
    startJournal(directory, header);
    appendFileSync(fileOf(directory), 'rubbish\n{"elapsedMs":1}\n');
    expect(() => readJournal(directory)).toThrow('line 2 is damaged');
    writeFileSync(fileOf(directory), 'rubbish\n');
    expect(() => readJournal(directory)).toThrow('line 1 is damaged');
  });

  it('moves an unfinished one aside when a new run starts', () => {
    const directory = newDirectory();
    startJournal(directory, header).journal.append({ elapsedMs: 10, outcome });
    const { movedAside } = startJournal(directory, header);
    expect(readFileSync(movedAside ?? '', 'utf8')).toContain('for a test');
    expect(readJournal(directory).outcomes).toEqual([]);
  });

  it('is gone when it is discarded', () => {
    const directory = newDirectory();
    startJournal(directory, header).journal.discard();
    expect(hasJournal(directory)).toBe(false);
    expect(existsSync(fileOf(directory))).toBe(false);
    expect(() => readJournal(directory)).toThrow('nothing to resume');
  });
});
