/**
 * Confidence intervals for a mean and for what multiplies (times, ratios), from a handful of independent values.
 *
 * The caller sees to independence: one value a fork, never one a block. Assumes that the values (or their logarithms)
 * are near enough to normal; test/stats/coverage.test.ts shows what that costs on bimodal forks. Deliberately absent:
 * the bootstrap, which covers far less than it says with three to ten values.
 */
import { logarithms, requireNumbers } from './center.ts';
import { twoSidedT } from './student-t.ts';

/** The conventional level; every interval of a run uses the same one. */
const defaultConfidence = 0.95;

/**
 * Values that bounds need at least. With two, t is 12.7 at 95%: a table then said "0.008x to 63x", which is no interval
 * but the lack of one.
 */
export const fewestForBounds = 3;

/** A centre with its bounds, all in the unit of the values. */
export interface Interval {
  readonly mean: number;
  /** Absent, with `hi` and `confidence`, where fewer than three values allow no bounds. */
  readonly lo?: number;
  readonly hi?: number;
  readonly confidence?: number;
}

/**
 * Student's t interval for the mean of independent values.
 * @param values any unit, finite, length >= 1; fewer than three give a mean without bounds, equal values an
 *   interval without width.
 * @param confidence in (0, 1).
 * @throws {RangeError} if `values` is empty or holds NaN or an infinity, or `confidence` lies outside (0, 1).
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda352.htm
 */
export function meanInterval(values: readonly number[], confidence: number = defaultConfidence): Interval {
  requireNumbers(values);
  if (!values.every((value) => Number.isFinite(value))) throw new RangeError('an interval needs finite values');
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < fewestForBounds) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const halfWidth = twoSidedT(confidence, count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { mean, lo: mean - halfWidth, hi: mean + halfWidth, confidence };
}

/**
 * t interval on the logarithms, taken back: for values that vary by a factor, as times and ratios of times do.
 * @param values positive and finite, length >= 1; `mean` is their geometric mean. Bounds are positive, and further
 *   from the mean above than below.
 * @throws {RangeError} if `values` is empty or holds anything but positive finite numbers.
 */
export function geometricInterval(values: readonly number[], confidence: number = defaultConfidence): Interval {
  const { mean, lo, hi } = meanInterval(logarithms(values), confidence);
  if (lo === undefined || hi === undefined) return { mean: Math.exp(mean) };
  return { mean: Math.exp(mean), lo: Math.exp(lo), hi: Math.exp(hi), confidence };
}

/** Two times that were taken close together, so that what slows one slows the other. */
export interface Pair {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * Interval for numerator / denominator from pairs: drift that both sides of a pair share cancels.
 * @param pairs positive and finite on both sides, length >= 1, independent of each other.
 * @throws {RangeError} if `pairs` is empty or a side is not positive and finite.
 */
export function ratioInterval(pairs: readonly Pair[], confidence: number = defaultConfidence): Interval {
  return geometricInterval(
    pairs.map(({ numerator, denominator }) => numerator / denominator),
    confidence,
  );
}

/**
 * Welch's t interval for mean(second) - mean(first) of two independent lists with variances of their own.
 * @param values any unit, finite, each list of length >= 1; where one has fewer than three, a mean without bounds.
 * @throws {RangeError} if a list is empty or holds NaN or an infinity.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda353.htm
 */
export function differenceInterval(
  values: { first: readonly number[]; second: readonly number[] },
  confidence: number = defaultConfidence,
): Interval {
  const [first, second] = [values.first, values.second].map((list) => {
    const { mean } = meanInterval(list);
    const count = list.length;
    const variance =
      count < fewestForBounds ? Number.NaN : list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
    return { mean, count, error: variance / count };
  }) as [MeanError, MeanError];
  const mean = second.mean - first.mean;
  const error = first.error + second.error;
  if (Number.isNaN(error)) return { mean };
  const exact = error ** 2 / (first.error ** 2 / (first.count - 1) + second.error ** 2 / (second.count - 1));
  // Rounded down, which makes the interval a little wider; equal values have no error and need no quantile.
  const degreesOfFreedom = Number.isFinite(exact) ? Math.max(1, Math.floor(exact)) : 1;
  const halfWidth = twoSidedT(confidence, degreesOfFreedom) * Math.sqrt(error);
  return { mean, lo: mean - halfWidth, hi: mean + halfWidth, confidence };
}

interface MeanError {
  readonly mean: number;
  readonly count: number;
  /** Squared standard error of the mean. */
  readonly error: number;
}
