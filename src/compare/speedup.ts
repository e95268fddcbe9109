/**
 * Speedups between two cells, formed inside the round, and what an interval allows to be said about them.
 *
 * A round measures the cells of a group one after the other, so what slows the machine for a while slows both sides
 * of the ratio and cancels. Deliberately absent: thresholds; a difference is told from none by its interval alone.
 */
import type { Fork } from '../model/cell.ts';
import { type Interval, ratioInterval } from '../stats/intervals.ts';

export { fewestForBounds } from '../stats/intervals.ts';

/** What can be said of a ratio: `unknown` where fewer than three rounds give no interval. */
export type Standing = 'faster' | 'slower' | 'no-difference' | 'unknown';

/** The two sides of a ratio of times, so that more than 1 means that the subject is faster. */
export interface Sides {
  readonly subject: { readonly forks: readonly Fork[] };
  readonly against: { readonly forks: readonly Fork[] };
}

/**
 * time(against) / time(subject) with a t interval over the rounds that both were measured in.
 * @param confidence in (0, 1); the project's default where left out.
 * @returns `mean` is the geometric mean of the rounds' ratios; without bounds for fewer than three common rounds; `undefined`
 *   where there is none.
 */
export function pairedSpeedup({ subject, against }: Sides, confidence?: number): Interval | undefined {
  const byRound = new Map(subject.forks.map((fork) => [fork.round, fork.latencyNs]));
  const pairs = against.forks.flatMap(({ round, latencyNs }) => {
    const denominator = byRound.get(round);
    return denominator === undefined ? [] : [{ numerator: latencyNs, denominator }];
  });
  return pairs.length === 0 ? undefined : ratioInterval(pairs, confidence);
}

/** Reads an interval for a speedup; bounds that touch 1 count as holding it. */
export function standing(bounds: { readonly lo?: number; readonly hi?: number } | undefined): Standing {
  if (bounds?.lo === undefined || bounds.hi === undefined) return 'unknown';
  if (bounds.lo > 1) return 'faster';
  if (bounds.hi < 1) return 'slower';
  return 'no-difference';
}
