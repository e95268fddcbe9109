/**
 * The order of measuring: rounds of groups in random order. The contenders of a timed group are measured at once.
 *
 * A speedup is formed inside a round of a group, so that slow drift of the machine cancels.
 */
import type { Plan, PlannedCell } from './plan.ts';
import { createShuffle } from './shuffle.ts';

/**
 * One round of a plan: each group once, groups in random order, contenders inside a group in random order.
 * @param round from 0; the same plan and round give the same order.
 * @returns the groups to measure, none of them empty; cells that are unsupported or have had their forks are left out.
 */
export function orderRound(plan: Plan, round: number): PlannedCell[][] {
  const shuffle = createShuffle(plan.seed, round);
  const groups = new Map<string, PlannedCell[]>();
  for (const cell of plan.cells) {
    if (cell.unsupported !== undefined || round >= cell.forks.max) continue;
    const group = groups.get(cell.group);
    if (group === undefined) groups.set(cell.group, [cell]);
    else group.push(cell);
  }
  return shuffle([...groups.values()]).map((group) => shuffle(group));
}
