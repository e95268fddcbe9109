/**
 * When a suspect needs no further duets, and what each look at it may use up of the false-alarm rate.
 */
import { describe, expect, it } from 'vitest';

import { isSettled, levelOfLook } from '../../../src/gate/decision/looks.ts';
import { gateSettings } from '../../../src/gate/settings.ts';
import type { Duet } from '../../../src/model/gate.ts';
import { evidence, forksOf, unmeasured } from './forks.ts';

describe('the level of a look', () => {
  it.each([
    { looks: [], shares: 1, what: 'no look' },
    { looks: [18], shares: 1, what: 'one look' },
    // 2^-6 is more than 1%: that look fails nothing.
    { looks: [6, 12], shares: 1, what: 'a look that can fail nothing and one that can' },
    { looks: [6, 12, 24, 36], shares: 3, what: 'three looks that can fail something' },
    { looks: [12, 24, 36], shares: 3, what: 'three looks' },
    // Seven duets could fail at 1%, and not at half of it.
    { looks: [7, 8], shares: 2, what: 'looks just long enough' },
  ])('is the rate over $shares for $what', ({ looks, shares }) => {
    expect(levelOfLook(looks, 0.01)).toBeCloseTo(0.01 / shares, 12);
  });

  it.each([gateSettings.looks, [4, 7, 9], [1, 2, 3], [5, 6, 7, 8, 9, 10]])(
    'keeps the rate over all looks that can fail: %j',
    (...looks) => {
      const level = levelOfLook(looks, 0.01);
      expect(level * looks.filter((duets) => 2 ** -duets <= level).length).toBeLessThanOrEqual(0.01);
    },
  );
});

/** Of a tolerance of 3%, after a first look that has suspected it. */
function settles(fresh: readonly Duet[], confirmed = 10): boolean {
  const screen = forksOf({ stage: 'screen', forks: 4, change: 0.02 });
  return isSettled({ cell: evidence([...screen, ...fresh]), level: 0.003, confirmed });
}
const fresh = (forks: number, change: number, more: { spread?: number; nullChange?: number } = {}): Duet[] =>
  forksOf({ stage: 'confirm', forks, change, nullChange: 0, ...more });

describe('a suspect', () => {
  it('is settled where few duets show that it has not changed', () => {
    expect(settles(fresh(6, 0.005))).toBe(true);
    expect(settles(fresh(6, -0.005))).toBe(true);
  });

  it('is open where they scatter too far to say', () => {
    expect(settles(fresh(6, 0.005, { spread: 0.06 }))).toBe(false);
  });

  it('is open without fresh duets, and with one', () => {
    expect(settles([])).toBe(false);
    expect(settles(fresh(1, 0))).toBe(false);
  });

  it.each([0.04, -0.04])('is open where it reads %d, beyond the tolerance, until that is proven', (change) => {
    expect(settles(fresh(6, change, { spread: 0.002 }))).toBe(false);
    expect(settles(fresh(12, change, { spread: 0.002 }))).toBe(true);
  });

  it('is settled by a slowdown only where it is one among as many cells as there are', () => {
    const slower = fresh(12, 0.05, { spread: 0.016 });
    expect(settles(slower, 1)).toBe(true);
    expect(settles(slower, 1000)).toBe(false);
  });

  it('is open where two copies of the baseline differ by what could hide a slowdown', () => {
    expect(settles(fresh(6, 0.005, { nullChange: 0.04 }))).toBe(false);
  });

  it('is settled where its sides cannot be compared', () => {
    const gone = unmeasured({ status: 'ok' }, { status: 'failed', reason: 'ended early' });
    expect(settles(Array.from({ length: 6 }, () => ({ ...gone, stage: 'confirm' as const })))).toBe(true);
  });

  it('is open while its allocations rise in most duets and too few were measured to say', () => {
    const allocating = (forks: number): Duet[] =>
      fresh(forks, 0).map((duet) => ({
        ...duet,
        baseline: { status: 'ok', allocatedBytesPerOp: 10_000 },
        candidate: { status: 'ok', allocatedBytesPerOp: 12_000 },
      }));
    expect(settles(allocating(6))).toBe(false);
  });
});
