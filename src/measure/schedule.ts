/**
 * The order of measuring: rounds of shuffled groups, with the contenders of a group as neighbours.
 *
 * A speedup is formed inside a round, between neighbours, so that slow drift of the machine cancels; the shuffles keep
 * any order effect from always hitting the same contender.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

import type { Plan, PlannedCell } from './plan.ts';

/**
 * One round of a plan: each group once, groups in random order, contenders inside a group in random order.
 * @param round from 0; the same plan and round give the same order.
 * @returns the cells to measure; cells that are unsupported or have had their forks are left out.
 */
export function orderRound(plan: Plan, round: number): PlannedCell[] {
  const shuffle = createShuffle(plan.seed, round);
  const groups = new Map<string, PlannedCell[]>();
  for (const cell of plan.cells) {
    if (cell.unsupported !== undefined || round >= cell.forks.max) continue;
    const group = groups.get(cell.group);
    if (group === undefined) groups.set(cell.group, [cell]);
    else group.push(cell);
  }
  return shuffle([...groups.values()]).flatMap(shuffle);
}

/** Puts values into random order, a new list each time; the same seed and round give the same orders. */
export function createShuffle(seed: number, round: number): <T>(values: readonly T[]) => T[] {
  // Seeds of successive rounds have much in common, which a Mersenne twister's initialisation spreads out.
  const random = mersenne(seed ^ Math.imul(round + 1, 0x9e3779b1));
  return (values) => {
    const shuffled = [...values];
    // Fisher and Yates, from the end.
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = uniformInt(random, 0, index);
      [shuffled[index], shuffled[other]] = [
        shuffled[other] as (typeof values)[number],
        shuffled[index] as (typeof values)[number],
      ];
    }
    return shuffled;
  };
}
