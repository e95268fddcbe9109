/**
 * The tests of a mean against published critical values and hand counts, and Holm's rule on a worked example.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';

import { adjustByHolm, testBySignFlips, testMeanAbove } from '../../src/stats/significance.ts';

/** Values with mean 0 whose t statistic against `-t` is exactly `t`, since their standard error is 1. */
function withUnitError(count: number): number[] {
  const signs = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 1 : -1));
  return signs.map((sign) => sign * Math.sqrt(count - 1));
}

describe('testMeanAbove', () => {
  // Critical values of the one-sided test at three decimals, as the NIST table prints them.
  it.each([
    [4, 2.353, 0.05],
    [4, 4.541, 0.01],
    [12, 1.796, 0.05],
    [10, 2.821, 0.01],
    [16, 2.602, 0.01],
  ])('agrees with the published table for %d values at t = %d', (count, t, p) => {
    expect(testMeanAbove(withUnitError(count), -t)).toBeCloseTo(p, 4);
    expect(testMeanAbove(withUnitError(count), t)).toBeCloseTo(1 - p, 4);
  });

  it('is certain of equal values, and finds none above a bound that they equal', () => {
    expect(testMeanAbove([2, 2, 2], 1)).toBe(0);
    expect(testMeanAbove([2, 2, 2], 2)).toBe(1);
    expect(testMeanAbove([2, 2, 2], 3)).toBe(1);
  });

  it('keeps its precision far in the tail', () => {
    const p = testMeanAbove([1, 1.001, 0.999, 1.0005, 1, 1.001, 0.999, 1.0005], 0);
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1e-15);
  });
});

describe('testBySignFlips', () => {
  it('gives 2^-n where every value lies above the bound', () => {
    for (const count of [2, 7, 12, 16, 20, 32]) {
      const values = Array.from({ length: count }, (_, index) => 1 + index / 7);
      expect(testBySignFlips(values, 0.5)).toBe(2 ** -count);
    }
  });

  it('counts the assignments that a hand count gives', () => {
    // Of the sums of +-1 +-2 +-3, those of at least 4 are 6 and 4.
    expect(testBySignFlips([-1, 2, 3], 0)).toBe(2 / 8);
    // Ties count: of +-1 +-1 +-1, sums of at least 1 are one of 3 and three of 1.
    expect(testBySignFlips([1, 1, -1], 0)).toBe(4 / 8);
    expect(testBySignFlips([-1, -1], 0)).toBe(1);
  });

  it('agrees with a plain enumeration of all assignments', () => {
    const generator = xoroshiro128plus(5);
    for (const count of [3, 8, 11]) {
      const values = Array.from({ length: count }, () => uniformFloat64(generator) - 0.4);
      const observed = values.reduce((sum, value) => sum + value, 0);
      let reaching = 0;
      for (let signs = 0; signs < 2 ** count; signs++) {
        const sum = values.reduce((total, value, index) => total + ((signs >> index) & 1 ? value : -value), 0);
        if (sum >= observed - 1e-9) reaching++;
      }
      expect(testBySignFlips(values, 0)).toBe(reaching / 2 ** count);
    }
  });

  it('stays exact with more values than can have a sign of their own', () => {
    const values = Array.from({ length: 50 }, (_, index) => 1 + index / 50);
    expect(testBySignFlips(values, 0)).toBe(2 ** -32);
    expect(testBySignFlips(values, 3)).toBe(1);
  });

  it('does not let one huge value stand for many', () => {
    expect(testBySignFlips([100, -0.1, -0.2, -0.1, -0.3, -0.2, -0.1, -0.2], 0)).toBe(0.5);
  });
});

describe('both tests', () => {
  it.each([testMeanAbove, testBySignFlips])('refuse a single value, NaN and infinities: %o', (test) => {
    expect(() => test([], 0)).toThrow(RangeError);
    expect(() => test([1], 0)).toThrow(RangeError);
    expect(() => test([1, Number.NaN], 0)).toThrow(RangeError);
    expect(() => test([1, 2], Number.NaN)).toThrow(RangeError);
    expect(() => test([1, Number.POSITIVE_INFINITY], 0)).toThrow(RangeError);
  });
});

describe('adjustByHolm', () => {
  it('gives the adjusted values of a worked example in the order given', () => {
    const adjusted = adjustByHolm([0.01, 0.04, 0.03, 0.005]);
    for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(adjusted[index]).toBeCloseTo(expected, 12);
  });

  it('caps at 1, leaves a single value alone and takes an empty list', () => {
    expect(adjustByHolm([0.6, 0.9])).toEqual([1, 1]);
    expect(adjustByHolm([0.02])).toEqual([0.02]);
    expect(adjustByHolm([])).toEqual([]);
  });

  it('refuses what is no probability', () => {
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => adjustByHolm([0.5, p])).toThrow(RangeError);
  });
});
