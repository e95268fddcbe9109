/**
 * Which of many short measurements count: by the state of the processor around them, never by what they read.
 *
 * They are chosen by probes alone, so that pauses of the collector and slow operations stay in.
 */

/** Something measured between two probes. */
export interface Probed {
  /** How far above its floor the processor was, before or after, whichever is more; 0 where nobody could tell. */
  readonly excess: number;
}

/**
 * Above this share over its floor a processor is not at its best. A probe repeats within a few percent on a quiet one;
 * slow phases are a third or more.
 */
export const cleanExcess = 0.1;

export function isClean({ excess }: Probed): boolean {
  return excess <= cleanExcess;
}

/**
 * Takes the clean ones; where there are fewer than `fewest`, that many of the least disturbed ones.
 * @param all in any order, length >= 1. @param fewest at least 1.
 * @returns with the share of all that found the processor at its floor, in [0, 1].
 */
export function selectClean<T extends Probed>(
  all: readonly T[],
  fewest: number,
): { readonly counted: readonly T[]; readonly cleanShare: number } {
  const clean = all.filter(isClean);
  const counted =
    clean.length >= fewest ? clean : all.toSorted((a, b) => a.excess - b.excess).slice(0, Math.max(1, fewest));
  return { counted, cleanShare: clean.length / all.length };
}
