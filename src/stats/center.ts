/**
 * Centres of a list of numbers: the median, and the geometric mean for what multiplies.
 *
 * Pure functions that leave their input as it is.
 */

/**
 * The middle value, or the mean of the two middle values of an even count.
 * @param values any order, any unit, length >= 1; infinities are allowed.
 * @throws {RangeError} if `values` is empty or holds NaN.
 */
export function median(values: readonly number[]): number {
  requireNumbers(values);
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  if (sorted.length % 2 === 1) return upper;
  return ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The mean of the logarithms, taken back: the average factor.
 * @param values positive and finite, length >= 1.
 * @throws {RangeError} if `values` is empty or holds NaN, zero, a negative number or an infinity.
 */
export function geometricMean(values: readonly number[]): number {
  const logs = logarithms(values);
  return Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length);
}

/**
 * Natural logarithms in the order given.
 * @throws {RangeError} if `values` is empty or holds anything but positive finite numbers.
 */
export function logarithms(values: readonly number[]): number[] {
  requireNumbers(values);
  return values.map((value) => {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new RangeError(`a logarithm needs a positive finite number, not ${value}`);
    }
    return Math.log(value);
  });
}

/**
 * Refuses what no statistic is defined for.
 * @throws {RangeError} if `values` is empty or holds NaN.
 */
export function requireNumbers(values: readonly number[]): void {
  if (values.length === 0) throw new RangeError('a statistic needs at least one value');
  if (values.some((value) => Number.isNaN(value))) throw new RangeError('a statistic of NaN is not defined');
}
