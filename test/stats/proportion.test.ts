/**
 * Exact bounds on a share against published values and against the binomial sums that define them.
 */
import { describe, expect, it } from 'vitest';

import { proportionInterval } from '../../src/stats/proportion.ts';

/** Chance of at most `count` events in so many trials, summed up term by term. */
function atMost(count: number, { trials, probability }: { trials: number; probability: number }): number {
  let term = (1 - probability) ** trials;
  let sum = term;
  for (let events = 1; events <= count; events += 1) {
    term *= ((trials - events + 1) / events) * (probability / (1 - probability));
    sum += term;
  }
  return sum;
}

describe('proportionInterval', () => {
  // Four decimals are what tables of exact 95% limits print.
  it.each([
    [0, 10, 0, 0.3085],
    [1, 10, 0.0025, 0.445],
    [5, 10, 0.1871, 0.8129],
    [10, 10, 0.6915, 1],
    [0, 20, 0, 0.1684],
    [1, 20, 0.0013, 0.2487],
    [0, 60, 0, 0.0596],
    [10, 100, 0.049, 0.1762],
  ])('agrees with published limits for %d of %d', (count, trials, lo, hi) => {
    const interval = proportionInterval({ count, trials });
    expect(interval.lo).toBeCloseTo(lo, 4);
    expect(interval.hi).toBeCloseTo(hi, 4);
    expect(interval.confidence).toBe(0.95);
  });

  it('has the closed form where nothing happened: the share at which that has a chance of one tail', () => {
    for (const trials of [1, 7, 60, 2000]) {
      expect(proportionInterval({ count: 0, trials }).hi).toBeCloseTo(1 - 0.025 ** (1 / trials), 8);
      expect(proportionInterval({ count: 0, trials, confidence: 0.9 }).hi).toBeCloseTo(1 - 0.05 ** (1 / trials), 8);
    }
  });

  it.each([
    [3, 12],
    [17, 40],
    [1, 60],
    [59, 60],
    [20, 2000],
  ])('cuts off equal binomial tails for %d of %d', (count, trials) => {
    const { lo, hi } = proportionInterval({ count, trials });
    expect(atMost(count, { trials, probability: hi })).toBeCloseTo(0.025, 6);
    expect(1 - atMost(count - 1, { trials, probability: lo })).toBeCloseTo(0.025, 6);
  });

  it('mirrors when events and their absence change places, and widens with confidence', () => {
    const there = proportionInterval({ count: 3, trials: 20 });
    const back = proportionInterval({ count: 17, trials: 20 });
    expect(back.lo).toBeCloseTo(1 - there.hi, 8);
    expect(back.hi).toBeCloseTo(1 - there.lo, 8);
    const wide = proportionInterval({ count: 3, trials: 20, confidence: 0.99 });
    expect(wide.lo).toBeLessThan(there.lo);
    expect(wide.hi).toBeGreaterThan(there.hi);
  });

  it('refuses what is no count of trials and what is no confidence', () => {
    for (const trials of [0, -1, 1.5, Number.NaN])
      expect(() => proportionInterval({ count: 0, trials })).toThrow(RangeError);
    for (const count of [-1, 11, 0.5, Number.NaN])
      expect(() => proportionInterval({ count, trials: 10 })).toThrow(RangeError);
    for (const confidence of [0, 1, 95, Number.NaN])
      expect(() => proportionInterval({ count: 1, trials: 10, confidence })).toThrow(RangeError);
  });
});
