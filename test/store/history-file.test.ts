/**
 * The directory of a history: entries come back as they were added, and nothing in it is believed unseen.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { HistoryEntry } from '../../src/model/history.ts';
import { addToHistory, readHistory } from '../../src/store/history-file.ts';
import { UserError } from '../../src/user-error.ts';
import { historyOf } from '../compare/histories.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const [first, second] = historyOf([{}, { ratio: 3 }]) as [HistoryEntry, HistoryEntry];

function problemOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

function problemWith(content: unknown): string {
  const file = path.join(directory, 'broken.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return problemOf(() => readHistory(directory)).message.replace(directory, '');
}

describe('a history', () => {
  it('gives back what was added, the oldest first', () => {
    const place = path.join(directory, 'deep', 'history');
    addToHistory(place, second);
    addToHistory(place, first);
    expect(readHistory(place)).toEqual([first, second]);
  });

  it('names files by date, time and commit', () => {
    expect(path.basename(addToHistory(directory, { ...first, startedAt: '2026-01-31T23:59:59.123Z' }))).toBe(
      '2026-01-31-235959-commit000000.json',
    );
    const { commit: _commit, ...elsewhere } = first.environment;
    expect(path.basename(addToHistory(directory, { ...second, environment: elsewhere }))).toBe(
      '2026-01-02-000000.json',
    );
  });

  it('stays in its directory, whatever a run says its commit is', () => {
    const file = addToHistory(directory, { ...first, environment: { ...first.environment, commit: '../../../etc/x' } });
    expect(path.dirname(file)).toBe(directory);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('refuses a run that it has already, and keeps what it had', () => {
    addToHistory(directory, first);
    expect(problemOf(() => addToHistory(directory, { ...first, seed: 9 })).message).toContain('has it already');
    expect(readHistory(directory)).toEqual([first]);
  });

  it('is empty where there is no directory or no entry in it, and passes over other files', () => {
    expect(readHistory(path.join(directory, 'nowhere'))).toEqual([]);
    writeFileSync(path.join(directory, 'README.md'), 'not an entry');
    expect(readHistory(directory)).toEqual([]);
  });

  it('refuses files that are broken, foreign or of another version', () => {
    expect(problemWith('{"historyVersion": 1,')).toContain('it is not JSON');
    expect(problemWith({ schemaVersion: 1 })).toContain('it is not a history file, it has no historyVersion');
    expect(problemWith({ ...first, historyVersion: 2 })).toContain(
      'its historyVersion is 2, this version of wirebench knows 1',
    );
  });

  it.each<[string, object]>([
    ['a ratio of zero', { ratio: 0 }],
    ['a lower bound alone', { hi: undefined }],
    ['bounds without a ratio', { ratio: undefined }],
    ['a status that is none', { status: 'splendid' }],
    ['text as a number', { latencyNs: '12' }],
  ])('refuses %s', (_what, change) => {
    const [group] = first.groups;
    const cells = group?.cells.map((cell) => (cell.contender === 'ours' ? { ...cell, ...change } : cell));
    expect(problemWith({ ...first, groups: [{ ...group, cells }] })).toContain('/groups/0/cells/1');
  });

  it('refuses a date that is none', () => {
    expect(problemWith({ ...first, startedAt: 'yesterday' })).toContain('/startedAt');
  });

  it('of this project can be read', () => {
    const own = readHistory(fileURLToPath(new URL('../../results/history', import.meta.url)));
    expect(own.length).toBeGreaterThan(0);
    expect(new Set(own.map(({ startedAt }) => startedAt)).size).toBe(own.length);
  });
});
