import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import {
  compareUsage,
  excessByOthers,
  parseIdleTime,
  parseUsage,
  readUsage,
  type Usage,
} from '../../src/machine/usage.ts';

const machine = `cpu  100 10 50 800 20 3 7 10 5 0
cpu0 50 5 25 400 10 1 4 5 2 0
intr 12345
`;
/** A name with a blank and a bracket, as programs may give themselves. */
const own = '4711 (node (a) b) S 1 4711 4711 0 -1 4194304 100 0 0 0 30 5 2 1 20 0 11 0 12345 1000000 5000';

describe('parseUsage', () => {
  it('adds up ticks by whose they were', () => {
    expect(parseUsage(machine, [own])).toEqual({ total: 1000, stolen: 10, busy: 170, own: 38 });
  });

  it('counts living children as own', () => {
    expect(parseUsage(machine, [own, own])?.own).toBe(76);
  });

  it('says nothing where the system writes something else', () => {
    expect(parseUsage('cpu 1 2 3', [own])).toBeUndefined();
    expect(parseUsage('no such thing', [own])).toBeUndefined();
    expect(parseUsage(machine, [own, '1 (node) S 1'])).toBeUndefined();
  });
});

describe('parseIdleTime', () => {
  it('tells one processor from the machine, in nanoseconds', () => {
    expect(parseIdleTime(machine, 0)).toBe(4.1e9);
  });

  it('says nothing of a processor that is not there', () => {
    expect(parseIdleTime(machine, 1)).toBeUndefined();
    expect(parseIdleTime('', 0)).toBeUndefined();
  });
});

describe('excessByOthers', () => {
  const before = { atNs: 0, idleNs: 0 };
  const excessOf = (idleNs: number, ownShare: number): number =>
    excessByOthers({ before, after: { atNs: 1e9, idleNs }, ownShare });

  it('is how much longer a process took beside others', () => {
    expect(excessOf(0, 0.5)).toBeCloseTo(1);
    expect(excessOf(0, 0.8)).toBeCloseTo(0.25);
    expect(excessOf(0.28e9, 0.5)).toBeCloseTo(0.25);
  });

  it('is nothing where the process had the processor, or what is left is no more than counts are unsure of', () => {
    expect(excessOf(0, 1)).toBe(0);
    expect(excessOf(0.3e9, 0.69)).toBe(0);
    expect(excessOf(0.5e9, 0.6)).toBe(0);
  });

  it('is nothing where there are no two looks', () => {
    expect(excessByOthers({ before: undefined, after: before, ownShare: 0 })).toBe(0);
    expect(excessByOthers({ before, after: before, ownShare: 0 })).toBe(0);
  });
});

describe.runIf(readUsage() !== undefined)('readUsage', () => {
  it('counts what a living child uses as own', async () => {
    const before = readUsage();
    // It works for a while, says so, and lives on.
    const child = spawn(process.execPath, [
      '-e',
      'const until = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < until); console.log(1); setInterval(() => {}, 1000)',
    ]);
    try {
      await once(child.stdout, 'data');
      const used = (readUsage()?.own ?? 0) - (before?.own ?? 0);
      // A tick is a hundredth of a second on Linux.
      expect(used).toBeGreaterThanOrEqual(29);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('compareUsage', () => {
  const before: Usage = { total: 1000, stolen: 10, busy: 170, own: 38 };

  it('gives what others had of the time between', () => {
    expect(compareUsage(before, { total: 1200, stolen: 20, busy: 290, own: 78 })).toEqual({
      stolenShare: 0.05,
      othersShare: 0.4,
    });
  });

  it('is never below nothing, whichever counter was read first', () => {
    expect(compareUsage(before, { total: 1100, stolen: 10, busy: 180, own: 58 })).toEqual({
      stolenShare: 0,
      othersShare: 0,
    });
  });

  it('says nothing without two readings and time between them', () => {
    expect(compareUsage(undefined, before)).toBeUndefined();
    expect(compareUsage(before, undefined)).toBeUndefined();
    expect(compareUsage(before, before)).toBeUndefined();
  });
});
