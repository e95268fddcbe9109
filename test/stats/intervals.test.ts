/**
 * Quantiles against the published table, and intervals worked out by hand.
 */
import { describe, expect, it } from 'vitest';

import { differenceInterval, geometricInterval, meanInterval, ratioInterval } from '../../src/stats/intervals.ts';
import { twoSidedT } from '../../src/stats/student-t.ts';

describe('twoSidedT', () => {
  // Three decimals are what the NIST table of critical values prints.
  it.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.95, 4, 2.776],
    [0.95, 9, 2.262],
    [0.95, 30, 2.042],
    [0.95, 100, 1.984],
    [0.9, 9, 1.833],
    [0.99, 1, 63.657],
    [0.99, 4, 4.604],
    [0.998, 2, 22.327],
  ])('agrees with the published table at confidence %d and %d degrees of freedom', (confidence, df, expected) => {
    expect(twoSidedT(confidence, df)).toBeCloseTo(expected, 3);
  });

  // Fractions by integrating the density numerically (Simpson) and bisection.
  it.each([
    [0.95, 4.5, 2.6589123],
    [0.95, 16.4, 2.1157108],
    [0.99, 2.25, 8.2581767],
  ])('takes fractions: confidence %d and %d degrees of freedom', (confidence, df, expected) => {
    expect(twoSidedT(confidence, df)).toBeCloseTo(expected, 6);
  });

  it('falls to the normal quantile as the degrees of freedom grow, and is that one where they are infinite', () => {
    const normal = 1.959963984540054;
    expect(twoSidedT(0.95, Number.POSITIVE_INFINITY)).toBeCloseTo(normal, 9);
    const falling = [1, 1.5, 4, 4.5, 100, 1e5, 1e6, 1e9, Number.POSITIVE_INFINITY].map((df) => twoSidedT(0.95, df));
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    expect(twoSidedT(0.95, 1e9)).toBeCloseTo(normal, 6);
  });

  it('refuses a confidence outside (0, 1) and degrees of freedom below one', () => {
    for (const confidence of [0, 1, 95, Number.NaN]) expect(() => twoSidedT(confidence, 3)).toThrow(RangeError);
    for (const df of [0, -1, 0.5, Number.NaN]) expect(() => twoSidedT(0.95, df)).toThrow(RangeError);
  });
});

