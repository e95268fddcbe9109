/**
 * How many more rounds would decide what a run could not, on cells worked out by hand and over many made-up ones.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findRemedy, findUndecided, isBusy, type Undecided } from '../../src/compare/undecided.ts';
import type { MicroCell } from '../../src/model/cell.ts';
import type { Ratio, Summary } from '../../src/model/metric.ts';
import { assembleOutcomes, cellId, timed } from './outcomes.ts';

const reference = cellId();
const subject = cellId({ contender: 'quick' });

/** A cell of so many equal rounds, with the bounds that are given. */
function cellWith(figures: { rounds: number; ratio: Omit<Ratio, 'reference'>; summary?: Partial<Summary> }): MicroCell {
  const times = Array.from({ length: figures.rounds }, () => 10);
  const [, cell] = assembleOutcomes([...timed(reference, times), ...timed(subject, times)], { speed: 'plain' });
  const { latencyNs } = (cell as MicroCell).metrics;
  if (cell === undefined || latencyNs?.summary === undefined) throw new Error('it has a time');
  const summary = { ...latencyNs.summary, ...figures.summary };
  const ratio = { reference: 'plain', confidence: 0.95, ...figures.ratio };
  return { ...cell, metrics: { ...cell.metrics, latencyNs: { ...latencyNs, summary, ratio } } };
}

function only(cell: MicroCell): Undecided | undefined {
  return findUndecided([cell])[0];
}

describe('a ratio that is not told from 1', () => {
  it('takes rounds by the square of what its interval has to shrink', () => {
    // The interval reaches twice as far as the ratio lies from 1, so four times the rounds.
    const ratio = { ratio: Math.exp(0.1), lo: Math.exp(-0.1), hi: Math.exp(0.3) };
    expect(only(cellWith({ rounds: 5, ratio }))).toMatchObject({ rounds: 5, moreRounds: 15, ratio: ratio.ratio });
    const slower = { ratio: Math.exp(-0.1), lo: Math.exp(-0.3), hi: Math.exp(0.1) };
    expect(only(cellWith({ rounds: 5, ratio: slower }))?.moreRounds).toBe(15);
  });

  it('is worth it only a few percent away from 1', () => {
    expect(only(cellWith({ rounds: 5, ratio: { ratio: 1.02, lo: 0.9, hi: 1.15 } }))).toBeUndefined();
    expect(only(cellWith({ rounds: 5, ratio: { ratio: 0.98, lo: 0.9, hi: 1.15 } }))).toBeUndefined();
  });

  it('is no matter where it is decided, or has no bounds', () => {
    expect(only(cellWith({ rounds: 5, ratio: { ratio: 1.2, lo: 1.1, hi: 1.3 } }))).toBeUndefined();
    const [, thin] = assembleOutcomes([...timed(reference, [10, 11]), ...timed(subject, [8, 12])], { speed: 'plain' });
    expect(only(thin as MicroCell)).toBeUndefined();
  });

  it('needs one round at least, and fewer the farther it lies from 1', () => {
    const away = fc.double({ min: 0.031, max: 1, noNaN: true });
    const reach = fc.double({ min: 1, max: 50, noNaN: true });
    fc.assert(
      fc.property(away, away, reach, fc.integer({ min: 3, max: 12 }), (a, b, share, rounds) => {
        const width = Math.max(a, b) * share;
        const [near, far] = [Math.min(a, b), Math.max(a, b)].map((log) => {
          const ratio = { ratio: Math.exp(log), lo: Math.exp(log - width), hi: Math.exp(log + width) };
          return only(cellWith({ rounds, ratio }))?.moreRounds ?? 0;
        });
        expect(far).toBeGreaterThanOrEqual(1);
        expect(near).toBeGreaterThanOrEqual(far ?? 0);
      }),
    );
  });
});

describe('a noisy time', () => {
  const decided = { ratio: 2, lo: 1.9, hi: 2.1 };

  it('takes rounds until its interval is as narrow as one that is not noisy', () => {
    // The logarithm of the width is twice that of the widest one.
    const cell = cellWith({ rounds: 4, ratio: decided, summary: { lo: 8, hi: 8 * 1.25 ** 2, confidence: 0.95 } });
    const noisy: MicroCell = { ...cell, warnings: [{ code: 'noisy', of: 'interval' }] };
    expect(only(noisy)).toMatchObject({ moreRounds: 12 });
    expect(only(noisy)?.ratio).toBeUndefined();
    expect(only(cell)).toBeUndefined();
  });
});

describe('a remedy', () => {
  it('is as many rounds as the neediest of those within reach wants', () => {
    const one = (moreRounds: number): Undecided => ({ id: subject, rounds: 5, moreRounds, wasDisturbed: false });
    const remedy = findRemedy([one(3), one(20), one(21)]);
    expect(remedy.moreRounds).toBe(20);
    expect(remedy.beyondReach).toEqual([one(21)]);
    expect(findRemedy([one(99)])).toMatchObject({ moreRounds: 0, byRounds: [] });
  });

  it('is a quieter machine where probes, the hypervisor or other programs say so', () => {
    expect(isBusy({})).toBe(false);
    expect(isBusy({ cleanShare: 0.9, stolenShare: 0.01, othersShare: 0.02 })).toBe(false);
    for (const noise of [{ cleanShare: 0.5 }, { stolenShare: 0.06 }, { othersShare: 0.5 }])
      expect(isBusy(noise)).toBe(true);
    const disturbed = timed(subject, [10, 12, 8, 11], { cleanShare: 0.2 });
    const cells = assembleOutcomes([...timed(reference, [11, 11, 11, 11]), ...disturbed], { speed: 'plain' });
    expect(findUndecided(cells).map(({ wasDisturbed }) => wasDisturbed)).toEqual([true]);
  });
});
