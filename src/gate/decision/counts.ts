/**
 * Bytes of output and of allocations: near-exact counts, which show in all duets or nearly all of them.
 */
import type { CountChange, Duet } from '../../model/gate.ts';
import { median } from '../../stats/center.ts';
import { testMeanAbove } from '../../stats/significance.ts';
import type { CellVerdict } from './statuses.ts';
import { percent } from './wording.ts';

/** The counts that one change of a cell is judged by. */
export interface CountReading extends CountChange {
  /** Whether duets rose beyond the tolerance, and too few to say: any of an exact count, half of one that wobbles. */
  readonly unsettled: boolean;
}

/** When duets show a change of a count. */
interface CountRule {
  /** A smaller change in bytes is none. */
  readonly smallestChange: number;
  readonly fewestForks: number;
  /** Share of the duets that have to show it. */
  readonly mostForks: number;
  /** Of a t test of the logarithms of their ratios, where the count scatters; absent for one that is exact. */
  readonly level?: number;
}

const rules: Readonly<Record<'outputBytes' | 'allocatedBytesPerOp', CountRule>> = {
  outputBytes: { smallestChange: 0, fewestForks: 1, mostForks: 1 },
  allocatedBytesPerOp: {
    // Less than a small object an operation, which inlining moves.
    smallestChange: 64,
    // Allocations wobble with what the compiler optimised away, so that few duets never decide: nine of ten rise in one
    // series of ten out of a hundred where as many rise as fall, fifteen of sixteen in one out of four thousand.
    fewestForks: 16,
    // Single duets may be odd, in either direction.
    mostForks: 0.9,
    // Where all of them are odd, their signs say less than how far they scatter.
    level: 0.001,
  },
};

/**
 * Compares a near-exact count: a change has to show in all duets or nearly all of them; one that scatters has to pass a
 * test as well.
 * @param duets those that measured both sides. @param tolerance as a share.
 * @returns undefined where no duet has the count on both sides.
 */
export function readCount(
  duets: readonly Duet[],
  measure: keyof typeof rules,
  tolerance: number,
): CountReading | undefined {
  const { smallestChange, fewestForks, mostForks, level } = rules[measure];
  const pairs = duets.flatMap(({ baseline, candidate }) => {
    const before = baseline[measure];
    const after = candidate[measure];
    return before === undefined || after === undefined ? [] : [{ before, after }];
  });
  if (pairs.length === 0) return undefined;
  const rises = pairs.filter(
    ({ before, after }) => after - before >= smallestChange && share(before, after) > tolerance,
  ).length;
  const falls = pairs.filter(
    ({ before, after }) => before - after >= smallestChange && share(before, after) < -tolerance,
  ).length;
  const enough = pairs.length >= fewestForks;
  const needed = mostForks * pairs.length;
  const baseline = median(pairs.map(({ before }) => before));
  const candidate = median(pairs.map(({ after }) => after));
  const isFarEnough = (sign: 1 | -1): boolean => {
    if (level === undefined) return true;
    const logRatios = pairs.map((pair) => sign * Math.log(Math.max(pair.after, 1) / Math.max(pair.before, 1)));
    return testMeanAbove(logRatios, Math.log1p(tolerance)) <= level;
  };
  const risen = enough && rises >= needed && isFarEnough(1);
  const fallen = enough && falls >= needed && isFarEnough(-1);
  return {
    baseline,
    candidate,
    change: share(baseline, candidate),
    verdict: risen ? 'regression' : fallen ? 'improvement' : 'pass',
    unsettled: rises > 0 && rises >= (mostForks === 1 ? 0 : pairs.length / 2) && !risen,
  };
}

/** Change as a share; a count below one byte is taken as one, so that the share of none exists. */
function share(before: number, after: number): number {
  return (after - before) / Math.max(before, 1);
}

export function judgeCount(what: string, count: CountReading | undefined): CellVerdict[] {
  if (count === undefined || count.verdict === 'pass') return [];
  const { baseline, candidate, change, verdict } = count;
  const direction = change > 0 ? 'more' : 'fewer';
  return [
    {
      verdict,
      reason: `${what}: ${percent(Math.abs(change))} ${direction} bytes (${Math.round(baseline)} to ${Math.round(candidate)})`,
    },
  ];
}

export function toCountChange({ baseline, candidate, change, verdict }: CountReading): CountChange {
  return { baseline, candidate, change, verdict };
}
