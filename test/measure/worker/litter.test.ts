import { assert, double, integer, property } from 'fast-check';
import { expect, it } from 'vitest';

import { createLitter } from '../../../src/measure/worker/litter.ts';

it('spreads the fills of any few turns over the whole young generation, wherever they begin', () => {
  assert(
    property(double({ min: 0, max: 0.999, noNaN: true }), integer({ min: 3, max: 13 }), (start, turns) => {
      const litter = createLitter(start, () => {});
      const fills = Array.from({ length: turns }, litter).toSorted((a, b) => a - b);
      const gaps = fills.map((fill, index) => (fills[index + 1] ?? (fills[0] as number) + 1) - fill);
      // The largest gap of so many multiples of the golden ratio is below twice the mean one.
      expect(Math.max(...gaps)).toBeLessThan(2 / turns);
      expect(Math.min(...fills)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...fills)).toBeLessThan(1);
    }),
    { numRuns: 20 },
  );
});

it('starts each turn with an empty young generation', () => {
  let collections = 0;
  const litter = createLitter(0.25, () => (collections += 1));
  litter();
  litter();
  expect(collections).toBe(2);
});
