/**
 * The file that a load leaves behind: its name, and that none is lost.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { checkLogPlace, logNameOf, writeNewLog } from '../../src/hey/log.ts';

describe('logs', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));

  it('are called by the local time, so that they sort by it', () => {
    expect(logNameOf(new Date(2026, 0, 2, 3, 4, 5))).toBe('hey-20260102_030405.log');
    expect(logNameOf(new Date(2026, 11, 31, 23, 59, 59))).toBe('hey-20261231_235959.log');
  });

  it('never take the place of another one of that second', () => {
    const file = path.join(directory, 'hey-20260102_030405.log');
    expect([1, 2, 3].map((number) => path.basename(writeNewLog(file, `${number}`)))).toEqual([
      'hey-20260102_030405.log',
      'hey-20260102_030405-2.log',
      'hey-20260102_030405-3.log',
    ]);
    expect(readFileSync(file, 'utf8')).toBe('1');
  });

  it('are refused before the load where they cannot be written', () => {
    writeFileSync(path.join(directory, 'file'), '');
    mkdirSync(path.join(directory, 'directory'));
    expect(() => checkLogPlace(path.join(directory, 'none', 'a.log'))).toThrow('there is no such directory');
    expect(() => checkLogPlace(path.join(directory, 'file', 'a.log'))).toThrow('there is no such directory');
    expect(() => checkLogPlace(path.join(directory, 'directory'))).toThrow('it is a directory');
    expect(() => checkLogPlace(path.join(directory, 'a.log'))).not.toThrow();
  });
});