describe('meanInterval', () => {
  it('gives the interval that a hand computation gives', () => {
    // Mean 3, standard deviation sqrt(2.5), half width 2.776 x sqrt(2.5 / 5).
    const interval = meanInterval([1, 2, 3, 4, 5], 0.95);
    expect(interval.mean).toBe(3);
    expect(interval.lo).toBeCloseTo(3 - 1.9632, 3);
    expect(interval.hi).toBeCloseTo(3 + 1.9632, 3);
    expect(interval.confidence).toBe(0.95);
  });

  it('gives fewer than three values no bounds', () => {
    expect(meanInterval([7], 0.95)).toEqual({ mean: 7 });
    expect(meanInterval([6, 8], 0.95)).toEqual({ mean: 7 });
    expect(meanInterval([6, 7, 8], 0.95).lo).toBeLessThan(6);
  });

  it('gives equal values an interval without width', () => {
    expect(meanInterval([2, 2, 2], 0.95)).toEqual({ mean: 2, lo: 2, hi: 2, confidence: 0.95 });
  });

  it('widens with confidence', () => {
    const narrow = meanInterval([1, 2, 4], 0.8);
    const wide = meanInterval([1, 2, 4], 0.99);
    expect(wide.lo).toBeLessThan(narrow.lo ?? Number.NaN);
    expect(wide.hi).toBeGreaterThan(narrow.hi ?? Number.NaN);
  });

  it('refuses an empty list, NaN and infinities', () => {
    for (const values of [[], [1, Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
      expect(() => meanInterval(values, 0.95)).toThrow(RangeError);
    }
  });
});

describe('geometricInterval', () => {
  it('is the same interval whatever the unit', () => {
    const micro = geometricInterval([1.1, 1.3, 1.2], 0.95);
    const nano = geometricInterval([1100, 1300, 1200], 0.95);
    expect(nano.mean).toBeCloseTo(micro.mean * 1000, 6);
    expect(nano.hi).toBeCloseTo((micro.hi ?? Number.NaN) * 1000, 6);
  });

  it('refuses zero and negative times', () => {
    expect(() => geometricInterval([1, 0], 0.95)).toThrow(RangeError);
    expect(() => geometricInterval([1, -3], 0.95)).toThrow(RangeError);
  });
});

describe('ratioInterval', () => {
  it('cancels drift that both sides of a pair share', () => {
    const pairs = [1, 1.5, 3].map((drift) => ({ numerator: 20 * drift, denominator: 10 * drift }));
    const interval = ratioInterval(pairs, 0.95);
    expect(interval.mean).toBeCloseTo(2, 12);
    expect(interval.lo).toBeCloseTo(2, 12);
    expect(interval.hi).toBeCloseTo(2, 12);
  });

  it('turns upside down with its pairs', () => {
    const pairs = [
      [10, 5],
      [12, 5],
      [9, 4],
    ].map(([a = 1, b = 1]) => ({ numerator: a, denominator: b }));
    const turned = pairs.map(({ numerator, denominator }) => ({ numerator: denominator, denominator: numerator }));
    const there = ratioInterval(pairs, 0.95);
    const back = ratioInterval(turned, 0.95);
    expect(back.lo).toBeCloseTo(1 / (there.hi ?? Number.NaN), 12);
    expect(back.hi).toBeCloseTo(1 / (there.lo ?? Number.NaN), 12);
  });
});

describe('differenceInterval', () => {
  /** As many values with exactly this mean and standard deviation. */
  function sampleOf({ count, mean, deviation }: { count: number; mean: number; deviation: number }): number[] {
    const steps = Array.from({ length: count }, (_, index) => index - (count - 1) / 2);
    const scale = deviation / Math.sqrt(steps.reduce((sum, step) => sum + step ** 2, 0) / (count - 1));
    return steps.map((step) => mean + scale * step);
  }

  it('agrees with the published example of unequal variances', () => {
    // Mileage of American and Japanese cars in the NIST handbook, section 1.3.5.3: t = -12.94627, 136.8750 degrees.
    const first = sampleOf({ count: 249, mean: 20.14458, deviation: 6.4147 });
    const second = sampleOf({ count: 79, mean: 30.48101, deviation: 6.10771 });
    const { mean, lo = Number.NaN, hi = Number.NaN, confidence } = differenceInterval({ first, second }, 0.95);
    expect(mean).toBeCloseTo(10.33643, 5);
    expect(hi - mean).toBeCloseTo(mean - lo, 10);
    // Degrees of freedom are rounded down.
    expect(mean / ((hi - mean) / twoSidedT(0.95, 136))).toBeCloseTo(12.94627, 3);
    expect(confidence).toBe(0.95);
  });

  it('gives the interval that a hand computation gives', () => {
    // Squared errors 1/3 and 20/3; 49 / (1/18 + 400/27) = 3.3 degrees, so t is 3.182 and the half width t x sqrt(7).
    const interval = differenceInterval({ first: [1, 2, 3], second: [16 - Math.sqrt(40), 16, 16, 16 + Math.sqrt(40)] });
    expect(interval.mean).toBeCloseTo(14, 12);
    expect(interval.lo).toBeCloseTo(14 - 8.42, 2);
    expect(interval.hi).toBeCloseTo(14 + 8.42, 2);
  });

  it('turns its sign with its sides', () => {
    const [first, second] = [
      [1, 2, 4],
      [3, 5, 9, 11],
    ];
    const there = differenceInterval({ first, second }, 0.9);
    const back = differenceInterval({ first: second, second: first }, 0.9);
    expect(back.mean).toBeCloseTo(-there.mean, 12);
    expect(back.lo).toBeCloseTo(-(there.hi ?? Number.NaN), 12);
    expect(back.hi).toBeCloseTo(-(there.lo ?? Number.NaN), 12);
  });

  it('has no bounds where one side has fewer than three values, and no width where both sides have equal ones', () => {
    expect(differenceInterval({ first: [1], second: [3, 4] })).toEqual({ mean: 2.5 });
    expect(differenceInterval({ first: [1, 2], second: [3] })).toEqual({ mean: 1.5 });
    expect(differenceInterval({ first: [1, 1], second: [3, 3, 3] })).toEqual({ mean: 2 });
    expect(differenceInterval({ first: [1, 1, 1], second: [3, 3, 3] })).toEqual({
      mean: 2,
      lo: 2,
      hi: 2,
      confidence: 0.95,
    });
  });

  it('takes the degrees of freedom of the only side that varies', () => {
    // A standard deviation of 1 in three values, so t of two degrees x sqrt(1 / 3).
    const { hi = Number.NaN } = differenceInterval({ first: [0, 0, 0, 0, 0], second: [1, 2, 3] });
    expect(hi).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 3);
  });

  it('refuses an empty side, NaN and infinities', () => {
    for (const values of [[], [1, Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
      expect(() => differenceInterval({ first: values, second: [1, 2] })).toThrow(RangeError);
      expect(() => differenceInterval({ first: [1, 2], second: values })).toThrow(RangeError);
    }
  });
});
