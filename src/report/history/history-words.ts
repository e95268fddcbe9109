/**
 * What the parts of a history's report call machines, moments, commits and what differs between two runs.
 */
import type { CircumstanceChange, HistoryPoint, HistorySeries } from '../../model/history.ts';
import { formatMoment, nothing } from '../quantities.ts';

/** `machine 1`, `machine 2`, … by what tells machines apart, in the order of the series. */
export function nameMachines(series: readonly HistorySeries[]): ReadonlyMap<string, string> {
  const machines = [...new Set(series.map(({ machine }) => machine))];
  return new Map(machines.map((machine, index) => [machine, `machine ${index + 1}`]));
}

/** `fast-json 6.0.1 -> 7.3.6, node 24.1.0 -> 26.0.0`. */
export function tellDifferences(differences: readonly CircumstanceChange[]): string {
  if (differences.length === 0) return 'nothing but the commit and the day';
  return differences
    .map(({ what, before, after }) => `${what} ${before ?? 'absent'} -> ${after ?? 'absent'}`)
    .join(', ');
}

/** In UTC, which the column's title says. */
export function momentOf(point: HistoryPoint | undefined): string {
  return formatMoment(point?.startedAt ?? '').replace(/ UTC$/, '');
}

export function commitOf(point: HistoryPoint | undefined): string {
  return point?.commit ?? nothing;
}
