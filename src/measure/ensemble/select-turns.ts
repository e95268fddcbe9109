/**
 * What the turns of one process come to: the mean of those that count.
 *
 * All of those that count are averaged: a median of short turns would leave out what happens in a few of them, as
 * collections do. Which ones count: src/machine/clean.ts.
 */
import { type Probed, selectClean } from '../../machine/clean.ts';

/** One block of operations of one process. */
export interface Turn extends Probed {
  /** Per operation, by the clock that counts. */
  readonly latencyNs: number;
}

/** What the turns of one process come to. */
export interface SelectedTurns {
  /** Mean over the turns that count, per operation. */
  readonly latencyNs: number;
  /** Share of all turns that found the processor at its floor, in [0, 1]. */
  readonly cleanShare: number;
}

/**
 * Takes the clean turns; where there are fewer than `fewest`, that many of the least disturbed ones.
 * @param turns in any order, length >= 1. @param fewest at least 1.
 */
export function selectTurns(turns: readonly Turn[], fewest: number): SelectedTurns {
  const { counted, cleanShare } = selectClean(turns, fewest);
  return { latencyNs: counted.reduce((sum, { latencyNs }) => sum + latencyNs, 0) / counted.length, cleanShare };
}
