/**
 * Random orders that come from a seed.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

/** Puts values into random order, a new list each time; the same seed and round give the same orders. */
export function createShuffle(seed: number, round: number): <T>(values: readonly T[]) => T[] {
  // Seeds of successive rounds have much in common, which a Mersenne twister's initialisation spreads out.
  const random = mersenne(seed ^ Math.imul(round + 1, 0x9e3779b1));
  return (values) => {
    const shuffled = [...values];
    // Fisher and Yates, from the end.
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = uniformInt(random, 0, index);
      [shuffled[index], shuffled[other]] = [
        shuffled[other] as (typeof values)[number],
        shuffled[index] as (typeof values)[number],
      ];
    }
    return shuffled;
  };
}
