/**
 * How a load divides into windows: to the request, and none without one.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { windowsOf, volumeOfWindow, wholeVolume } from '../../src/hey/plan.ts';

describe('windows', () => {
  it('have all requests together, and each at least one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(1, 2), (requests, sides) => {
        const volume = { kind: 'requests', requests } as const;
        const windows = windowsOf({ sides, volume });
        const parts = Array.from({ length: windows }, (_, window) => volumeOfWindow({ volume, windows }, window));
        const counts = parts.map((part) => (part.kind === 'requests' ? part.requests : 0));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(requests);
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('divide a time', () => {
    const volume = { kind: 'time', ms: 10_000 } as const;
    expect(windowsOf({ sides: 2, volume })).toBe(4);
    expect(volumeOfWindow({ volume, windows: 4 }, 3)).toEqual({ kind: 'time', ms: 2500 });
    expect(wholeVolume({ sides: [], volume, windows: 4 })).toEqual({ kind: 'time', ms: 0 });
  });
});
