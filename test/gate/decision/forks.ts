/**
 * Forks of one cell written out by hand, and what the gate decides on them.
 */

import { type CellEvidence } from '../../../src/gate/decision/evidence.ts';
import { decide } from '../../../src/gate/decision/decide.ts';
import type { Duet, DuetSide, GateCell, GateStage } from '../../../src/model/gate.ts';
import { cellId, tolerate } from '../synthetic-session.ts';

/** Deviations with mean 0 and a standard deviation of about one, so that a list of forks has a known centre. */
const wobble = [1.2, -0.8, 0.4, -1.4, 0.9, -0.3, 1.1, -1.1, 0.2, -0.7, 1.3, -0.8];

interface ForkList {
  readonly stage: GateStage;
  readonly forks: number;
  /** Share by which the candidate is slower, on average. */
  readonly change: number;
  readonly spread?: number;
  readonly nullChange?: number;
  readonly side?: Partial<{ baseline: Partial<DuetSide>; candidate: Partial<DuetSide> }>;
}

export function forksOf({ stage, forks, change, spread = 0.01, nullChange, side }: ForkList): Duet[] {
  const deviations = wobble.slice(0, forks);
  const centre = deviations.reduce((sum, value) => sum + value, 0) / Math.max(1, deviations.length);
  return deviations.map((deviation, fork) => ({
    cell: cellId(0),
    stage,
    fork,
    baseline: { status: 'ok', ...side?.baseline },
    candidate: { status: 'ok', ...side?.candidate },
    logRatio: Math.log1p(change) + spread * (deviation - centre),
    ...(nullChange !== undefined && { nullLogRatio: Math.log1p(nullChange) + spread * (centre - deviation) }),
    warnings: [],
  }));
}

export function unmeasured(baseline: DuetSide, candidate: DuetSide): Duet {
  return { cell: cellId(0), stage: 'screen', fork: 0, baseline, candidate, warnings: [] };
}

export function evidence(duets: readonly Duet[], number = 0): CellEvidence {
  const cell = cellId(number);
  return { cell, tolerance: tolerate(0.03), duets: duets.map((duet) => ({ ...duet, cell })) };
}

export function judge(duets: readonly Duet[], unconfirmed: 'stopped' | 'complete' = 'complete'): GateCell {
  const cells = decide({
    cells: [evidence(duets)],
    falseAlarmRate: 0.01,
    unconfirmed: unconfirmed === 'stopped' ? [cellId(0)] : [],
  });
  return cells[0] as GateCell;
}

export const unchangedScreen = forksOf({ stage: 'screen', forks: 4, change: 0 });
export const slowScreen = forksOf({ stage: 'screen', forks: 4, change: 0.1 });
