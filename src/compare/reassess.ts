/**
 * A stored run as it is believed today: bounds that rest on fewer than three rounds are left out.
 *
 * Released versions stored bounds of two forks, with t at 12.7, and ratios of times that no clock can tell apart. Their
 * files stay readable, and no report repeats those figures. Deliberately absent: measuring anything anew.
 */
import type { Cell } from '../model/cell.ts';
import type { Run } from '../model/run.ts';
import { fewestForBounds } from '../stats/intervals.ts';
import { groupBy, groupKey } from './cells.ts';
import { reassessHttp } from './http-ratios.ts';

/** The same run; figures themselves stay as they are. */
export function reassess(run: Run): Run {
  const groups = groupBy(run.cells, groupKey);
  const cells = run.cells.map((cell) => reassessCell(cell, groups.get(groupKey(cell)) ?? []));
  return { ...run, cells, ...(run.http === undefined ? {} : { http: reassessHttp(run.http) }) };
}

function reassessCell(cell: Cell, group: readonly Cell[]): Cell {
  const { latencyNs, speedup } = cell;
  const reference = group.find(({ contender }) => contender === speedup?.reference);
  const rounds = new Set(reference?.forks.map(({ round }) => round));
  const common =
    reference === undefined ? cell.forks.length : cell.forks.filter(({ round }) => rounds.has(round)).length;
  return {
    ...cell,
    ...(latencyNs === undefined || cell.forks.length >= fewestForBounds
      ? {}
      : { latencyNs: { median: latencyNs.median } }),
    ...(speedup === undefined || common >= fewestForBounds
      ? {}
      : { speedup: { reference: speedup.reference, ratio: speedup.ratio } }),
  };
}
