/**
 * The derivatives of ln gamma against closed forms and against their defining sums.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { digamma, inverseTrigamma, trigamma } from '../../src/stats/polygamma.ts';

const euler = 0.5772156649015329;
const half = -euler - 2 * Math.LN2;

describe('digamma and trigamma', () => {
  // Closed forms; the fractions by 200,000 terms of the sums over 1 / (x + k) and 1 / (x + k)^2, and Euler and
  // Maclaurin's remainder.
  it.each([
    [0.1, -10.423754940411078, 101.43329915079275],
    [0.5, half, Math.PI ** 2 / 2],
    [1, -euler, Math.PI ** 2 / 6],
    [2, 1 - euler, Math.PI ** 2 / 6 - 1],
    [2.5, half + 2 + 2 / 3, Math.PI ** 2 / 2 - 4 - 4 / 9],
    [10, 2.251752589066721, 0.10516633568168576],
    [33.25, 3.488941803520939, 0.030531979535421604],
  ])('of %d are what their sums give', (x, first, second) => {
    expect(digamma(x)).toBeCloseTo(first, 11);
    expect(trigamma(x)).toBeCloseTo(second, 11);
  });

  it('refuse what they are not defined or not needed for', () => {
    for (const x of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      for (const of of [digamma, trigamma, inverseTrigamma]) expect(() => of(x)).toThrow(RangeError);
  });
});

describe('inverseTrigamma', () => {
  it.each([
    { range: 'the usual range', least: -3, most: 5, digits: 9 },
    { range: 'all magnitudes', least: -8, most: 8, digits: 5 },
  ])('gives back what trigamma was taken of, over $range', ({ least, most, digits }) => {
    fc.assert(
      fc.property(fc.double({ min: least, max: most, noNaN: true }), (power) => {
        const x = 10 ** power;
        expect(inverseTrigamma(trigamma(x)) / x).toBeCloseTo(1, digits);
      }),
    );
  });
});
