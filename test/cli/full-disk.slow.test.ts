/**
 * Commands on a disk that fails: what was stored before is whole, what was measured is kept, and the exit code says it.
 */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { runJournal } from '../../src/store/journal.ts';
import { failingDisk } from '../store/failing-disk.ts';
import { invoke, words } from './invoke.ts';
import { readRecord } from '../records.ts';

const benchRoot = fileURLToPath(new URL('../fixtures/bench/', import.meta.url));
const base = [
  ...words('run --bench-root'),
  benchRoot,
  ...words('--suite plain --variant text --contender honest --quick --forks 2'),
];

let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(out, { recursive: true, force: true });
});

/** Of the cells themselves; a twin has a line of its own. */
const ownOutcomes = () => runJournal.read(out).outcomes.filter(({ isTwin }) => isTwin !== true);

const isRunFile = (text: string): boolean => text.includes('"schemaVersion"');
const isPage = (text: string): boolean => /<!doctype html/i.test(text);
const isLineOfRound =
  (round: number) =>
  (text: string): boolean =>
    text.startsWith('{"elapsedMs"') && text.includes(`"round":${round}`);

async function withDisk<T>(disk: Parameters<typeof failingDisk>[0], action: () => Promise<T>): Promise<T> {
  const failing = failingDisk(disk);
  try {
    return await action();
  } finally {
    failing.restore();
  }
}

describe('wirebench run on a full disk', () => {
  it('keeps the earlier run and the journal where there is no room for run.json, and makes one of it later', async () => {
    await invoke([...base, '--out', out]);
    const before = readFileSync(path.join(out, 'run.json'), 'utf8');
    const full = await withDisk({ refuses: isRunFile }, () => invoke([...base, '--out', out]));
    expect(full).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot write .*run\.json: the disk is full/),
    });
    expect(readFileSync(path.join(out, 'run.json'), 'utf8')).toBe(before);
    expect(ownOutcomes()).toHaveLength(2);
    expect(readdirSync(out).filter((name) => name.endsWith('.partial'))).toEqual([]);

    expect(await invoke(['run', '--bench-root', benchRoot, '--resume', '--out', out])).toMatchObject({ code: 0 });
    expect(readRecord(path.join(out, 'run.json')).cells[0]?.forks).toHaveLength(2);
    expect(existsSync(path.join(out, 'journal.jsonl'))).toBe(false);
  });

  it('exits with 2 where there is no room for a report, and the run is there', async () => {
    const full = await withDisk({ refuses: isPage }, () => invoke([...base, '--out', out]));
    expect(full).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot write .*report\.html: the disk is full/),
    });
    expect(readRecord(path.join(out, 'run.json')).cells[0]?.forks).toHaveLength(2);
    expect(await invoke(['report', out, '--format', 'html', '--out', path.join(out, 'report.html')])).toMatchObject({
      code: 0,
    });
  });

  it('ends at an outcome that the disk does not take, says what is kept, and goes on later', async () => {
    const full = await withDisk({ refuses: isLineOfRound(1) }, () => invoke([...base, '--out', out]));
    expect(full).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/journal\.jsonl: the disk is full.*is kept.*--resume/),
    });
    expect(ownOutcomes().map(({ round }) => round)).toEqual([0]);
    expect(await invoke(['run', '--bench-root', benchRoot, '--resume', '--out', out])).toMatchObject({ code: 0 });
    expect(readRecord(path.join(out, 'run.json')).cells[0]?.forks).toHaveLength(2);
  });

  it('drops no journal for a run.json that reads differently from what was written', async () => {
    // A disk that says it has written, and forgets.
    const { default: fs } = await import('node:fs');
    const { renameSync } = fs;
    vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      renameSync(from, to);
      const file = to as string;
      if (file.endsWith('run.json')) writeFileSync(file, readFileSync(file, 'utf8').replace('"seed": 1', '"seed": 2'));
    });
    expect(await invoke([...base, '--out', out])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not what was written'),
    });
    vi.restoreAllMocks();
    expect(ownOutcomes()).toHaveLength(2);
  });
});

describe('reports on a full disk', () => {
  it('leaves an earlier file of that name whole', async () => {
    const file = path.join(out, 'report.html');
    writeFileSync(file, 'an earlier page');
    const run = fileURLToPath(new URL('../fixtures/runs/small.json', import.meta.url));
    const full = await withDisk({ room: 4096 }, () => invoke(['report', run, '--format', 'html', '--out', file]));
    expect(full).toMatchObject({ code: 2, stderr: expect.stringContaining('the disk is full') });
    expect(readFileSync(file, 'utf8')).toBe('an earlier page');
    expect(readdirSync(out)).toEqual(['report.html']);
  });
});

describe('a journal that was cut', () => {
  it('is gone on with in the middle of a character, too', async () => {
    await withDisk({ refuses: isLineOfRound(1) }, () => invoke([...base, '--out', out]));
    appendFileSync(
      path.join(out, 'journal.jsonl'),
      Buffer.from('{"elapsedMs":1,"outcome":{"reason":"\u00e4').subarray(0, -1),
    );
    expect(await invoke(['run', '--bench-root', benchRoot, '--resume', '--out', out])).toMatchObject({ code: 0 });
    expect(readRecord(path.join(out, 'run.json')).cells[0]?.forks).toHaveLength(2);
  });
});
