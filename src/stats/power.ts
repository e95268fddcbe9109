/**
 * How small a change a number of forks can show.
 *
 * Uses the sum of two t quantiles, which for three forks or more is within a few percent of the noncentral t
 * distribution; test/stats/power.test.ts holds it against simulated tests.
 */
import { twoSidedT } from './student-t.ts';

/**
 * The smallest slowdown that a one-sided t test on the logarithms of time ratios finds with the given power.
 * @param request.spread standard deviation of ln(ratio) between forks, >= 0.
 * @param request.forks independent forks; below 2 nothing can be shown, and the result is infinite.
 * @param request.tolerance what the test allows, as a share: 0.03 for "is it more than 3% slower". 0 unless given,
 *   which asks what can be told from no change at all.
 * @param request.confidence 1 minus the level of the test, in (0.5, 1); 0.95 unless given.
 * @param request.power in (0.5, 1); 0.8, four sessions of five, unless given.
 * @returns a share: 0.05 for 5% slower.
 * @throws {RangeError} outside these ranges or for NaN.
 * @see https://www.itl.nist.gov/div898/handbook/prc/section2/prc222.htm
 */
export function detectableChange(request: {
  spread: number;
  forks: number;
  tolerance?: number;
  confidence?: number;
  power?: number;
}): number {
  const { spread, forks, tolerance = 0, confidence = 0.95, power = 0.8 } = request;
  if (!(spread >= 0)) throw new RangeError(`a spread must be 0 or more, not ${spread}`);
  if (!(tolerance >= 0)) throw new RangeError(`a tolerance must be 0 or more, not ${tolerance}`);
  if (forks < 2) return Number.POSITIVE_INFINITY;
  const quantiles = oneSidedT(confidence, forks - 1) + oneSidedT(power, forks - 1);
  return (1 + tolerance) * Math.exp((quantiles * spread) / Math.sqrt(forks)) - 1;
}

function oneSidedT(probability: number, degreesOfFreedom: number): number {
  return twoSidedT(2 * probability - 1, degreesOfFreedom);
}
