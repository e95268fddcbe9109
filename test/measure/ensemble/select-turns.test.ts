import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cleanExcess } from '../../../src/machine/clean.ts';
import { selectTurns, type Turn } from '../../../src/measure/ensemble/select-turns.ts';

const turn = (latencyNs: number, excess = 0): Turn => ({ latencyNs, excess });

describe('selectTurns', () => {
  it('averages the clean turns, slow ones among them', () => {
    expect(selectTurns([turn(10), turn(10), turn(40), turn(90, 0.5)], 2)).toEqual({ latencyNs: 20, cleanShare: 0.75 });
  });

  it('takes the least disturbed turns where too few are clean', () => {
    expect(selectTurns([turn(10), turn(50, 0.9), turn(20, 0.3)], 2)).toEqual({ latencyNs: 15, cleanShare: 1 / 3 });
  });

  it('counts a turn at the limit as clean', () => {
    expect(selectTurns([turn(10, cleanExcess)], 1).cleanShare).toBe(1);
  });

  it('looks at probes alone: other times of the same turns select the same turns', () => {
    const arbitraryTurns = fc.array(fc.record({ excess: fc.constantFrom(0, 0.05, 0.2, 0.6) }), { minLength: 1 });
    fc.assert(
      fc.property(arbitraryTurns, fc.integer({ min: 1, max: 20 }), (probes, fewest) => {
        // A power of two for each turn, so that the mean tells which ones were taken.
        const bits = probes.slice(0, 30).map(({ excess }, index) => turn(2 ** index, excess));
        const ones = bits.map(({ excess }) => turn(1, excess));
        const { cleanShare, latencyNs } = selectTurns(bits, fewest);
        expect(selectTurns(ones, fewest)).toEqual({ latencyNs: 1, cleanShare });
        const clean = bits.filter(({ excess }) => excess <= cleanExcess);
        fc.pre(clean.length >= fewest);
        expect(latencyNs * clean.length).toBeCloseTo(clean.reduce((sum, one) => sum + one.latencyNs, 0));
      }),
    );
  });
});
