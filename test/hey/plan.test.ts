/**
 * How a load divides into turns: to the request, and none without one.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { turnsOf, volumeOfTurn, wholeVolume } from '../../src/hey/plan.ts';

describe('turns', () => {
  it('have all requests together, and each at least one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(1, 2), (requests, sides) => {
        const volume = { kind: 'requests', requests } as const;
        const turns = turnsOf({ sides, volume });
        const parts = Array.from({ length: turns }, (_, turn) => volumeOfTurn({ volume, turns }, turn));
        const counts = parts.map((part) => (part.kind === 'requests' ? part.requests : 0));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(requests);
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('divide a time', () => {
    const volume = { kind: 'time', ms: 10_000 } as const;
    expect(turnsOf({ sides: 2, volume })).toBe(4);
    expect(volumeOfTurn({ volume, turns: 4 }, 3)).toEqual({ kind: 'time', ms: 2500 });
    expect(wholeVolume({ sides: [], volume, turns: 4 })).toEqual({ kind: 'time', ms: 0 });
  });
});
