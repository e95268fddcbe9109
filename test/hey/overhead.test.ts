/**
 * What a gateway adds, from windows of both sides.
 */
import { describe, expect, it } from 'vitest';

import type { SideFigures, WindowFigures } from '../../src/hey/figures.ts';
import { compareSides } from '../../src/hey/overhead.ts';

function side(windows: readonly WindowFigures[], p99Ns?: number): SideFigures {
  const percentiles = [
    { percent: 50, ns: 1e6 },
    { percent: 99, ...(p99Ns === undefined ? {} : { ns: p99Ns }) },
  ];
  return {
    sent: 0,
    answered: 0,
    failures: [],
    abandoned: 0,
    statuses: {},
    elapsedNs: 0,
    receivedBytes: 0,
    latencies: { fastestNs: 0, meanNs: 0, slowestNs: 0, percentiles },
    windows,
  };
}

const window = (answeredPerSec: number, medianNs: number): WindowFigures => ({ answeredPerSec, medianNs });

describe('compareSides', () => {
  it('pairs windows, so that what slows both changes nothing', () => {
    const direct = side([window(1000, 10e6), window(500, 20e6), window(800, 12e6), window(1000, 10e6)], 30e6);
    const asked = side([window(100, 15e6), window(50, 25e6), window(80, 17e6), window(100, 15e6)], 50e6);
    const overhead = compareSides({ asked, direct });
    expect(overhead?.rate.mean).toBeCloseTo(0.1, 9);
    expect(overhead?.rate.hi).toBeCloseTo(0.1, 9);
    expect(overhead?.medianNs.mean).toBeCloseTo(5e6, 3);
    expect(overhead?.added).toEqual([
      { percent: 50, addedNs: 0 },
      { percent: 99, addedNs: 20e6 },
    ]);
  });

  it('has no bounds of fewer than three windows, and no percentiles that one of them does not have', () => {
    const overhead = compareSides({ asked: side([window(1, 1)], 5), direct: side([window(2, 1)]) });
    expect(overhead?.rate).toEqual({ mean: 0.5 });
    expect(overhead?.added.map(({ percent }) => percent)).toEqual([50]);
  });

  it('compares nothing where a window had no answer', () => {
    const asked = side([window(1, 1), { answeredPerSec: 0 }]);
    expect(compareSides({ asked, direct: side([window(1, 1), window(1, 1)]) })).toBeUndefined();
    expect(compareSides({ asked: side([window(1, 1)]), direct: side([]) })).toBeUndefined();
  });
});
