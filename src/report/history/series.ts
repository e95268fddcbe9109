/**
 * The cells of one group on one machine: a chart of their speedups and a table with a row for each run.
 */
import type { HistoryPoint, HistorySeries } from '../../model/history.ts';
import { describeForm, describePayload, type Metadata } from '../catalog.ts';
import type { Block, TableCell } from '../document.ts';
import { contenderCell, intervalCell, ratioCell, statusCell, noFigure } from '../parts/figure-cells.ts';
import { left, right, tabulateGroups } from '../parts/table.ts';
import { formatCount } from '../quantities.ts';
import { commitOf, momentOf, tellDifferences } from './history-words.ts';
import { drawGroup, type SeriesGroup } from './series-chart.ts';

export interface SeriesContext {
  readonly registry: Metadata;
  readonly machines: ReadonlyMap<string, string>;
  /** Every contender of the report; its position gives it one colour in all charts. */
  readonly contenders: readonly string[];
}

/** The chart, which one run alone does not have, and the table. */
export function reportGroup(group: SeriesGroup, { registry, machines, contenders }: SeriesContext): Block[] {
  const [{ cell, machine, reference }] = group;
  const where = machines.size === 1 ? '' : `, ${machines.get(machine) ?? ''}`;
  const caption = `${describePayload(registry, cell.payload)}, ${formatCount(cell.items)} items (${describeForm(cell)}), over ${reference}${where}`;
  const runs = runsOf(group);
  return [...drawGroup({ group, caption, contenders, runs }), tabulateGroup(group, { caption, runs })];
}

/** Starts of the runs that any series of the group has a point in, ascending. */
function runsOf(group: SeriesGroup): string[] {
  return [...new Set(group.flatMap(({ points }) => points.map(({ startedAt }) => startedAt)))].toSorted();
}

function tabulateGroup(
  group: SeriesGroup,
  { caption, runs }: { readonly caption: string; readonly runs: readonly string[] },
): Block {
  const groups = group.map((one) => ({ rows: one.points.map((point, index) => ({ one, point, index })) }));
  return tabulateGroups(groups, {
    caption,
    columns: [
      left('contender', ({ one }) => contenderCell(one.cell.contender)),
      right('run', ({ point }) => numberCell(runs.indexOf(point.startedAt) + 1)),
      left('date (UTC)', ({ point }) => momentOf(point)),
      left('commit', ({ point }) => commitOf(point)),
      left('runtime', ({ point }) => point.runtime),
      left('version', ({ point }) => point.packageVersion ?? ''),
      right('speedup', ({ point }) => speedupCell(point)),
      right('interval', ({ point }) => (point.ratio === undefined ? '' : intervalCell(point))),
      left('change', ({ one, index }) => changeCell(one, index)),
    ],
  });
}

function numberCell(value: number): TableCell {
  return { text: `${value}`, value };
}

/** The figure; of a run in which the cell did not come out well, its status. */
function speedupCell({ status, ratio, ...bounds }: HistoryPoint): TableCell {
  if (ratio !== undefined) return ratioCell({ ratio, ...bounds });
  return status === 'ok' ? noFigure : statusCell(status);
}

function changeCell({ changes }: HistorySeries, index: number): TableCell | string {
  const change = changes.find(({ at }) => at === index);
  return change === undefined ? '' : { text: `change point: ${tellDifferences(change.differences)}`, tone: 'warning' };
}
