/**
 * In which order the processes of an ensemble take their turns: random, and balanced for any number of them.
 */
import type { createShuffle } from '../shuffle.ts';

/**
 * Sweeps over all arms: in as many of them as there are arms, or twice as many for an odd number, each arm has every
 * place equally often and follows every other arm equally often, as in a Williams design, with names and sweeps in
 * random order.
 * @param arms their number, >= 1. @param shuffle the source of chance.
 * @returns the next sweep, a permutation of 0 to arms - 1, each time it is called.
 * @see https://doi.org/10.1071/CH9490149
 */
export function createOrders(arms: number, shuffle: ReturnType<typeof createShuffle>): () => readonly number[] {
  let sweeps: number[][] = [];
  return () => {
    if (sweeps.length === 0) {
      const names = shuffle(Array.from({ length: arms }, (_, index) => index));
      sweeps = shuffle(designOf(arms)).map((sweep) => sweep.map((place) => names[place] as number));
    }
    return sweeps.pop() as number[];
  };
}

/** Rows 0, 1, n-1, 2, n-2, ... shifted by each number; an odd number of arms needs their mirror images too. */
function designOf(arms: number): number[][] {
  const first = Array.from({ length: arms }, (_, place) =>
    place % 2 === 1 ? (place + 1) / 2 : (arms - place / 2) % arms,
  );
  const rows = first.map((_, shift) => first.map((name) => (name + shift) % arms));
  return arms === 1 || arms % 2 === 0 ? rows : [...rows, ...rows.map((row) => row.toReversed())];
}
