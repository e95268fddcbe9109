/**
 * What a contender changed in a suite: per metric, at how many places its interval excludes 1 and how far.
 *
 * A place is whatever the caller compares at, such as a scenario. Metrics are not weighed against each other.
 */
import type { Cell } from '../model/cell.ts';
import { ratioOf } from './cells.ts';
import { isSame, standing } from './ratios.ts';

/** One metric of one contender over all places. */
export interface Effect {
  readonly metric: string;
  /** Ratios whose whole interval lies above 1, ascending. */
  readonly more: readonly number[];
  /** Ratios whose whole interval lies below 1, ascending. */
  readonly less: readonly number[];
  /** Places at which nothing is shown to differ. */
  readonly alike: number;
  /** Places without an interval: too few rounds, or not measured. */
  readonly unknown: number;
}

/**
 * @param cells one a place; `undefined` where the contender was not measured.
 * @returns an effect a metric, in their order.
 */
export function findEffects(cells: readonly (Cell | undefined)[], metrics: readonly string[]): Effect[] {
  return metrics.map((metric) => {
    const ratios = cells.map((cell) => (cell === undefined ? undefined : ratioOf(cell, metric)));
    const known = ratios.flatMap((ratio) => {
      if (ratio === undefined) return [];
      return [{ ratio: ratio.ratio, says: isSame(ratio) ? 'no-difference' : standing(ratio) }];
    });
    const those = (wanted: 'more' | 'less'): number[] =>
      known.flatMap(({ ratio, says }) => (says === wanted ? ratio : [])).toSorted((a, b) => a - b);
    const alike = known.filter(({ says }) => says === 'no-difference').length;
    const [more, less] = [those('more'), those('less')];
    return { metric, more, less, alike, unknown: cells.length - more.length - less.length - alike };
  });
}
