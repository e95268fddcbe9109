/**
 * Quantiles of Student's t distribution, which the intervals of a handful of forks need.
 *
 * The distribution comes from jstat; a test holds it against the published table. The normal distribution stands in
 * only where nobody can tell the two apart: it is far too narrow for two to ten forks.
 */
import jStat from 'jstat';

/** Beyond it the t distribution is the normal one to six digits, and its quantile in jstat loses some. */
const nearlyNormal = 1e6;

/**
 * The t value that `confidence` of the distribution lies within, both tails cut off equally.
 * @param confidence in (0, 1), e.g. 0.95.
 * @param degreesOfFreedom >= 1: values minus one, or more where other values help, a fraction too; infinite for a
 *   variance that is known.
 * @throws {RangeError} outside these ranges.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm for the table
 */
export function twoSidedT(confidence: number, degreesOfFreedom: number): number {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence must lie between 0 and 1, not ${confidence}`);
  }
  if (!(degreesOfFreedom >= 1)) {
    throw new RangeError(`degrees of freedom must be 1 or more, not ${degreesOfFreedom}`);
  }
  const probability = (1 + confidence) / 2;
  if (degreesOfFreedom > nearlyNormal) return jStat.normal.inv(probability, 0, 1);
  return jStat.studentt.inv(probability, degreesOfFreedom);
}
