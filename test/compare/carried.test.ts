import { describe, expect, it } from 'vitest';

import { findCarried } from '../../src/compare/carried.ts';
import type { HttpCell } from '../../src/model/http.ts';

const ms = 1e6;

/** A cell at a rate, with p95 in milliseconds of each round and, where it fell behind, what it answered. */
function cell(contender: string, perSec: number, lateMs: readonly number[], answered = perSec): HttpCell {
  const metric = (values: readonly number[]) => ({
    unit: 'nanoseconds' as const,
    better: 'lower' as const,
    values: values.map((value, round) => ({ round, value })),
  });
  return {
    id: {
      suite: 's',
      scenario: 'mix',
      contender,
      load: { kind: 'open', connections: 64, requestsPerSec: perSec, isNamed: true },
    },
    status: 'ok',
    metrics: { p95Ns: metric(lateMs.map((late) => late * ms)), requestsPerSec: metric(lateMs.map(() => answered)) },
    rounds: lateMs.map((_, round) => ({ round })),
    warnings: [],
    failures: {},
  };
}

function carried(cells: readonly HttpCell[]) {
  return findCarried({ cells, reference: 'plain', metric: 'p95Ns', limitNs: 100 * ms });
}

describe('what a server carries', () => {
  it('lies between the rates around the limit, with a ratio formed inside rounds', () => {
    const plain = [cell('plain', 50, [20, 20, 20]), cell('plain', 100, [180, 180, 180])];
    const fast = [cell('fast', 50, [10, 10, 10]), cell('fast', 100, [60, 60, 60]), cell('fast', 150, [140, 140, 140])];
    const [first, second] = carried([...plain, ...fast]);
    expect(first).toEqual({ contender: 'plain', perSec: 75, isLeast: false });
    expect(second).toMatchObject({ contender: 'fast', perSec: 125, isLeast: false });
    expect(second?.ratio?.ratio).toBeCloseTo(125 / 75);
  });

  it('is at least the highest rate where that is no limit, without a ratio', () => {
    expect(carried([cell('plain', 50, [20]), cell('plain', 100, [30])])).toEqual([
      { contender: 'plain', perSec: 100, isLeast: true },
    ]);
  });

  it('ends where the server falls behind, however early its answers come', () => {
    expect(carried([cell('plain', 50, [20]), cell('plain', 100, [30], 80)])).toEqual([
      { contender: 'plain', perSec: 50, isLeast: false },
    ]);
  });

  it('is nothing where the least rate is too much, and of closed loops', () => {
    const closed = {
      ...cell('plain', 50, [1]),
      id: { ...cell('plain', 50, [1]).id, load: { kind: 'closed' as const, connections: 1 } },
    };
    expect(carried([cell('plain', 50, [120]), closed])).toEqual([]);
    expect(carried([])).toEqual([]);
  });

  it('has the median of rounds', () => {
    const [only] = carried([cell('plain', 50, [0, 0, 0]), cell('plain', 100, [100.0001, 200, 400])]);
    expect(only?.perSec).toBeCloseTo(75);
  });
});
