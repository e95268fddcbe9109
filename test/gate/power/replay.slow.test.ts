/**
 * Replayed sessions whose outcome is known beforehand: nothing changed, a change that cannot be missed, one that cannot
 * be told.
 */
import { describe, expect, it } from 'vitest';

import type { CellPool, ReplayRequest } from '../../../src/gate/power/replay.ts';
import { boundReplay, replay } from '../../../src/gate/power/replay.ts';
import type { MicroCellId } from '../../../src/model/cell.ts';
import type { Duet, DuetSide, GateStage } from '../../../src/model/gate.ts';
import { cellId, tolerate } from '../synthetic-session.ts';

const ok: DuetSide = { status: 'ok' };

function duet(cell: MicroCellId, stage: GateStage, more: Partial<Duet>): Duet {
  return { cell, stage, fork: 0, baseline: ok, candidate: ok, warnings: [], ...more };
}

/** Forks that lie `spread` above and below `centre` in turn, and a null arm that reads `stray` in every fork. */
function poolOf({
  number,
  centre = 0,
  spread = 0.002,
  stray = 0,
}: {
  number: number;
  centre?: number;
  spread?: number;
  stray?: number;
}): CellPool {
  const cell = cellId(number);
  const forks = (stage: GateStage, count: number): Duet[] =>
    Array.from({ length: count }, (_, fork) =>
      duet(cell, stage, {
        logRatio: centre + (fork % 2 === 0 ? spread : -spread),
        ...(stage === 'confirm' ? { nullLogRatio: stray } : {}),
      }),
    );
  return { cell, screen: forks('screen', 6), confirm: forks('confirm', 14) };
}

function requestOf(pools: readonly CellPool[], more: Partial<ReplayRequest> = {}): ReplayRequest {
  return {
    pools,
    sessions: 30,
    slowdown: 0,
    tolerance: tolerate(0.03),
    falseAlarmRate: 0.01,
    screenForks: 4,
    looks: [16],
    seed: 1,
    ...more,
  };
}

const steady = [1, 2, 3].map((number) => poolOf({ number }));
/** Forks so far apart that it is always looked at again, and a null arm that shows more than any slowdown. */
const hopeless = poolOf({ number: 4, spread: 0.3, stray: 1 });

describe('a replay', () => {
  it('fails nothing where no cell was slower than its tolerance', () => {
    expect(replay(requestOf(steady))).toEqual({
      slowdown: 0,
      sessions: 30,
      detected: 0,
      falseFailures: 0,
      inconclusiveSessions: 0,
      untouched: { cells: 90, failed: 0, inconclusive: 0 },
      suspects: 0,
      freshDuets: 0,
    });
  });

  it('finds a slowdown far beyond tolerance and spread in every session, and suspects that cell alone', () => {
    expect(replay(requestOf(steady, { slowdown: 0.2 }))).toEqual({
      slowdown: 0.2,
      sessions: 30,
      detected: 30,
      falseFailures: 0,
      inconclusiveSessions: 0,
      untouched: { cells: 60, failed: 0, inconclusive: 0 },
      suspects: 1,
      freshDuets: 16,
    });
  });

  it('does not find one within the tolerance', () => {
    expect(replay(requestOf(steady, { slowdown: 0.02 })).detected).toBe(0);
  });

  it('makes another cell slower in every session', () => {
    // In every third session the slow cell is the one that can never be told.
    const result = replay(requestOf([...steady.slice(0, 2), hopeless], { slowdown: 0.2 }));
    expect(result.detected).toBe(20);
    expect(result.inconclusiveSessions).toBe(10);
    expect(result.untouched).toEqual({ cells: 60, failed: 0, inconclusive: 20 });
  });

  it('tells a failure of an unchanged cell from that of the changed one', () => {
    const slower = poolOf({ number: 5, centre: Math.log(1.3) });
    const quiet = replay(requestOf([...steady, slower]));
    expect(quiet).toMatchObject({
      detected: 0,
      falseFailures: 30,
      untouched: { cells: 120, failed: 30, inconclusive: 0 },
    });
    // Every fourth session changes the cell that fails anyway, and there it counts as found.
    const changed = replay(requestOf([...steady, slower], { sessions: 40, slowdown: 0.2 }));
    expect(changed).toMatchObject({ detected: 40, falseFailures: 30, untouched: { cells: 120, failed: 30 } });
  });

  it('counts a cell that could not be measured as a failure, since that ends in an error as well', () => {
    const cell = cellId(6);
    const broken: DuetSide = { status: 'failed', reason: 'ended early' };
    const pool: CellPool = {
      cell,
      screen: [duet(cell, 'screen', { candidate: broken })],
      confirm: [duet(cell, 'confirm', { candidate: broken })],
    };
    const result = replay(requestOf([...steady, pool]));
    expect(result).toMatchObject({ falseFailures: 30, inconclusiveSessions: 0, untouched: { cells: 120, failed: 30 } });
    // A factor on a time that does not exist changes nothing.
    expect(replay(requestOf([pool], { slowdown: 0.2 })).detected).toBe(0);
  });

  it('calls either copy of the baseline the second, so that a dozen duets have no null arm that strays', () => {
    // Suspected in every session, settled by few duets but for what the copies read in all of those recorded.
    const straying = poolOf({ number: 7, centre: 0.02, stray: 0.05 });
    const { inconclusiveSessions, suspects } = replay(requestOf([...steady, straying]));
    expect(suspects).toBe(1);
    expect(inconclusiveSessions).toBeLessThan(3);
  });

  it('gives the same counts for the same seed, and other draws for another one', () => {
    const wide = [1, 2, 3].map((number) => poolOf({ number, spread: 0.04 }));
    const bySeed = (seed: number) => replay(requestOf(wide, { slowdown: 0.05, sessions: 200, seed }));
    expect(bySeed(1)).toEqual(bySeed(1));
    expect(bySeed(2)).not.toEqual(bySeed(1));
  });

  it('leaves the recorded forks as they are', () => {
    const before = JSON.stringify(steady);
    replay(requestOf(steady, { slowdown: 0.2 }));
    expect(JSON.stringify(steady)).toBe(before);
  });
});

