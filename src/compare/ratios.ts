/**
 * What a metric of one cell is to that of another, formed inside rounds, and what an interval allows to be said of it.
 *
 * A round measures the cells of a group beside each other, so what slows the machine for a while slows both sides
 * of the ratio and cancels. A difference is told from none by its interval alone; there are no thresholds.
 */
import type { Cell } from '../model/cell.ts';
import type { MetricInfo, Ratio, UsualSpread } from '../model/metric.ts';
import { fewestForBounds, type Interval, type Pair } from '../stats/intervals.ts';
import { type ModeratedInterval, moderatedInterval } from '../stats/moderate.ts';

export { fewestForBounds } from '../stats/intervals.ts';

/**
 * What can be said of a ratio, whichever of both is better: `unknown` where fewer than three rounds give no interval.
 */
export type Standing = 'more' | 'less' | 'no-difference' | 'unknown';

/** The two sides of a comparison. */
export interface ComparedPair {
  readonly subject: Pick<Cell, 'metrics'>;
  readonly against: Pick<Cell, 'metrics'>;
}

/** Logarithms and back leave this much of a ratio that was the same in every round. */
export const roundingError = 1e-9;

/** Values of a metric on both sides, of the rounds that both were measured in, in the order of `against`. */
export function pairRounds(
  { subject, against }: ComparedPair,
  metric: string,
): { readonly round: number; readonly subject: number; readonly against: number }[] {
  const byRound = new Map(subject.metrics[metric]?.values.map(({ round, value }) => [round, value]));
  return (against.metrics[metric]?.values ?? []).flatMap(({ round, value }) => {
    const own = byRound.get(round);
    return own === undefined ? [] : [{ round, subject: own, against: value }];
  });
}

/** Both values as the metric's ratio has them. */
export function quote(
  { subject, against }: { readonly subject: number; readonly against: number },
  { ratio }: Pick<MetricInfo, 'ratio'>,
): Pair {
  return ratio === 'reference/value'
    ? { numerator: against, denominator: subject }
    : { numerator: subject, denominator: against };
}

/** A metric, as far as ratios go. */
export type RatioInfo = Pick<MetricInfo, 'name' | 'ratio' | 'resolution'>;

/** Times of micro-benchmarks, whose ratio is the speedup. */
const timeRatio: RatioInfo = { name: 'latencyNs', ratio: 'reference/value' };

/**
 * The metric's ratio in each of the rounds.
 * @returns `undefined` without a round, and where a value is not positive or below what the metric tells apart: one
 *   pair decides for all, since leaving some rounds out would choose the evidence.
 */
export function formRatios(
  pairs: readonly { readonly subject: number; readonly against: number }[],
  info: RatioInfo,
): number[] | undefined {
  const least = Math.min(...pairs.flatMap(({ subject, against }) => [subject, against]));
  if (pairs.length === 0 || least <= 0 || least < (info.resolution ?? 0)) return undefined;
  return pairs.map((pair) => {
    const { numerator, denominator } = quote(pair, info);
    return numerator / denominator;
  });
}

/** Whether the ratios of all rounds are one and the same, as those of bytes are. */
export function areSame(ratios: readonly number[]): boolean {
  return Math.max(...ratios) / Math.min(...ratios) - 1 < roundingError;
}

/**
 * A t interval over the ratios of rounds, length >= 1; its width rests on the spread of the suite too where that is
 * given. What is the same in every round keeps an interval without width: it is of another kind than the others.
 */
export function boundRatio(
  ratios: readonly number[],
  usual: UsualSpread | undefined,
): ModeratedInterval & Pick<Ratio, 'usualSpread'> {
  if (usual === undefined || ratios.length < fewestForBounds || areSame(ratios)) return moderatedInterval(ratios);
  return { ...moderatedInterval(ratios, { prior: usual }), usualSpread: usual };
}

/**
 * How far ratios of these two spread that are of one group: as all of their suite do, whoever of them is held against
 * the reference. `undefined` where the bounds of neither rest on it.
 */
export function usualSpreadOf({ subject, against }: ComparedPair, metric: string): UsualSpread | undefined {
  return subject.metrics[metric]?.ratio?.usualSpread ?? against.metrics[metric]?.ratio?.usualSpread;
}

/**
 * time(against) / time(subject) with a t interval over the rounds that both were measured in, so that more than 1 means
 * that the subject is faster; for two cells of any groups, by their own rounds alone.
 * @returns `mean` is the geometric mean of the rounds' ratios; without bounds for fewer than three common rounds;
 * `undefined` where there is none.
 */
export function pairedSpeedup(sides: ComparedPair): Interval | undefined {
  return boundSpeedup(sides, undefined);
}

/** The same for two cells of one group: with what is known of how far speedups of their suite spread. */
export function speedupInGroup(sides: ComparedPair): Interval | undefined {
  return boundSpeedup(sides, usualSpreadOf(sides, timeRatio.name));
}

function boundSpeedup(sides: ComparedPair, usual: UsualSpread | undefined): Interval | undefined {
  const ratios = formRatios(pairRounds(sides, timeRatio.name), timeRatio);
  if (ratios === undefined) return undefined;
  const { degreesOfFreedom: _degrees, usualSpread: _usual, ...interval } = boundRatio(ratios, usual);
  return interval;
}

/** Reads an interval for a ratio; bounds that touch 1 count as holding it. */
export function standing(bounds: { readonly lo?: number; readonly hi?: number } | undefined): Standing {
  if (bounds?.lo === undefined || bounds.hi === undefined) return 'unknown';
  if (bounds.lo > 1) return 'more';
  if (bounds.hi < 1) return 'less';
  return 'no-difference';
}

/** Whether every round gave the very same on both sides, as bytes do. */
export function isSame({ ratio, lo = 1, hi = 1 }: Pick<Ratio, 'ratio' | 'lo' | 'hi'>): boolean {
  return [ratio, lo, hi].every((bound) => Math.abs(bound - 1) < roundingError);
}

/** Whether a ratio was the same in every round, so that its interval has no width. */
export function isExact({ lo, hi }: Pick<Ratio, 'lo' | 'hi'>): boolean {
  return lo !== undefined && hi !== undefined && Math.abs(hi / lo - 1) < roundingError;
}

/** Whether what the ratio says is good for the contender, as far as its interval says anything. */
export function isBetter(ratio: Ratio, { better, ratio: quoted }: Pick<MetricInfo, 'better' | 'ratio'>): boolean {
  const isMoreBetter = (better === 'higher') === (quoted !== 'reference/value');
  return standing(ratio) === (isMoreBetter ? 'more' : 'less');
}
