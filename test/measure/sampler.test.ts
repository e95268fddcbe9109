import { describe, expect, it } from 'vitest';

import type { SamplerSettings } from '../../src/measure/profiles.ts';
import { measureOperation } from '../../src/measure/sampler.ts';

const settings: SamplerSettings = {
  warmupNs: 5e6, warmupCapNs: 40e6, warmupTolerance: 1, blockNs: 2e6, blocks: 4, peakNs: 1e6, catalogs: 2,
};

describe('measureOperation', () => {
  it('gives the blocks that were asked for, in operations of at least one', () => {
    const { blocks, opsPerBlock } = measureOperation({ operate: (n: number) => n + 1, inputs: [1], settings, collect: () => {} });
    expect(blocks).toHaveLength(4);
    expect(Math.min(...blocks)).toBeGreaterThan(0);
    expect(opsPerBlock).toBeGreaterThan(1);
  });

  it('makes a block of one operation where one takes longer than a block', () => {
    const wait = () => {
      const end = performance.now() + 4;
      while (performance.now() < end);
    };
    const { opsPerBlock, blocks, peakBlockNs } = measureOperation({ operate: wait, inputs: [0], settings, collect: () => {} });
    expect(opsPerBlock).toBe(1);
    expect(Math.min(...blocks)).toBeGreaterThanOrEqual(4e6 * 0.99);
    expect(peakBlockNs).toBeGreaterThanOrEqual(4e6 * 0.99);
  });

  it('hands out the inputs in turn', () => {
    const seen: string[] = [];
    measureOperation({ operate: (input: string) => seen.push(input), inputs: ['a', 'b', 'c'], settings, collect: () => {} });
    expect(seen.slice(0, 7).join('')).toBe('abcabca');
  });

  it('collects garbage before each block and once before the accounts', () => {
    let collections = 0;
    measureOperation({ operate: () => 0, inputs: [0], settings, collect: () => (collections += 1) });
    expect(collections).toBe(settings.blocks + 1);
  });

  it('warns where the times still fell at the time limit', () => {
    let waitMs = 4;
    const warming = () => {
      // Each call takes a little less than the last, as code does that is still being optimised.
      waitMs *= 0.96;
      const end = performance.now() + waitMs;
      while (performance.now() < end);
    };
    const { warnings } = measureOperation({
      operate: warming, inputs: [0], settings: { ...settings, blockNs: 0.1e6, warmupTolerance: 0.02 }, collect: () => {},
    });
    expect(warnings).toEqual(['warm-up ended at its time limit while the times still fell']);
  });

  it('throws what the operation throws', () => {
    const operate = () => {
      throw new TypeError('broken');
    };
    expect(() => measureOperation({ operate, inputs: [0], settings, collect: () => {} })).toThrow('broken');
  });

  it('counts allocations near to what an operation allocates', () => {
    const thousand = Array.from({ length: 1000 }, () => 0);
    const { allocatedBytesPerOp } = measureOperation({
      operate: () => thousand.slice(), inputs: [0], settings, collect: () => {},
    });
    // A thousand tagged slots: 8 bytes each, or 4 with compressed pointers.
    expect(allocatedBytesPerOp).toBeGreaterThan(4000 * 0.9);
    expect(allocatedBytesPerOp).toBeLessThan(8000 * 1.5);
  });
});
