/**
 * A run against a stored one: what moves with the machine, with one reference, or with the cell alone.
 */
import { describe, expect, it } from 'vitest';

import type { BaselineCell } from '../../src/compare/baseline.ts';
import { compareWithBaseline } from '../../src/compare/baseline.ts';
import type { ForkOutcome, MicroCell } from '../../src/model/cell.ts';
import type { Tolerance } from '../../src/model/gate.ts';
import { assembleOutcomes, cellId, timed } from './outcomes.ts';

const tolerance: Tolerance = { time: 0.03, outputBytes: 0.01, allocations: 0.01 };
const native = cellId({ contender: 'native' });
const plain = cellId();
const tested = cellId({ contender: 'tested' });

function cellsOf(...outcomes: readonly (readonly ForkOutcome[])[]): MicroCell[] {
  const all = outcomes.flat();
  return assembleOutcomes(all, { speed: 'plain' });
}

/** Three rounds of each contender; times vary together, as they do on a machine with better and worse minutes. */
function runOf(times: { plain: number; native: number; tested: number }, machine = 1): MicroCell[] {
  const rounds = (time: number): number[] => [1, 1.2, 0.9].map((minute) => machine * time * minute);
  return cellsOf(
    timed(plain, rounds(times.plain)),
    timed(native, rounds(times.native)),
    timed(tested, rounds(times.tested)),
  );
}

function compare(baseline: readonly MicroCell[], current: readonly MicroCell[]): BaselineCell[] {
  return compareWithBaseline({ baseline, current, references: ['plain', 'native'], toleranceOf: () => tolerance });
}

function find(cells: readonly BaselineCell[], contender: string): BaselineCell | undefined {
  return cells.find(({ cell }) => cell.contender === contender);
}

const stored = runOf({ plain: 100, native: 50, tested: 80 });

describe('a run beside a stored one', () => {
  it('is not suspicious where only the machine is slower', () => {
    const cells = compare(stored, runOf({ plain: 100, native: 50, tested: 80 }, 1.5));
    expect(cells.map(({ isSuspect }) => isSuspect)).toEqual([false, false, false]);
    for (const { changes } of cells) for (const { change } of changes) expect(change.value).toBeCloseTo(0, 12);
  });

  it('suspects a cell that is slower beside every reference, and says by how much', () => {
    const [first, ...others] = compare(stored, runOf({ plain: 100, native: 50, tested: 88 }, 1.5));
    expect(first).toMatchObject({ cell: tested, tolerance, isSuspect: true });
    expect(first?.changes.map(({ reference }) => reference)).toEqual(['plain', 'native']);
    for (const { change } of first?.changes ?? []) {
      expect(change.value).toBeCloseTo(0.1, 12);
      expect(change.lo).toBeCloseTo(0.1, 12);
      expect(change.confidence).toBe(0.95);
    }
    expect(others.map(({ isSuspect }) => isSuspect)).toEqual([false, false]);
  });

  it('does not suspect a cell beside which one reference became faster', () => {
    const cell = find(compare(stored, runOf({ plain: 100, native: 40, tested: 80 })), 'tested');
    expect(cell?.isSuspect).toBe(false);
    expect(cell?.changes.map(({ change }) => Math.round(change.value * 100))).toEqual([0, 25]);
  });

  it('compares a reference with the other ones', () => {
    const cells = compare(stored, runOf({ plain: 120, native: 50, tested: 80 }));
    expect(find(cells, 'plain')).toMatchObject({ isSuspect: true, changes: [{ reference: 'native' }] });
    expect(find(cells, 'native')?.changes.map(({ reference }) => reference)).toEqual(['plain']);
  });

  it('does not suspect what lies within the tolerance, or within the interval', () => {
    expect(find(compare(stored, runOf({ plain: 100, native: 50, tested: 82 })), 'tested')?.isSuspect).toBe(false);
    const unsteady = cellsOf(timed(plain, [100, 100, 100]), timed(native, [50, 50, 50]), timed(tested, [80, 140, 60]));
    const cell = find(compare(stored, unsteady), 'tested');
    expect(cell?.changes[0]?.change.value).toBeGreaterThan(tolerance.time);
    expect(cell?.isSuspect).toBe(false);
  });

  it('never suspects on a single round, which has no interval', () => {
    const once = (time: number): MicroCell[] =>
      cellsOf(timed(plain, [100]), timed(native, [50]), timed(tested, [time]));
    const cell = find(compare(once(80), once(800)), 'tested');
    expect(cell?.changes.map(({ change }) => Object.keys(change))).toEqual([['value'], ['value']]);
    expect(cell?.isSuspect).toBe(false);
  });

  it('forms ratios inside a round, and only of rounds that both were measured in', () => {
    const drifting = cellsOf(timed(plain, [100, 200, 400]), timed(native, [50, 100, 200]), timed(tested, [80, 160]));
    const cell = find(compare(stored, drifting), 'tested');
    for (const { change } of cell?.changes ?? []) expect(change.value).toBeCloseTo(0, 12);
  });

  it('leaves out a cell without a time on either side, or without a reference', () => {
    const failed: ForkOutcome = { cell: tested, round: 0, status: 'failed', reason: 'ended early' };
    const broken = cellsOf(timed(plain, [100, 100]), timed(native, [50, 50]), [failed]);
    expect(find(compare(stored, broken), 'tested')).toBeUndefined();
    expect(find(compare(broken, stored), 'tested')).toBeUndefined();
    expect(compare(stored, cellsOf(timed(tested, [80, 80])))).toEqual([]);
    expect(compare([], stored)).toEqual([]);
  });

  it('never compares cells that differ in anything but time', () => {
    const longer = cellsOf(
      timed(cellId({ contender: 'tested', items: 1000 }), [9000, 9000]),
      timed(cellId({ items: 1000 }), [100, 100]),
    );
    expect(compare(stored, longer)).toEqual([]);
  });

  it('judges each cell by the tolerance of its own', () => {
    const cells = compareWithBaseline({
      baseline: stored,
      current: runOf({ plain: 100, native: 50, tested: 88 }),
      references: ['plain', 'native'],
      toleranceOf: ({ contender }) => ({ ...tolerance, time: contender === 'tested' ? 0.2 : 0.03 }),
    });
    expect(find(cells, 'tested')).toMatchObject({ isSuspect: false, tolerance: { time: 0.2 } });
  });

  it('puts suspects first, and what is slower beside every reference before what is slower beside one', () => {
    const cells = compare(stored, runOf({ plain: 100, native: 60, tested: 130 }));
    expect(cells.map(({ cell, isSuspect }) => [cell.contender, isSuspect])).toEqual([
      ['tested', true],
      ['native', true],
      ['plain', false],
    ]);
  });
});
