/**
 * A new run against a stored one of the same machine, by ratios to references that both have.
 *
 * A time says nothing across two sessions, and a ratio to one reference says as much about that reference; so a cell is
 * suspected only where it got slower beside every reference. Suspicion is a reason to measure both commits side by
 * side, never a verdict. Deliberately absent: whether the two machines are the same one; the caller has looked.
 */
import type { Cell, CellId } from '../model/cell.ts';
import type { Change, Tolerance } from '../model/gate.ts';
import { logarithms } from '../stats/center.ts';
import { differenceInterval } from '../stats/intervals.ts';
import type { TimedCell } from './cells.ts';
import { cellKey, groupKey, isTimed } from './cells.ts';

/** How a cell stands beside one reference, now and then. */
interface ReferenceChange {
  readonly reference: string;
  /** Of time(cell) / time(reference) since the baseline, so more is worse. */
  readonly change: Change;
}

export interface BaselineCell {
  readonly cell: CellId;
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
  baseline: readonly Cell[];
  current: readonly Cell[];
  references: readonly string[];
  toleranceOf: (cell: CellId) => Tolerance;
}): BaselineCell[] {
  const { baseline, current, references, toleranceOf } = request;
  const earlier = new Map(baseline.map((cell) => [cellKey(cell), cell]));
  const compared = current.filter(isTimed).flatMap((cell): BaselineCell[] => {
    const before = earlier.get(cellKey(cell));
    if (before === undefined || !isTimed(before)) return [];
    const changes = references
      .filter((reference) => reference !== cell.contender)
      .flatMap((reference): ReferenceChange[] => {
        const now = ratiosTo(reference, cell, current);
        const then = ratiosTo(reference, before, baseline);
        if (now.length === 0 || then.length === 0) return [];
        return [{ reference, change: changeBetween(then, now) }];
      });
    if (changes.length === 0) return [];
    const tolerance = toleranceOf(cell);
    const isSuspect = changes.every(({ change }) => change.lo !== undefined && change.lo > tolerance.time);
    const { suite, contender, payload, items, variant, sink } = cell;
    return [{ cell: { suite, contender, payload, items, variant, sink }, tolerance, changes, isSuspect }];
  });
  const worst = ({ changes }: BaselineCell): number => Math.min(...changes.map(({ change }) => change.value));
  return compared.toSorted((a, b) => Number(b.isSuspect) - Number(a.isSuspect) || worst(b) - worst(a));
}

/** time(cell) / time(reference) by round, for the rounds that both were measured in. */
function ratiosTo(reference: string, cell: TimedCell, cells: readonly Cell[]): number[] {
  const other = cells.find((candidate) => candidate.contender === reference && groupKey(candidate) === groupKey(cell));
  if (other === undefined || !isTimed(other)) return [];
  const times = new Map(other.forks.map(({ round, latencyNs }) => [round, latencyNs]));
  return cell.forks.flatMap(({ round, latencyNs }) => {
    const time = times.get(round);
    return time === undefined ? [] : [latencyNs / time];
  });
}

function changeBetween(then: readonly number[], now: readonly number[]): Change {
  const { mean, lo, hi, confidence } = differenceInterval({ first: logarithms(then), second: logarithms(now) });
  const value = Math.expm1(mean);
  if (lo === undefined || hi === undefined || confidence === undefined) return { value };
  return { value, lo: Math.expm1(lo), hi: Math.expm1(hi), confidence };
}
