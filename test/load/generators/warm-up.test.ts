import { describe, expect, it } from 'vitest';

import { isSettled, WarmUp } from '../../../src/load/generators/warm-up.ts';

const settings = { warmupMs: 400, fewestWarmups: 20, longestWarmupMs: 6000 };

/** When the warm-up is over, in milliseconds, on a server whose rate per second changes with time. */
function endOf(
  rateAt: (ms: number) => number,
  { settles = true, connections = 10 } = {},
): { ms: number; hasSettled: boolean } {
  const warmUp = new WarmUp(settings, { settles, connections });
  for (let ms = 0; ; ms += 1000 / rateAt(ms)) {
    if (warmUp.answered(ms)) return { ms, hasSettled: warmUp.hasSettled };
  }
}

describe('WarmUp', () => {
  it('is short where the rate is steady from the first answer', () => {
    const { ms, hasSettled } = endOf(() => 1000);
    expect(hasSettled).toBe(true);
    expect(ms).toBeGreaterThanOrEqual(1000);
    expect(ms).toBeLessThan(1100);
  });

  it('goes on while the server gets faster', () => {
    expect(endOf((ms) => Math.min(3000, 500 + ms)).ms).toBeGreaterThan(2500);
  });

  it('does not take a dip for the end, which is where code is being optimised', () => {
    const dipping = (ms: number): number => (ms < 600 ? 20_000 : ms < 1200 ? 14_000 : 30_000);
    expect(endOf(dipping).ms).toBeGreaterThan(1500);
  });

  it('gives up where the rate never settles, and says so', () => {
    expect(endOf((ms) => 100 * 1.6 ** (ms / 400))).toMatchObject({
      hasSettled: false,
      ms: expect.closeTo(6000, -2) as number,
    });
  });

  it('waits for a round of answers where they are slow', () => {
    // Fifty milliseconds each, so that four windows of ten take two seconds.
    expect(endOf(() => 20).ms).toBeGreaterThan(1900);
    expect(endOf(() => 20).ms).toBeLessThan(2300);
  });

  it('takes fewer answers for a round where few are under way', () => {
    // A sixth of a second each: four windows of four take less than three seconds.
    const { ms, hasSettled } = endOf(() => 6, { connections: 2 });
    expect(hasSettled).toBe(true);
    expect(ms).toBeLessThan(3500);
  });

  it('asks for the least only where the server was warm before', () => {
    expect(endOf((ms) => 500 + ms, { settles: false })).toMatchObject({
      ms: expect.closeTo(400, -1) as number,
      hasSettled: true,
    });
    expect(endOf(() => 20, { settles: false }).ms).toBeGreaterThanOrEqual(950);
  });
});

describe('isSettled', () => {
  /** Windows of so many answers each, at these rates. */
  const windowsOf = (rates: readonly number[], answers: number) =>
    rates.map((rate) => ({ answers, ms: answers / rate }));

  it('compares the two latest windows with the two before them', () => {
    const settles = (rates: readonly number[]): boolean => isSettled(windowsOf(rates, 1000));
    expect(settles([1, 1, 1])).toBe(false);
    expect(settles([9, 1, 1, 1, 1])).toBe(true);
    expect(settles([1, 1, 1.2, 1.2])).toBe(false);
    expect(settles([1.2, 1.2, 1, 1])).toBe(false);
    expect(settles([1, 1.1, 1.1, 1])).toBe(true);
  });

  it('makes less of a difference between few answers', () => {
    const settles = (rates: readonly number[]): boolean => isSettled(windowsOf(rates, 10));
    expect(settles([1, 1, 1.1, 1.1])).toBe(true);
    expect(settles([1, 1, 1.2, 1.2])).toBe(false);
    expect(settles([1, 1, 0.8, 0.8])).toBe(true);
    expect(settles([1, 1, 0.7, 0.7])).toBe(false);
  });
});
