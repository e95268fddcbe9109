/**
 * What the duets of one cell recorded, and what every rule takes from it. A duet gives one value; blocks are not seen.
 */
import { cellKey, groupBy } from '../../compare/cells.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Duet, GateStage, Tolerance } from '../../model/gate.ts';
import { detectableChange } from '../../stats/power.ts';
import type { CountReading } from './counts.ts';
import { readCount } from './counts.ts';
import type { CellVerdict } from './statuses.ts';
import { describeFailedForks, isMeasured, judgeStatuses } from './statuses.ts';

/** Everything recorded of one cell, both stages in one list, in any order. */
export interface CellEvidence {
  readonly cell: MicroCellId;
  readonly tolerance: Tolerance;
  readonly duets: readonly Duet[];
}

/** The duets of each cell; a cell without any is there too. */
export function gatherEvidence(request: {
  cells: readonly MicroCellId[];
  duets: Iterable<Duet>;
  toleranceOf: (cell: MicroCellId) => Tolerance;
}): CellEvidence[] {
  const duets = groupBy(request.duets, ({ cell }) => cellKey(cell));
  return request.cells.map((cell) => ({
    cell,
    tolerance: request.toleranceOf(cell),
    duets: duets.get(cellKey(cell)) ?? [],
  }));
}

/** A cell with everything taken from its duets that more than one rule needs. */
export interface CellReading {
  readonly evidence: CellEvidence;
  readonly stage: GateStage;
  /** What the statuses of the sides decide, before any time is looked at. */
  readonly decided: CellVerdict | undefined;
  /** ln(candidate / baseline) of the duets that decide, and of the null arm beside them. */
  readonly logRatios: readonly number[];
  readonly nullLogRatios: readonly number[];
  /** ln(1 + tolerance in time). */
  readonly bound: number;
  readonly outputBytes: CountReading | undefined;
  readonly allocations: CountReading | undefined;
  /** What a reader must know beside the verdict: duets that failed among others that did not. */
  readonly failedForks: string | undefined;
}

export function readCell(evidence: CellEvidence): CellReading {
  const confirmed = evidence.duets.filter(({ stage }) => stage === 'confirm');
  const deciding = confirmed.length > 0 ? confirmed : evidence.duets;
  const measured = evidence.duets.filter(isMeasured);
  return {
    evidence,
    stage: confirmed.length > 0 ? 'confirm' : 'screen',
    decided: judgeStatuses(evidence.duets),
    logRatios: takeValues(deciding, 'logRatio'),
    nullLogRatios: takeValues(deciding, 'nullLogRatio'),
    bound: Math.log1p(evidence.tolerance.time),
    outputBytes: readCount(measured, 'outputBytes', evidence.tolerance.outputBytes),
    allocations: readCount(measured, 'allocatedBytesPerOp', evidence.tolerance.allocations),
    failedForks: describeFailedForks(evidence.duets),
  };
}

function takeValues(duets: readonly Duet[], measure: 'logRatio' | 'nullLogRatio'): number[] {
  return duets.flatMap((duet) => {
    const value = duet[measure];
    return isMeasured(duet) && value !== undefined && Number.isFinite(value) ? [value] : [];
  });
}

/** What these duets can tell from no change, as a share; infinite for fewer than two. */
export function smallestDetectable(logRatios: readonly number[]): number {
  if (logRatios.length < 2) return Number.POSITIVE_INFINITY;
  const mean = average(logRatios);
  const squares = logRatios.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return detectableChange({ spread: Math.sqrt(squares / (logRatios.length - 1)), forks: logRatios.length });
}

/** The arithmetic mean; 0 for none, so that an absent null arm shows nothing. */
export function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
