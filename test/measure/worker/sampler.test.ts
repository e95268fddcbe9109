import { describe, expect, it } from 'vitest';

import type { SamplerSettings } from '../../../src/measure/profiles.ts';
import type { Readings } from '../../../src/measure/worker/sampler.ts';
import { createSampler, measureOperation } from '../../../src/measure/worker/sampler.ts';

const settings: SamplerSettings = {
  warmupNs: 5e6,
  warmupCapNs: 40e6,
  warmupTolerance: 1,
  blockNs: 2e6,
  turns: 4,
  timedNs: 0,
  mostTimedNs: 3e9,
  peakNs: 1e6,
  catalogs: 2,
};

/** A clock and an account that only operations advance, so that nothing else on the machine can be measured. */
function createBench(): { readings: Readings; spend: (cost: { ns?: number; bytes?: number }) => void } {
  let ns = 0;
  let allocated = 0;
  return {
    readings: { now: () => BigInt(Math.round(ns)), processorNs: () => ns, allocatedBytes: () => allocated },
    spend({ ns: more = 0, bytes = 0 }) {
      ns += more;
      allocated += bytes;
    },
  };
}

/** Measures an operation that costs what `costOf` says of its nth call. */
function measure(costOf: (call: number) => { ns?: number; bytes?: number }, changes: Partial<SamplerSettings> = {}) {
  const { readings, spend } = createBench();
  let calls = 0;
  const operate = () => {
    spend(costOf(calls));
    calls += 1;
  };
  return measureOperation({ operate, inputs: [0], settings: { ...settings, ...changes }, collect: () => {}, readings });
}

describe('createSampler', () => {
  it('times each turn anew by both clocks, whatever its size, and keeps the last result', async () => {
    const { readings, spend } = createBench();
    const operate = (input: string): string => {
      spend({ ns: 500 });
      return input.toUpperCase();
    };
    const sampler = createSampler({ operate, inputs: ['a', 'b'], settings, collect: () => {}, readings });
    expect(sampler.lastResult()).toBeUndefined();
    const sizes = [3, 1, 4];
    const times = [];
    for (const operations of sizes) times.push(await sampler.timeTurn(operations));
    expect(times).toEqual(sizes.map((operations) => ({ elapsedNs: 500 * operations, processorNs: 500 * operations })));
    expect(sampler.lastResult()).toEqual({ output: 'B', input: 1 });
    sampler.dropResult();
    expect(sampler.lastResult()).toBeUndefined();
  });

  it('lets the event loop work between the slices of a turn', async () => {
    const { readings, spend } = createBench();
    let loops = 0;
    const seen: number[] = [];
    const count = (): void => {
      loops += 1;
      if (seen.length < 8) setImmediate(count);
    };
    const operate = (): void => {
      seen.push(loops);
      spend({ ns: 1000 });
    };
    // Blocks of two milliseconds have two slices.
    const sampler = createSampler({ operate, inputs: [0], settings, collect: () => {}, readings });
    setImmediate(count);
    await sampler.timeTurn(8);
    expect(seen.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(Math.min(...seen.slice(4))).toBeGreaterThan(0);
  });
});

describe('measureOperation', () => {
  it('gives the blocks that were asked for, each of as many operations as make it long enough', () => {
    const { blocks, opsPerBlock, latencyNs } = measure(() => ({ ns: 1000 }));
    expect(blocks).toEqual([1000, 1000, 1000, 1000]);
    expect(latencyNs).toBe(1000);
    expect(opsPerBlock * 1000).toBeGreaterThanOrEqual(settings.blockNs);
    expect(opsPerBlock * 1000).toBeLessThanOrEqual(settings.blockNs * 1.2);
  });

  it('makes a block of one operation where one takes longer than a block', () => {
    const { opsPerBlock, blocks, peakBlockNs } = measure(() => ({ ns: 4e6 }));
    expect({ opsPerBlock, blocks, peakBlockNs }).toEqual({
      opsPerBlock: 1,
      blocks: [4e6, 4e6, 4e6, 4e6],
      peakBlockNs: 4e6,
    });
  });

  it('measures with the clock of the runtime unless given another', () => {
    const { blocks } = measureOperation({ operate: (n: number) => n + 1, inputs: [1], settings, collect: () => {} });
    expect(blocks).toHaveLength(4);
    expect(Math.min(...blocks)).toBeGreaterThan(0);
  });

  it('hands out the inputs in turn', () => {
    const seen: string[] = [];
    measureOperation({
      operate: (input: string) => seen.push(input),
      inputs: ['a', 'b', 'c'],
      settings,
      collect: () => {},
    });
    expect(seen.slice(0, 7).join('')).toBe('abcabca');
  });

  it('collects garbage before each block and once before the accounts', () => {
    let collections = 0;
    measureOperation({ operate: () => 0, inputs: [0], settings, collect: () => (collections += 1) });
    expect(collections).toBe(settings.turns + 1);
  });

  it('warns where the times still fell at the time limit', () => {
    // Each call takes a little less than the last, as code does that is still being optimised.
    const { warnings } = measure((call) => ({ ns: 4e6 * 0.96 ** call }), { blockNs: 0.1e6, warmupTolerance: 0.02 });
    expect(warnings).toEqual(['warm-up ended at its time limit while the times still fell']);
  });

  it('ends the warm-up without a warning where the times have stopped falling', () => {
    const { warnings } = measure((call) => ({ ns: call < 2000 ? 3000 : 1000 }), { warmupTolerance: 0.02 });
    expect(warnings).toEqual([]);
  });

  it('throws what the operation throws', () => {
    const operate = () => {
      throw new TypeError('broken');
    };
    expect(() => measureOperation({ operate, inputs: [0], settings, collect: () => {} })).toThrow('broken');
  });

  it('keeps the accounts open until a young generation has been filled, or for as long as five blocks', () => {
    const callsOf = (cost: { ns: number; bytes: number }): number => {
      const { readings, spend } = createBench();
      let calls = 0;
      const operate = (): void => {
        calls += 1;
        spend(cost);
      };
      createSampler({ operate, inputs: [0], settings, collect: () => {}, readings }).account(1);
      return calls;
    };
    expect(callsOf({ ns: 1e3, bytes: 2 ** 20 })).toBe(64);
    expect(callsOf({ ns: 10e6, bytes: 1 })).toBe(5);
  });

  it('gives the bytes that the account grew by, an operation', () => {
    expect(measure(() => ({ ns: 1000, bytes: 8016 })).allocatedBytesPerOp).toBe(8016);
  });

  it('reads at least what an operation allocates off the runtime, to which others may add', () => {
    const thousand = Array.from({ length: 1000 }, () => 0);
    const { allocatedBytesPerOp } = measureOperation({
      operate: () => thousand.slice(),
      inputs: [0],
      settings,
      collect: () => {},
    });
    // A thousand tagged slots of 8 bytes, or of 4 with compressed pointers.
    expect(allocatedBytesPerOp).toBeGreaterThanOrEqual(4000);
  });
});
