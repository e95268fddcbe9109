import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fitIntoMemory } from '../../src/measure/fit-memory.ts';

const cells = ['a', 'b', 'c', 'd', 'e'];

describe('fitIntoMemory', () => {
  it('keeps a group together where there is memory enough', () => {
    expect(fitIntoMemory(cells, { catalogBytes: 1e6, freeBytes: 16e9 })).toEqual([cells]);
  });

  it('makes parts of about the same size where there is not', () => {
    expect(fitIntoMemory(cells, { catalogBytes: 50e6, freeBytes: 8e9 })).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('tries each cell by itself at worst, and loses none', () => {
    expect(fitIntoMemory(cells, { catalogBytes: 1e12, freeBytes: 1e9 })).toEqual(cells.map((cell) => [cell]));
    fc.assert(
      fc.property(
        fc.array(fc.integer()),
        fc.integer({ min: 0, max: 2_000_000_000 }),
        fc.integer({ min: 0, max: 64_000_000_000 }),
        (own, catalogBytes, freeBytes) => {
          const parts = fitIntoMemory(own, { catalogBytes, freeBytes });
          expect(parts.flat()).toEqual(own);
          expect(parts.every(({ length }) => length > 0)).toBe(true);
        },
      ),
    );
  });
});
