/**
 * Which turns of an ensemble count: by the state of the processor around them, never by their own times.
 *
 * Turns are chosen by probes alone, so that pauses of the collector and slow operations stay in. All of those that
 * count are averaged: a median of short turns would leave out what happens in a few of them, as collections do.
 */

/** One block of operations of one process. */
export interface Turn {
  /** Per operation, by the clock that counts. */
  readonly latencyNs: number;
  /** How far above its floor the processor was, before or after, whichever is more; 0 where nobody could tell. */
  readonly excess: number;
}

/**
 * Above this share over its floor a processor is not at its best. A probe repeats within a few percent on a quiet one;
 * slow phases are a third or more.
 */
export const cleanExcess = 0.1;

export function isClean({ excess }: Turn): boolean {
  return excess <= cleanExcess;
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
  const clean = turns.filter(isClean);
  const counted =
    clean.length >= fewest ? clean : turns.toSorted((a, b) => a.excess - b.excess).slice(0, Math.max(1, fewest));
  return {
    latencyNs: counted.reduce((sum, { latencyNs }) => sum + latencyNs, 0) / counted.length,
    cleanShare: clean.length / turns.length,
  };
}
