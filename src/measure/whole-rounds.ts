/**
 * Which outcomes of a session that was cut count: those of whole rounds.
 *
 * A speedup pairs what was measured beside each other. A round of a group that was cut in the middle is therefore
 * measured again as a whole, and what there is of it counts nowhere: not when the session is gone on with, and not in
 * the report of what was measured until then. Pure functions.
 */
import type { ForkOutcome } from '../model/cell.ts';
import { nameCell } from '../compare/cells.ts';
import type { Plan, PlannedCell } from './plan.ts';

/**
 * @param outcomes of one session, or of several of which each began with what this function had left of those before;
 *   of two of one cell and round the later one counts.
 * @returns those of whole rounds in their order; what has no ratios, such as sizes, and what was not planned is kept.
 */
export function keepWholeRounds(plan: Plan, outcomes: readonly ForkOutcome[]): ForkOutcome[] {
  const cells = new Map(plan.cells.map((cell) => [cell.key, cell]));
  const groups = Map.groupBy(plan.cells, ({ group }) => group);
  const latest = new Map(outcomes.map((outcome) => [roundKey(nameCell(outcome.cell), outcome.round), outcome]));
  const failedIn = firstFailures(outcomes);
  const isDue = (cell: PlannedCell, round: number): boolean =>
    cell.unsupported === undefined && round < cell.forks.max && (failedIn.get(cell.key) ?? round) >= round;
  const isWhole = (group: readonly PlannedCell[], round: number): boolean =>
    group.every((cell) => !isDue(cell, round) || latest.has(roundKey(cell.key, round)));
  return [...latest.values()].filter(({ cell: id, round }) => {
    const cell = cells.get(nameCell(id));
    if (cell === undefined || cell.suite.method !== 'latency' || cell.unsupported !== undefined) return true;
    return isWhole(groups.get(cell.group) ?? [], round);
  });
}

/** The first round of each cell that it did not come out of well, after which it is not measured again. */
function firstFailures(outcomes: readonly ForkOutcome[]): Map<string, number> {
  const rounds = new Map<string, number>();
  for (const { cell, round, status } of outcomes) {
    const key = nameCell(cell);
    if (status !== 'ok') rounds.set(key, Math.min(round, rounds.get(key) ?? round));
  }
  return rounds;
}

function roundKey(key: string, round: number): string {
  return `${key} ${round}`;
}
