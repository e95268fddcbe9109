/**
 * What a metric of one cell is to that of another, formed inside rounds, and what an interval allows to be said of it.
 *
 * A round measures the cells of a group one after the other, so what slows the machine for a while slows both sides
 * of the ratio and cancels. A difference is told from none by its interval alone; there are no thresholds.
 */
import type { Cell } from '../model/cell.ts';
import type { Difference, Metric, MetricInfo, Ratio } from '../model/metric.ts';
import { type Interval, meanInterval, type Pair, ratioInterval } from '../stats/intervals.ts';

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

/**
 * time(against) / time(subject) with a t interval over the rounds that both were measured in, so that more than 1 means
 * that the subject is faster.
 * @returns `mean` is the geometric mean of the rounds' ratios; without bounds for fewer than three common rounds;
 * `undefined` where there is none.
 */
export function pairedSpeedup(sides: ComparedPair): Interval | undefined {
  const pairs = pairRounds(sides, 'latencyNs').map((pair) => quote(pair, { ratio: 'reference/value' }));
  return pairs.length === 0 ? undefined : ratioInterval(pairs);
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

/**
 * The cells of one group with what each metric is to the reference's; what they had of that is replaced.
 * @param infos of the metrics; those without a `ratio` are held against nothing.
 * @param reference a contender; where it was not measured nothing is to be said.
 */
export function compareWithReference<C extends Cell>(
  cells: readonly C[],
  { reference, infos }: { reference: string | undefined; infos: readonly MetricInfo[] },
): C[] {
  const against = cells.find(({ id, status }) => id.contender === reference && status === 'ok');
  return cells.map((cell) => {
    const metrics = Object.entries(cell.metrics).map(([name, metric]): [string, Metric] => {
      const { ratio: _ratio, difference: _difference, ...own } = metric;
      const info = infos.find((one) => one.name === name);
      if (against === undefined || info?.ratio === undefined || own.summary === undefined) return [name, own];
      const ratio = { reference: against.id.contender, ratio: 1 };
      return [name, { ...own, ...(cell === against ? { ratio } : standBeside({ cell, against, info })) }];
    });
    return { ...cell, metrics: Object.fromEntries(metrics) };
  });
}

function standBeside({ cell, against, info }: { cell: Cell; against: Cell; info: MetricInfo }): {
  ratio?: Ratio;
  difference?: Difference;
} {
  const pairs = pairRounds({ subject: cell, against }, info.name);
  if (pairs.length === 0) return {};
  const reference = against.id.contender;
  const least = Math.min(...pairs.flatMap((pair) => [pair.subject, pair.against]));
  // One pair decides for all: leaving some rounds out would choose the evidence.
  if (least <= 0 || least < (info.resolution ?? 0)) {
    const { mean: value, ...bounds } = meanInterval(pairs.map((pair) => pair.subject - pair.against));
    return { difference: { reference, value, ...bounds } };
  }
  const { mean: ratio, ...bounds } = ratioInterval(pairs.map((pair) => quote(pair, info)));
  return { ratio: { reference, ratio, ...bounds } };
}