describe('the bounds of a replay', () => {
  const { sessions: _none, ...request } = requestOf(steady, { screenForks: 4, looks: [6, 18] });

  it('never promise more than so few independent sessions can, however many were replayed', () => {
    // Six forks of the first look are one session and a half, fourteen of eighteen less than one.
    const bounds = boundReplay(request);
    expect(bounds.independentSessions).toBeCloseTo(14 / 18, 9);
    expect(bounds.falseFailures.lo).toBe(0);
    // None of one: Clopper and Pearson allow up to 97.5%.
    expect(bounds.falseFailures.hi).toBeCloseTo(0.975, 9);
    // Every replay finds it; three cells of less than one session are two trials.
    expect(boundReplay({ ...request, slowdown: 0.2 }).detected.lo).toBeCloseTo(Math.sqrt(0.025), 6);
  });

  it('come down with what was recorded', () => {
    const many = steady.map(({ cell, screen, confirm }) => ({
      cell,
      screen: Array.from({ length: 600 }, (_, index) => screen[index % 6] as Duet),
      confirm: Array.from({ length: 1800 }, (_, index) => confirm[index % 14] as Duet),
    }));
    const { falseFailures, independentSessions } = boundReplay({ ...request, pools: many });
    expect(independentSessions).toBe(100);
    expect(falseFailures.hi).toBeCloseTo(1 - 0.025 ** (1 / 100), 6);
  });

  it('are wide where everything hangs on which cells and forks were recorded', () => {
    // One cell of four fails whenever it is drawn: a grid without it never does.
    const slower = poolOf({ number: 5, centre: Math.log(1.3) });
    const { falseFailures } = boundReplay({ ...request, pools: [...steady, slower] });
    expect([falseFailures.lo, falseFailures.hi]).toEqual([0, 1]);
    expect(replay(requestOf([...steady, slower])).falseFailures).toBe(30);
  });

  it('are the same for the same seed', () => {
    const wide = [1, 2, 3].map((number) => poolOf({ number, spread: 0.04 }));
    const bySeed = (seed: number) => boundReplay({ ...request, pools: wide, slowdown: 0.05, seed });
    expect(bySeed(1)).toEqual(bySeed(1));
    const { detected } = bySeed(1);
    expect(detected.lo).toBeLessThan(detected.hi);
  });
});
