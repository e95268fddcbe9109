/**
 * What an average response of the workload costs with each contender, round by round.
 *
 * A cost is formed inside a round from all parts, so that ratios between contenders pair what was measured together.
 * Rounds of the first look are left out, since they must not decide what they selected.
 */
import type { EncodedSize, MicroCell } from '../../model/cell.ts';
import type { Speedup, Summary } from '../../model/metric.ts';
import type { Bytes, Nanoseconds } from '../../model/values.ts';
import { median } from '../../stats/center.ts';
import { geometricInterval, ratioInterval } from '../../stats/intervals.ts';

/** A part's share with the cell that one contender has there. */
export interface WeightedCell {
  readonly share: number;
  readonly cell: MicroCell;
}

/** A speedup of which the reference is not said yet. */
export type CostRatio = Omit<Speedup, 'reference'>;

/** Nanoseconds of one response by round. */
export type CostByRound = ReadonlyMap<number, Nanoseconds>;

/**
 * Shares times latencies, summed over the parts.
 * @param parts one cell a part, all of the same contender; rounds in which a part is missing are left out.
 */
export function weighRounds(parts: readonly WeightedCell[]): CostByRound {
  const [first, ...others] = parts.map(({ share, cell }) => ({
    share,
    byRound: new Map(cell.metrics['latencyNs']?.values.map(({ round, value }) => [round, value])),
  }));
  const costs = new Map<number, Nanoseconds>();
  for (const [round, latencyNs] of first?.byRound ?? []) {
    const rest = others.map(({ share, byRound }) => share * (byRound.get(round) ?? Number.NaN));
    const cost = rest.reduce((sum, part) => sum + part, (first?.share ?? 0) * latencyNs);
    if (!Number.isNaN(cost)) costs.set(round, cost);
  }
  return costs;
}

/** Median and bounds of a response's cost; `undefined` without a round. */
export function summarizeCosts(costs: CostByRound): Summary | undefined {
  if (costs.size === 0) return undefined;
  const values = [...costs.values()];
  const middle = median(values);
  const { lo, hi, confidence } = geometricInterval(values);
  if (lo === undefined || hi === undefined || confidence === undefined) return { median: middle };
  return { median: middle, lo: Math.min(lo, middle), hi: Math.max(hi, middle), confidence };
}

/**
 * The rounds in which everybody was measured that was measured at all: times and ratios of one table have to rest on
 * the same rounds, and an interruption leaves some contenders with one round more.
 */
export function commonRounds(all: readonly CostByRound[]): ReadonlySet<number> {
  const [first, ...others] = all.filter(({ size }) => size > 0);
  return new Set([...(first?.keys() ?? [])].filter((round) => others.every((costs) => costs.has(round))));
}

/**
 * The ratio of the median costs over the rounds that both have, so that it is what the times beside it say, with an
 * interval from the ratios inside the rounds, stretched to hold it; `undefined` without a shared round.
 */
export function costRatio(of: CostByRound, over: CostByRound): CostRatio | undefined {
  const pairs = [...of].flatMap(([round, numerator]) => {
    const denominator = over.get(round);
    return denominator === undefined ? [] : [{ numerator, denominator }];
  });
  if (pairs.length === 0) return undefined;
  const ratio = median(pairs.map(({ numerator }) => numerator)) / median(pairs.map(({ denominator }) => denominator));
  const { lo, hi, confidence } = ratioInterval(pairs);
  if (lo === undefined || hi === undefined || confidence === undefined) return { ratio };
  return { ratio, lo: Math.min(lo, ratio), hi: Math.max(hi, ratio), confidence };
}

/** The speedup of a contender over the reference: cost(reference) / cost(contender). */
export function costSpeedup(
  costs: { contender: CostByRound; reference: CostByRound },
  reference: string,
): Speedup | undefined {
  const ratio = costRatio(costs.reference, costs.contender);
  return ratio === undefined ? undefined : { reference, ...ratio };
}

/** A response's weighted mean of a count that some cells may lack; `undefined` where one does. */
export function weighCount(
  parts: readonly WeightedCell[],
  count: (cell: MicroCell) => Bytes | undefined,
): Bytes | undefined {
  const weighted = parts.map(({ share, cell }) => share * (count(cell) ?? Number.NaN));
  const sum = weighted.reduce((total, part) => total + part, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

/** Sizes and compression times of an average response; encodings that every part has, in the first part's order. */
export function weighEncodings(
  parts: readonly { readonly share: number; readonly encoded: readonly EncodedSize[] }[],
): EncodedSize[] {
  return (parts[0]?.encoded ?? []).flatMap(({ encoding, level }) => {
    const same = parts.map(({ share, encoded }) => ({
      share,
      size: encoded.find((other) => other.encoding === encoding),
    }));
    if (same.some(({ size }) => size === undefined)) return [];
    const sum = (of: (size: EncodedSize) => number): number =>
      same.reduce((total, { share, size }) => total + share * (size === undefined ? 0 : of(size)), 0);
    return [
      { encoding, level, sizeBytes: sum(({ sizeBytes }) => sizeBytes), latencyNs: sum(({ latencyNs }) => latencyNs) },
    ];
  });
}
