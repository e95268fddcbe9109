/**
 * The part of the untyped package `jstat` that is used here: Student's t distribution, the F distribution, and
 * quantiles of the beta and the normal distribution.
 */
declare module 'jstat' {
  const jStat: {
    readonly beta: {
      /** Quantile at `probability` in (0, 1); both shape parameters are positive. */
      inv(probability: number, alpha: number, beta: number): number;
    };
    readonly centralF: {
      /** Probability of a value up to `x` >= 0, for positive degrees of freedom, fractions too. */
      cdf(x: number, numeratorDegrees: number, denominatorDegrees: number): number;
    };
    readonly normal: {
      /** Quantile at `probability` in (0, 1). */
      inv(probability: number, mean: number, standardDeviation: number): number;
    };
    readonly studentt: {
      /** Quantile at `probability` in (0, 1) for `degreesOfFreedom` > 0. */
      inv(probability: number, degreesOfFreedom: number): number;
      /** Probability of a value up to `t`, which must be finite, for `degreesOfFreedom` > 0. */
      cdf(t: number, degreesOfFreedom: number): number;
    };
  };
  export default jStat;
}
