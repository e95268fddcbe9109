/**
 * The cells of a plan of micro-benchmarks.
 */
import { assembleCells, type AssembleRequest, forkRules } from './assemble.ts';
import { ofFork } from './outcomes.ts';
import type { ForkOutcome, MicroCell, MicroCellId } from '../model/cell.ts';

/** In the order of the plan. A planned cell without any outcome is left out: the session was stopped before it. */
export function assembleForks(
  {
    cells,
    metrics,
    references,
  }: Pick<AssembleRequest<MicroCellId>, 'metrics' | 'references'> & {
    readonly cells: readonly { readonly id: MicroCellId }[];
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
