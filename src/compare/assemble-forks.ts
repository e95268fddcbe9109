/**
 * The cells of a plan of micro-benchmarks, and back: the outcomes behind stored cells, for a run that is added to.
 */
import { assembleCells, type AssembleRequest, forkRules } from './assemble.ts';
import { cellKey, encodedSizesOf, groupBy, medianOf } from './cells.ts';
import { ofFork } from './outcomes.ts';
import type { ForkOutcome, LostRound, MicroCell, MicroCellId } from '../model/cell.ts';

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
  // What twins say is no cell's, but the machine's: noise of a run.
  const originals = outcomes.filter(({ isTwin }) => isTwin !== true);
  const assembled = assembleCells({
    rules: forkRules,
    ids: cells.map(({ id }) => id),
    outcomes: originals.map((outcome) => ofFork(outcome, metrics)),
    metrics,
    references,
  });
  const outcomesOf = groupBy(originals, ({ cell }) => cellKey(cell));
  return assembled.map((cell) => {
    const lost = findLost(outcomesOf.get(cellKey(cell.id)) ?? []);
    return lost === undefined ? cell : { ...cell, lost };
  });
}

/** `undefined` where nothing was lost, and where the cell's own status and reason are all there is. */
function findLost(outcomes: readonly ForkOutcome[]): LostRound[] | undefined {
  const lost = outcomes.flatMap(({ round, status, reason = 'no reason was given' }): LostRound[] =>
    status === 'ok' ? [] : [{ round, status, reason }],
  );
  const isToldByStatus = outcomes.length === 1 && lost[0]?.round === 0;
  return lost.length === 0 || isToldByStatus ? undefined : lost;
}

/**
 * What a cell was assembled from, by rounds.
 * @param rounds how many a cell of sizes or observations has, of which a run file keeps no single ones: each gets the
 *   cell's own figures, which are the medians of all.
 */
export function outcomesBehind(cell: MicroCell, rounds: number): ForkOutcome[] {
  const { id, status, reason, observations, example, lost: told } = cell;
  const lost = told ?? (status === 'ok' ? [] : [{ round: 0, status, reason: reason ?? 'no reason was given' }]);
  const outcomes: ForkOutcome[] = [
    ...cell.rounds.flatMap(({ round, fork }): ForkOutcome[] =>
      fork === undefined ? [] : [{ cell: id, round, status: 'ok', fork }],
    ),
    ...lost.map((one): ForkOutcome => ({ cell: id, ...one })),
    ...(cell.rounds.length > 0 || status !== 'ok' ? [] : repeatFigures(cell, rounds)),
  ].toSorted((a, b) => a.round - b.round);
  // One of them had what is kept once a cell.
  const bearer = outcomes.findIndex((outcome) => outcome.status === status);
  return outcomes.map((outcome, index) =>
    index === bearer
      ? {
          ...outcome,
          ...(observations === undefined ? {} : { observations }),
          ...(example === undefined ? {} : { example }),
        }
      : outcome,
  );
}

function repeatFigures(cell: MicroCell, rounds: number): ForkOutcome[] {
  const lost = new Set(cell.lost?.map(({ round }) => round));
  const outputBytes = medianOf(cell, 'outputBytes');
  const encoded = encodedSizesOf(cell) ?? [];
  return Array.from({ length: rounds }, (_, round) => round)
    .filter((round) => !lost.has(round))
    .map((round) => ({
      cell: cell.id,
      round,
      status: 'ok',
      ...(outputBytes === undefined ? {} : { size: { outputBytes, encoded } }),
    }));
}
