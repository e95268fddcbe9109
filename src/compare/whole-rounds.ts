/**
 * Which outcomes of a session that was cut count: those of whole rounds.
 *
 * A ratio pairs what was measured beside each other. A round of a group that was cut in the middle is therefore
 * measured again as a whole, and what there is of it counts nowhere: not when the session is gone on with, and not in
 * the report of what was measured until then.
 */
import type { CellStatus } from '../model/cell.ts';

/** How the outcomes of one kind of measurement make rounds. */
export interface RoundPlan<T> {
  /** Equal for the outcomes of one cell. */
  readonly keyOf: (outcome: T) => string;
  /**
   * Keys of all that is planned beside an outcome in its round, its own among them; `undefined` for what has no ratios,
   * such as sizes, and for what was not planned.
   */
  readonly plannedBeside: (outcome: T) => readonly string[] | undefined;
}

/**
 * @param outcomes of one session, or of several of which each began with what this function had left of those before;
 *   of two of one cell and round the later one counts.
 * @returns those of whole rounds in their order, and what belongs to no round. A cell that did not come out well is not
 *   measured again, so later rounds are whole without it.
 */
export function keepWholeRounds<T extends { readonly round: number; readonly status: CellStatus }>(
  outcomes: readonly T[],
  { keyOf, plannedBeside }: RoundPlan<T>,
): T[] {
  const roundKey = (key: string, round: number): string => `${key} ${round}`;
  const latest = new Map(outcomes.map((outcome) => [roundKey(keyOf(outcome), outcome.round), outcome]));
  const failedIn = new Map<string, number>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    if (outcome.status !== 'ok') failedIn.set(key, Math.min(outcome.round, failedIn.get(key) ?? outcome.round));
  }
  return [...latest.values()].filter((outcome) => {
    const { round } = outcome;
    const planned = plannedBeside(outcome) ?? [];
    return planned.every((key) => (failedIn.get(key) ?? round) < round || latest.has(roundKey(key, round)));
  });
}
