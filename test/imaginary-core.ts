/**
 * A processor that is always at its best and that nothing is moved to: what depends on it depends on the test alone.
 */
import type { MeasuringCore } from '../src/machine/measuring-core.ts';

/** @param excesses what its probes say, one after the other; 0 when they are used up. */
export function imaginaryCore(excesses: readonly number[] = []): MeasuringCore {
  const left = [...excesses];
  return {
    free: [],
    parallelism: 2,
    unpinned: 'no taskset',
    isOneProcessor: false,
    settle: () => Promise.resolve(),
    take: () => Promise.resolve(),
    leave: () => Promise.resolve(),
    probe: () => Promise.resolve(left.shift() ?? 0),
    readTime: () => undefined,
    end: () => Promise.resolve(),
  };
}
