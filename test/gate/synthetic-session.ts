/**
 * Gate sessions whose truth is known: forks drawn from a machine with a given spread, and a session run on them.
 *
 * Seeded, so that the counts of a test never change. The session does what the gate does: every cell is looked at,
 * suspects get fresh forks with a null arm, and the decision sees nothing else.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

import { type CellEvidence } from '../../src/gate/decision/evidence.ts';
import { decide } from '../../src/gate/decision/decide.ts';
import { confirmSuspect, levelOfLook } from '../../src/gate/decision/looks.ts';
import { findSuspects } from '../../src/gate/decision/suspects.ts';
import { defaultTolerance, gateSettings } from '../../src/gate/settings.ts';
import type { MicroCellId } from '../../src/model/cell.ts';
import type { Duet, GateCell, GateStage, Tolerance } from '../../src/model/gate.ts';

export type Random = () => number;

export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Box-Muller; the draw under the logarithm is kept off zero. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** ln of the time ratio of one fork where nothing changed; `progress` in [0, 1] is the fork's place in its stage. */
export type Machine = (random: Random, progress: number) => number;

/** Forks of one cell differ by chance alone. */
export function normalMachine(spread: number): Machine {
  return (random) => spread * normal(random);
}

export function cellId(number: number): MicroCellId {
  return {
    suite: 'serialize',
    contender: `contender-${number}`,
    payload: 'tools',
    items: 100,
    variant: 'text',
    sink: 'bytes',
  };
}

export function tolerate(time: number): Tolerance {
  return { time, outputBytes: 0.01, allocations: 0.05 };
}

export interface SessionPlan {
  readonly machine: Machine;
  readonly cells: number;
  readonly tolerance: number;
  readonly screenForks: number;
  /** Fresh duets of a suspect at each look at it. */
  readonly looks: readonly number[];
  readonly falseAlarmRate: number;
  /** ln of the true change of each cell; 0 where it is absent. */
  readonly effects: readonly number[];
}

export const defaultPlan: SessionPlan = {
  machine: normalMachine(0.02),
  cells: 30,
  // What ships, and nothing else, is simulated.
  tolerance: defaultTolerance.time,
  screenForks: gateSettings.screenForks,
  looks: gateSettings.looks,
  falseAlarmRate: gateSettings.falseAlarmRate,
  effects: [],
};

/** One session from the first look to the verdicts. */
export function simulateSession(plan: SessionPlan, random: Random): GateCell[] {
  const { machine, effects, screenForks, looks, falseAlarmRate } = plan;
  const most = { screen: screenForks, confirm: looks.at(-1) as number };
  const draw = (cell: MicroCellId, number: number, stage: GateStage, from: number, to: number): Duet[] =>
    Array.from({ length: to - from }, (_, index): Duet => {
      const fork = from + index;
      const progress = fork / Math.max(1, most[stage] - 1);
      const logRatio = (effects[number] ?? 0) + machine(random, progress);
      return {
        cell,
        stage,
        fork,
        baseline: { status: 'ok' },
        candidate: { status: 'ok' },
        logRatio,
        ...(stage === 'confirm' && { nullLogRatio: machine(random, progress) }),
        warnings: [],
      };
    });
  const screened = Array.from({ length: plan.cells }, (_, number): CellEvidence => {
    const cell = cellId(number);
    return { cell, tolerance: tolerate(plan.tolerance), duets: draw(cell, number, 'screen', 0, screenForks) };
  });
  const suspects = new Set(findSuspects(screened).map(({ cell }) => cell));
  const level = levelOfLook(looks, falseAlarmRate);
  const cells = screened.map((screen, number) => {
    if (!suspects.has(screen.cell)) return screen;
    const drawFresh = (from: number, to: number): Duet[] => draw(screen.cell, number, 'confirm', from, to);
    return confirmSuspect({ screen, looks, level, confirmed: suspects.size, draw: drawFresh });
  });
  return decide({ cells, falseAlarmRate, looks });
}

/** Verdict of the cell with that number. */
export function verdictOf(cells: readonly GateCell[], number: number): string {
  return cells.find(({ cell }) => cell.contender === `contender-${number}`)?.verdict ?? 'absent';
}
