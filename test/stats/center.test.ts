/**
 * Centres on lists whose answer is known, and what they refuse.
 */
import { describe, expect, it } from 'vitest';

import { geometricMean, median } from '../../src/stats/center.ts';

describe('median', () => {
  it('takes the middle of an odd count whatever the order', () => {
    expect(median([9, 1, 4])).toBe(4);
  });

  it('takes the mean of the two middle values of an even count', () => {
    expect(median([8, 1, 2, 100])).toBe(5);
  });

  it('sorts by value, not by text, and leaves its input as it is', () => {
    const values = [100, 20, 3];
    expect(median(values)).toBe(20);
    expect(values).toEqual([100, 20, 3]);
  });

  it('refuses an empty list and NaN', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => median([1, Number.NaN])).toThrow(RangeError);
  });
});

describe('geometricMean', () => {
  it('averages a doubling and a halving to no change', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
  });

  it('refuses zero, negative numbers and infinities', () => {
    for (const value of [0, -1, Number.POSITIVE_INFINITY]) {
      expect(() => geometricMean([1, value])).toThrow(RangeError);
    }
  });
});
