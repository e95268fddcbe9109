/**
 * The order of contenders among rows that belong together: fastest first by what they gain over the reference.
 *
 * For sorting only: a place in this order is no claim that the difference is real, findings are. Capabilities have no
 * part in it, so that a memoizing contender is ranked like any other within its own table.
 */
import type { MicroCell } from '../model/cell.ts';
import { geometricMean, median } from '../stats/center.ts';
import { groupBy, isTimed, speedupOf, timeOf } from './cells.ts';

/**
 * Contender ids by falling geometric mean of their speedups over the cells given, then those without a speedup by
 * rising median time, then those that were never timed; equal ones in the order given.
 * @param cells of one table, any order; a contender that lacks some sizes is ranked on those it has.
 */
export function rankContenders(cells: readonly MicroCell[]): string[] {
  const ranked = [...groupBy(cells, ({ id }) => id.contender)].map(([contender, own]) => ({
    contender,
    ...standingCost(own),
  }));
  return ranked.toSorted((a, b) => a.tier - b.tier || a.cost - b.cost).map(({ contender }) => contender);
}

function standingCost(cells: readonly MicroCell[]): { tier: number; cost: number } {
  const timed = cells.filter(isTimed);
  const ratios = timed.flatMap((cell) => speedupOf(cell)?.ratio ?? []);
  if (ratios.length > 0) return { tier: 0, cost: 1 / geometricMean(ratios) };
  if (timed.length > 0) return { tier: 1, cost: median(timed.map((cell) => timeOf(cell).median)) };
  return { tier: 2, cost: 0 };
}
