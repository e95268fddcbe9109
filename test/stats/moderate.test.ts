/**
 * Moderated variances against values that were derived without this code, and what holds of them whatever the data.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { geometricInterval } from '../../src/stats/intervals.ts';
import {
  fitVariancePrior,
  moderatedInterval,
  type SampleVariance,
  sampleVariance,
  squeezeVariance,
  type VariancePrior,
} from '../../src/stats/moderate.ts';

function samples(degreesOfFreedom: number, ...variances: readonly number[]): SampleVariance[] {
  return variances.map((variance) => ({ variance, degreesOfFreedom }));
}

function fit(...groups: readonly (readonly SampleVariance[])[]): VariancePrior {
  const prior = fitVariancePrior(groups);
  if (prior === undefined) throw new Error('nothing was learnt');
  return prior;
}

describe('fitVariancePrior', () => {
  // Derived by a script without this code: digamma and trigamma as sums of 20,000 terms with Euler and Maclaurin's
  // remainder, trigamma(d0 / 2) = beyondChance solved by bisection. Of the eight variances, mean(e) = 0.343836 and
  // var(e) - trigamma(2) = 2.902443, so d0 = 1.379187 and s0² = exp(0.343836 + digamma(0.689594) - ln(0.689594)).
  it('finds prior and agreement of variances that differ by more than chance', () => {
    const all = samples(4, 0.2, 0.5, 1, 2, 6, 20, 0.05, 1.5);
    const prior = fit(all.slice(0, 3), all.slice(3, 5), all.slice(5));
    expect(prior.agreement).toBeCloseTo(1.3791873531724934, 9);
    expect(prior.variance).toBeCloseTo(0.5860324954433452, 9);
    expect(prior.degreesOfFreedom).toBe(prior.agreement);
    expect(prior.samples).toBe(8);
  });

  // The same with degrees of freedom of each variance's own: beyondChance = 0.904937 with mean(trigamma(d / 2)) over
  // all seven.
  it('takes variances of unequal degrees of freedom', () => {
    const prior = fit(samples(2, 0.3, 0.9, 0.1), [...samples(4, 2.7, 4), ...samples(3, 1.1, 9)]);
    expect(prior.agreement).toBeCloseTo(3.0743496127610395, 9);
    expect(prior.variance).toBeCloseTo(1.2488609601842768, 9);
  });

  // (4 (1 + 1.2 + 0.8 + 1.3) + 2 (1.1 + 0.9)) / 20 = 1.06; all of one group but the largest has 4 degrees of freedom.
  it('pools variances that differ by no more than chance, and weighs them by what the other groups know', () => {
    const prior = fit([...samples(4, 1, 1.2), ...samples(2, 1.1)], [...samples(4, 0.8, 1.3), ...samples(2, 0.9)]);
    expect(prior.agreement).toBe(Number.POSITIVE_INFINITY);
    expect(prior.variance).toBeCloseTo(1.06, 12);
    expect(prior.degreesOfFreedom).toBe(4);
  });

  it('learns nothing from one group, which is one set of rounds, or from few variances', () => {
    const eight = samples(4, 1, 2, 3, 4, 5, 6, 7, 8);
    expect(fitVariancePrior([eight])).toBeUndefined();
    expect(fitVariancePrior([eight, []])).toBeUndefined();
    expect(fitVariancePrior([eight.slice(0, 3), eight.slice(3, 5)])).toBeUndefined();
    expect(fitVariancePrior([])).toBeUndefined();
    expect(fitVariancePrior([eight.slice(0, 3), eight.slice(3, 6)])).toBeDefined();
  });

  it('refuses what has no logarithm', () => {
    for (const variance of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => fitVariancePrior([samples(4, variance)])).toThrow(RangeError);
    expect(() => fitVariancePrior([samples(0, 1)])).toThrow(RangeError);
  });

  it('sees ever more agreement as variances of the usual size are added', () => {
    const spread = samples(4, 0.01, 100, 1, 1, 1, 1);
    const agreements = [0, 10, 20, 40].map(
      (count) => fit(spread, samples(4, ...Array.from({ length: count + 1 }, () => 1))).agreement,
    );
    expect(agreements).toEqual(agreements.toSorted((a, b) => a - b));
    expect(agreements.at(-1)).toBeGreaterThan(2 * (agreements[0] ?? 0));
  });
});

const variance = fc.double({ min: 1e-9, max: 1e3, noNaN: true });
const sample = fc.record({ variance, degreesOfFreedom: fc.integer({ min: 2, max: 12 }) });
const groups = fc.array(fc.array(sample, { minLength: 3, maxLength: 6 }), { minLength: 2, maxLength: 8 });

describe('a prior', () => {
  it('scales with the variances, and its weight does not', () => {
    fc.assert(
      fc.property(groups, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (all, factor) => {
        const scaled = all.map((group) => group.map((one) => ({ ...one, variance: one.variance * factor })));
        const [before, after] = [fit(...all), fit(...scaled)];
        expect(after.variance / before.variance / factor).toBeCloseTo(1, 6);
        expect(1 / after.agreement).toBeCloseTo(1 / before.agreement, 6);
      }),
    );
  });

  it('does not depend on the order of groups and of variances', () => {
    fc.assert(
      fc.property(groups, (all) => {
        const [before, after] = [fit(...all), fit(...all.map((group) => group.toReversed()).toReversed())];
        expect(after.variance / before.variance).toBeCloseTo(1, 9);
        expect(1 / after.agreement).toBeCloseTo(1 / before.agreement, 9);
      }),
    );
  });

  it('weighs no more than the other groups know', () => {
    fc.assert(
      fc.property(groups, (all) => {
        const known = all.map((group) => Math.max(...group.map(({ degreesOfFreedom }) => degreesOfFreedom)));
        const others = known.reduce((sum, one) => sum + one, 0) - Math.max(...known);
        expect(fit(...all).degreesOfFreedom).toBeLessThanOrEqual(others);
      }),
    );
  });
});

describe('squeezeVariance', () => {
  const prior: VariancePrior = { variance: 1, degreesOfFreedom: 8, agreement: 8, samples: 20 };

  it('weighs both variances by their degrees of freedom', () => {
    const squeezed = squeezeVariance({ variance: 0.4, degreesOfFreedom: 4 }, prior);
    expect(squeezed.degreesOfFreedom).toBe(12);
    expect(squeezed.variance).toBeCloseTo((8 * 1 + 4 * 0.4) / 12, 12);
    expect(squeezeVariance({ variance: 0, degreesOfFreedom: 4 }, prior).variance).toBeCloseTo(8 / 12, 12);
  });

  // With d = 4 and d0 = 8, F beyond 6 has the probability of a beta(4, 2) below z = 8 / (8 + 4 * 6) = 1 / 4, which is
  // 5z⁴ - 4z⁵ = 1/64: of the 8 degrees of freedom, 8 * (1/64) / 0.05 = 2.5 are left.
  it('takes a variance far beyond the usual more at its own word', () => {
    const squeezed = squeezeVariance({ variance: 6, degreesOfFreedom: 4 }, prior);
    expect(squeezed.degreesOfFreedom).toBeCloseTo(6.5, 9);
    expect(squeezed.variance).toBeCloseTo((2.5 * 1 + 4 * 6) / 6.5, 9);
    expect(squeezeVariance({ variance: 1000, degreesOfFreedom: 4 }, prior).variance).toBeCloseTo(1000, 0);
  });

  it('stays between the variance and the prior, and keeps the order of variances', () => {
    fc.assert(
      fc.property(groups, variance, variance, fc.integer({ min: 2, max: 9 }), (all, a, b, degreesOfFreedom) => {
        const learnt = fit(...all);
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((own) => {
          const squeezed = squeezeVariance({ variance: own, degreesOfFreedom }, learnt);
          const rounding = 1 + 1e-12;
          expect(squeezed.variance).toBeLessThanOrEqual(Math.max(own, learnt.variance) * rounding);
          expect(squeezed.variance * rounding).toBeGreaterThanOrEqual(Math.min(own, learnt.variance));
          expect(squeezed.degreesOfFreedom).toBeGreaterThanOrEqual(degreesOfFreedom);
          return squeezed.variance;
        });
        expect(low).toBeLessThanOrEqual((high ?? 0) * (1 + 1e-9));
      }),
    );
  });

  it('leaves a variance as it is where the prior weighs nothing', () => {
    const own = { variance: 2, degreesOfFreedom: 3 };
    expect(squeezeVariance(own, { ...prior, degreesOfFreedom: 0 })).toEqual(own);
  });

  it('refuses what is no variance', () => {
    expect(() => squeezeVariance({ variance: -1, degreesOfFreedom: 4 }, prior)).toThrow(RangeError);
    expect(() => squeezeVariance({ variance: Number.NaN, degreesOfFreedom: 4 }, prior)).toThrow(RangeError);
  });
});

describe('moderatedInterval', () => {
  const values = [1.1, 1.3, 1.2, 1.25, 1.15];

  it('is the plain interval without a prior', () => {
    expect(moderatedInterval(values)).toEqual({ ...geometricInterval(values), degreesOfFreedom: 4 });
  });

  it('narrows and widens by the prior, around the same centre', () => {
    const own = sampleVariance(values.map((value) => Math.log(value))).variance;
    const priorOf = (factor: number): VariancePrior => {
      return { variance: own * factor, degreesOfFreedom: 30, agreement: 30, samples: 20 };
    };
    const widths = [0.5, 1, 2].map((factor) => {
      const { mean, lo, hi, degreesOfFreedom } = moderatedInterval(values, { prior: priorOf(factor) });
      expect(mean).toBeCloseTo(geometricInterval(values).mean, 12);
      expect(degreesOfFreedom).toBeCloseTo(34, 9);
      return (hi ?? 0) / (lo ?? 1);
    });
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
    const { lo = 0, hi = 0 } = geometricInterval(values);
    // The same variance with more certainty: t at 34 degrees of freedom in place of t at 4.
    expect(Math.log(widths[1] ?? 0) / Math.log(hi / lo)).toBeCloseTo(2.03224451 / 2.77644511, 6);
  });

  it('has no bounds below three values, whatever is known', () => {
    const prior: VariancePrior = { variance: 1e-4, degreesOfFreedom: 30, agreement: 30, samples: 20 };
    expect(moderatedInterval([2, 8], { prior })).toEqual({ mean: 4 });
    expect(moderatedInterval([2, 2, 2], { prior }).lo).toBeLessThan(2);
    expect(() => moderatedInterval([1, 0, 2], { prior })).toThrow(RangeError);
  });
});

describe('sampleVariance', () => {
  it('divides by the degrees of freedom', () => {
    expect(sampleVariance([1, 2, 3, 4])).toEqual({ variance: 5 / 3, degreesOfFreedom: 3 });
    expect(() => sampleVariance([1])).toThrow(RangeError);
  });
});
