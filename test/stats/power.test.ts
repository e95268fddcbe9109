/**
 * The smallest detectable change against simulated tests: a slowdown of that size has to be found as often as claimed.
 */
import { describe, expect, it } from 'vitest';

import { detectableChange } from '../../src/stats/power.ts';
import { testMeanAbove } from '../../src/stats/significance.ts';
import { normal, seeded } from '../gate/synthetic-session.ts';

describe('detectableChange', () => {
  it.each([
    { forks: 4, tolerance: 0, confidence: 0.95, power: 0.8 },
    { forks: 8, tolerance: 0.03, confidence: 0.95, power: 0.8 },
    { forks: 12, tolerance: 0.02, confidence: 0.99, power: 0.9 },
  ])(
    'is found with the power asked for: $forks forks, tolerance $tolerance',
    ({ forks, tolerance, confidence, power }) => {
      const sessions = 4000;
      const spread = 0.03;
      const effect = Math.log1p(detectableChange({ spread, forks, tolerance, confidence, power }));
      const random = seeded(3);
      let found = 0;
      for (let session = 0; session < sessions; session++) {
        const values = Array.from({ length: forks }, () => effect + spread * normal(random));
        if (testMeanAbove(values, Math.log1p(tolerance)) <= 1 - confidence) found++;
      }
      // Adding two quantiles errs to the safe side by up to eight points with four forks.
      expect(found / sessions).toBeGreaterThan(power - 0.02);
      expect(found / sessions).toBeLessThan(power + 0.08);
    },
  );

  it('shrinks with forks, grows with spread, and starts at the tolerance', () => {
    const few = detectableChange({ spread: 0.03, forks: 4 });
    expect(detectableChange({ spread: 0.03, forks: 16 })).toBeLessThan(few / 2);
    expect(detectableChange({ spread: 0.06, forks: 4 })).toBeGreaterThan(few);
    expect(detectableChange({ spread: 0, forks: 4, tolerance: 0.03 })).toBeCloseTo(0.03, 12);
  });

  it('is infinite for forks that show no spread at all', () => {
    expect(detectableChange({ spread: 0.03, forks: 1 })).toBe(Number.POSITIVE_INFINITY);
    expect(detectableChange({ spread: 0.03, forks: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses what makes no sense', () => {
    expect(() => detectableChange({ spread: -1, forks: 4 })).toThrow(RangeError);
    expect(() => detectableChange({ spread: Number.NaN, forks: 4 })).toThrow(RangeError);
    expect(() => detectableChange({ spread: 0.1, forks: 4, tolerance: -0.1 })).toThrow(RangeError);
    expect(() => detectableChange({ spread: 0.1, forks: 4, power: 1 })).toThrow(RangeError);
  });
});
