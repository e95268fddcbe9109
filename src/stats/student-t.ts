/**
 * Quantiles of Student's t distribution, which the intervals of a handful of forks need.
 *
 * The distribution comes from jstat; a test holds it against the published table. Deliberately absent: the normal
 * approximation, which is far too narrow for two to ten forks.
 */
import jStat from 'jstat';

/**
 * The t value that `confidence` of the distribution lies within, both tails cut off equally.
 * @param confidence in (0, 1), e.g. 0.95.
 * @param degreesOfFreedom an integer >= 1: values minus one.
 * @throws {RangeError} outside these ranges.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm for the table
 */
export function twoSidedT(confidence: number, degreesOfFreedom: number): number {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence must lie between 0 and 1, not ${confidence}`);
  }
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`degrees of freedom must be an integer from 1, not ${degreesOfFreedom}`);
  }
  return jStat.studentt.inv((1 + confidence) / 2, degreesOfFreedom);
}
