import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createOrders } from '../../../src/measure/ensemble/orders.ts';
import { createShuffle } from '../../../src/measure/shuffle.ts';

/** Sweeps after which each has had every place. */
const periodOf = (arms: number): number => (arms === 1 || arms % 2 === 0 ? arms : 2 * arms);

const arbitraryCount = fc.integer({ min: 1, max: 13 });

/** How often each key comes up. */
function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

describe('createOrders', () => {
  it('gives permutations, and in a period each arm every place and every neighbour equally often', () => {
    fc.assert(
      fc.property(arbitraryCount, fc.integer(), (arms, seed) => {
        const next = createOrders(arms, createShuffle(seed, 0));
        const sweeps = Array.from({ length: periodOf(arms) }, () => next());
        for (const sweep of sweeps) expect(sweep.toSorted((a, b) => a - b)).toEqual([...Array(arms).keys()]);
        const places = countOf(sweeps.flatMap((sweep) => sweep.map((arm, place) => `${arm} at ${place}`)));
        expect(places.size).toBe(arms * arms);
        expect(new Set(places.values()).size).toBe(1);
        const neighbours = countOf(
          sweeps.flatMap((sweep) => sweep.slice(1).map((arm, index) => `${sweep[index]} ${arm}`)),
        );
        expect(neighbours.size).toBe(arms * (arms - 1));
        expect(new Set(neighbours.values()).size).toBe(arms === 1 ? 0 : 1);
      }),
    );
  });

  it('depends on the source of chance', () => {
    const first = (seed: number): string => {
      const next = createOrders(4, createShuffle(seed, 0));
      return Array.from({ length: 4 }, () => next().join('')).join(' ');
    };
    expect(first(1)).toBe(first(1));
    expect(new Set([1, 2, 3, 4, 5].map(first)).size).toBeGreaterThan(1);
  });
});
