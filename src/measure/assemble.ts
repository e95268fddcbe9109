/**
 * The cells of a plan of micro-benchmarks.
 */
import { assembleCells, forkRules } from '../compare/assemble.ts';
import { ofFork } from '../compare/outcomes.ts';
import type { ForkOutcome, MicroCell } from '../model/cell.ts';
import type { Plan } from './plan.ts';

/** In the order of the plan. A planned cell without any outcome is left out: the session was stopped before it. */
export function assembleForks(
  {
    cells,
    metrics,
    references,
  }: Pick<Plan, 'metrics' | 'references'> & {
    readonly cells: readonly Pick<Plan['cells'][number], 'id'>[];
  },
  outcomes: readonly ForkOutcome[],
): MicroCell[] {
  return assembleCells({
    rules: forkRules,
    ids: cells.map(({ id }) => id),
    outcomes: outcomes.map((outcome) => ofFork(outcome, metrics)),
    metrics,
    references,
  });
}
