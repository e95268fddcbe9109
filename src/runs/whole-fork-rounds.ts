/**
 * What a whole round of a group of micro-benchmarks has: every cell of it that is still due.
 */
import { nameCell } from '../compare/cells.ts';
import { keepWholeRounds } from '../compare/whole-rounds.ts';
import type { ForkOutcome } from '../model/cell.ts';
import type { Plan } from '../measure/plan.ts';

/** Outcomes of whole rounds in their order; sizes, observations and what was not planned are kept. */
export function keepWholeForkRounds(plan: Plan, outcomes: readonly ForkOutcome[]): ForkOutcome[] {
  const cells = new Map(plan.cells.map((cell) => [cell.key, cell]));
  const groups = Map.groupBy(plan.cells, ({ group }) => group);
  return keepWholeRounds<ForkOutcome>(outcomes, {
    keyOf: ({ cell, isTwin }) => nameCell(cell) + (isTwin === true ? ' twin' : ''),
    plannedBeside: ({ cell: id, round }) => {
      const cell = cells.get(nameCell(id));
      if (cell === undefined || cell.suite.method !== 'latency' || cell.unsupported !== undefined) return undefined;
      const due = groups.get(cell.group)?.filter((one) => one.unsupported === undefined && round < one.forks.max);
      return due?.map(({ key }) => key);
    },
  });
}
