import { describe, expect, it } from 'vitest';

import { compareRuns } from '../../src/compare/agreement.ts';
import type { Cell } from '../../src/model.ts';

function cellOf(items: number, ratio: number, halfWidth: number): Cell {
  return {
    suite: 's', contender: 'c', payload: 'p', items, variant: 'text', sink: 'bytes', status: 'ok', forks: [], warnings: [],
    latencyNs: { median: 1 },
    speedup: { reference: 'r', ratio, lo: ratio - halfWidth, hi: ratio + halfWidth, confidence: 0.95 },
  };
}

describe('compareRuns', () => {
  it('finds two equal runs in full agreement', () => {
    const cells = [cellOf(1, 2, 0.1), cellOf(2, 3, 0.1)];
    expect(compareRuns(cells, cells)).toEqual({ cells: 2, medianDifference: 0, overlapping: 1, apart: [] });
  });

  it('counts intervals without a common point, and names their cells', () => {
    const first = [cellOf(1, 2, 0.1), cellOf(2, 2, 0.1), cellOf(3, 2, 0.1)];
    const second = [cellOf(1, 2.1, 0.1), cellOf(2, 3, 0.1), cellOf(3, 2, 0.1)];
    const agreement = compareRuns(first, second);
    expect(agreement?.medianDifference).toBeCloseTo(0.05, 10);
    expect(agreement?.overlapping).toBeCloseTo(2 / 3, 10);
    expect(agreement?.apart.map(({ cell, first: a, second: b }) => [cell.items, a, b])).toEqual([[2, 2, 3]]);
  });

  it('leaves out references, cells of one run only and cells without an interval', () => {
    const { speedup: _none, ...bare } = cellOf(1, 2, 0.1);
    expect(compareRuns([bare, cellOf(2, 2, 0.1)], [bare, cellOf(3, 2, 0.1)])).toBeUndefined();
  });
});
