/**
 * A new run against a stored one of the same machine, by ratios to references that both have.
 *
 * A time says nothing across two sessions, and a ratio to one reference says as much about that reference; so a cell is
 * suspected only where it got slower beside every reference. Suspicion is a reason to measure both commits side by
 * side, never a verdict. Whether the two machines are the same one is for the caller to know.
 */
import type { MicroCell, MicroCellId } from '../model/cell.ts';
import type { Change, Tolerance } from '../model/gate.ts';
import { logarithms } from '../stats/center.ts';
import { differenceInterval } from '../stats/intervals.ts';
import type { TimedCell } from './cells.ts';
import { cellKey, groupKey, isTimed } from './cells.ts';
import { pairRounds } from './ratios.ts';

/** How a cell stands beside one reference, now and then. */
interface ReferenceChange {
  readonly reference: string;
  /** Of time(cell) / time(reference) since the baseline, so more is worse. */
  readonly change: Change;
}

export interface BaselineCell {
  readonly cell: MicroCellId;
  readonly tolerance: Tolerance;
  /** One a reference that was timed in both runs. */
  readonly changes: readonly ReferenceChange[];
  /** True where it is slower than the tolerance beyond the interval, beside every reference. */
  readonly isSuspect: boolean;
}

/**
 * @param request.references contenders, e.g. the runtime's own and one in plain JavaScript.
 * @returns the cells that can be compared, suspects first; a reference is compared with the other ones.
 */
export function compareWithBaseline(request: {
  baseline: readonly MicroCell[];
  current: readonly MicroCell[];
  references: readonly string[];
  toleranceOf: (cell: MicroCellId) => Tolerance;
}): BaselineCell[] {
  const { baseline, current, references, toleranceOf } = request;
  const earlier = new Map(baseline.map((cell) => [cellKey(cell.id), cell]));
  const compared = current.filter(isTimed).flatMap((cell): BaselineCell[] => {
    const before = earlier.get(cellKey(cell.id));
    if (before === undefined || !isTimed(before)) return [];
    const changes = references
      .filter((reference) => reference !== cell.id.contender)
      .flatMap((reference): ReferenceChange[] => {
        const now = ratiosTo(reference, cell, current);
        const then = ratiosTo(reference, before, baseline);
        if (now.length === 0 || then.length === 0) return [];
        return [{ reference, change: changeBetween(then, now) }];
      });
    if (changes.length === 0) return [];
    const tolerance = toleranceOf(cell.id);
    const isSuspect = changes.every(({ change }) => change.lo !== undefined && change.lo > tolerance.time);
    return [{ cell: cell.id, tolerance, changes, isSuspect }];
  });
  const worst = ({ changes }: BaselineCell): number => Math.min(...changes.map(({ change }) => change.value));
  return compared.toSorted((a, b) => Number(b.isSuspect) - Number(a.isSuspect) || worst(b) - worst(a));
}

/** time(cell) / time(reference) by round, for the rounds that both were measured in. */
function ratiosTo(reference: string, cell: TimedCell, cells: readonly MicroCell[]): number[] {
  const other = cells.find(
    (candidate) => candidate.id.contender === reference && groupKey(candidate.id) === groupKey(cell.id),
  );
  if (other === undefined || !isTimed(other)) return [];
  return pairRounds({ subject: cell, against: other }, 'latencyNs').map(({ subject, against }) => subject / against);
}

function changeBetween(then: readonly number[], now: readonly number[]): Change {
  const { mean, lo, hi, confidence } = differenceInterval({ first: logarithms(then), second: logarithms(now) });
  const value = Math.expm1(mean);
  if (lo === undefined || hi === undefined || confidence === undefined) return { value };
  return { value, lo: Math.expm1(lo), hi: Math.expm1(hi), confidence };
}
