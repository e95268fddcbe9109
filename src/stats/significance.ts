/**
 * Whether a mean lies above a bound by more than chance explains: two one-sided tests, and Holm's correction for many.
 *
 * The t test assumes values that are near enough to normal; the sign-flip test assumes only that they lie symmetrically
 * about their mean. The caller sees to independence: one value a fork.
 */
import jStat from 'jstat';

import { requireNumbers } from './center.ts';

/**
 * Student's one-sided t test of "the mean is at most `bound`" against "it is above".
 * @param values finite, length >= 2, any order; equal values give 0 or 1, by the side of the bound they lie on.
 * @returns the p value in [0, 1]; small where the mean is above the bound.
 * @throws {RangeError} for fewer than two values, NaN or an infinity.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda352.htm
 */
export function testMeanAbove(values: readonly number[], bound: number): number {
  requireTestable(values, bound);
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const t = (mean - bound) / Math.sqrt(squares / (count - 1) / count);
  if (!Number.isFinite(t)) return mean > bound ? 0 : 1;
  // The lower tail of -t is the upper tail of t, without the cancellation of 1 - cdf(t).
  return jStat.studentt.cdf(-t, count - 1);
}

/**
 * Values that may carry a sign of their own; further ones share a sign with an earlier one. 2^32 assignments are more
 * than any level asked for here can use, and splitting them in two halves of 2^16 sums keeps the count exact and quick.
 */
const freeSigns = 32;

/**
 * Exact sign-flip (one-sample permutation) test of "the values lie symmetrically about `bound` or lower".
 * @param values finite, length >= 2, any order. No p value below 2^-n can come out of n values.
 * @returns the share, in (0, 1], of all assignments of signs to the distances from `bound` whose sum is at least the
 *   one observed. Beyond 32 values, value i takes the sign of value i - 32: still exact, of fewer assignments.
 * @throws {RangeError} for fewer than two values, NaN or an infinity.
 * @see Fisher, The Design of Experiments (1935), section 21
 */
export function testBySignFlips(values: readonly number[], bound: number): number {
  requireTestable(values, bound);
  const distances: number[] = [];
  for (const [index, value] of values.entries()) {
    const place = index % freeSigns;
    distances[place] = (distances[place] ?? 0) + value - bound;
  }
  const observed = distances.reduce((sum, distance) => sum + distance, 0);
  const magnitude = distances.reduce((sum, distance) => sum + Math.abs(distance), 0);
  // The observed assignment has to count itself, in whatever order its sum was rounded.
  const enough = observed - magnitude * 1e-12;
  const half = distances.length >> 1;
  const left = signedSums(distances.slice(0, half));
  const right = signedSums(distances.slice(half));
  let reaching = 0;
  // As the sum from the left grows, ever smaller ones from the right are enough.
  let first = right.length;
  for (const sum of left) {
    while (first > 0 && sum + (right[first - 1] as number) >= enough) first--;
    reaching += right.length - first;
  }
  return reaching / 2 ** distances.length;
}

/**
 * Holm's step-down adjustment: reject where the adjusted p value is at most the level, and the chance of even one
 * false rejection among all tests stays at most that level, however the tests depend on each other.
 * @param pValues in [0, 1]; empty gives empty; not modified.
 * @returns adjusted p values in the order given, at most 1.
 * @throws {RangeError} for a value outside [0, 1] or NaN.
 * @see https://doi.org/10.2307/4615733
 */
export function adjustByHolm(pValues: readonly number[]): number[] {
  if (!pValues.every((p) => p >= 0 && p <= 1)) throw new RangeError('a p value must lie between 0 and 1');
  const ascending = [...pValues.entries()].toSorted(([, a], [, b]) => a - b);
  const adjusted = Array.from(pValues);
  let largest = 0;
  for (const [rank, [index, p]] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}

/** Sums under every assignment of signs, ascending; a single 0 for no distances. */
function signedSums(distances: readonly number[]): Float64Array {
  let sums = [0];
  for (const distance of distances) sums = sums.flatMap((sum) => [sum - distance, sum + distance]);
  return Float64Array.from(sums).toSorted();
}

function requireTestable(values: readonly number[], bound: number): void {
  requireNumbers([...values, bound]);
  if (values.length < 2) throw new RangeError('a test of a mean needs at least two values');
  if (![...values, bound].every((value) => Number.isFinite(value)))
    throw new RangeError('a test of a mean needs finite values');
}
