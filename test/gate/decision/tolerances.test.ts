/**
 * Which of several tolerances counts for a cell.
 */
import { describe, expect, it } from 'vitest';

import { defaultTolerance } from '../../../src/gate/settings.ts';
import { toleranceOf } from '../../../src/gate/decision/tolerances.ts';
import { cellId } from '../synthetic-session.ts';

const cell = cellId(1);

describe('the tolerance of a cell', () => {
  it('is the default where nothing is configured', () => {
    expect(toleranceOf(cell, {})).toEqual(defaultTolerance);
    expect(toleranceOf(cell, { tolerance: {}, tolerances: [] })).toEqual(defaultTolerance);
  });

  it('takes from the configuration what it sets and leaves the rest', () => {
    expect(toleranceOf(cell, { tolerance: { time: 0.5 } })).toEqual({ ...defaultTolerance, time: 0.5 });
    expect(toleranceOf(cell, { tolerance: { outputBytes: 0 } })).toEqual({ ...defaultTolerance, outputBytes: 0 });
  });

  it('follows a rule only where every field of it fits', () => {
    const rule = { where: { contender: cell.contender, items: cell.items }, time: 0.5 };
    expect(toleranceOf(cell, { tolerances: [rule] }).time).toBe(0.5);
    expect(toleranceOf({ ...cell, items: 7 }, { tolerances: [rule] }).time).toBe(defaultTolerance.time);
    expect(toleranceOf(cellId(2), { tolerances: [rule] }).time).toBe(defaultTolerance.time);
  });

  it('takes the last of several rules that fit, measure by measure', () => {
    const tolerances = [
      { where: { payload: cell.payload }, time: 0.5, allocations: 0.4 },
      { where: { contender: cell.contender }, time: 0.3 },
      { where: { contender: 'another' }, time: 0.9 },
    ];
    expect(toleranceOf(cell, { tolerance: { outputBytes: 0.2 }, tolerances })).toEqual({
      time: 0.3,
      outputBytes: 0.2,
      allocations: 0.4,
    });
  });

  it('lets a rule without conditions count for every cell', () => {
    expect(toleranceOf(cell, { tolerance: { time: 0.5 }, tolerances: [{ where: {}, time: 0.1 }] }).time).toBe(0.1);
  });
});
