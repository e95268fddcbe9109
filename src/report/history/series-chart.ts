/**
 * Speedups of one group of cells against the number of the run, with their change points.
 */
import { groupKey } from '../../compare/cells.ts';
import type { HistorySeries } from '../../model/history.ts';
import type { Chart, ChartPoint, ChartSeries } from '../document.ts';
import { formatList, formatPlural, formatRatio } from '../quantities.ts';
import { tellDifferences } from './history-words.ts';

/** Cells of one table and chart: those of one group on one machine. */
export type SeriesGroup = readonly [HistorySeries, ...HistorySeries[]];

interface ChartRequest {
  readonly group: SeriesGroup;
  readonly caption: string;
  /** Every contender of the report; see SeriesContext. */
  readonly contenders: readonly string[];
  /** Starts of the group's runs, ascending. */
  readonly runs: readonly string[];
}

/** The chart; none where there is one run only, which makes no line. */
export function drawGroup({ group, caption, contenders, runs }: ChartRequest): Chart[] {
  if (runs.length < 2) return [];
  const [first] = group;
  const series = group.map(({ cell, points }): ChartSeries => ({
    name: cell.contender,
    contender: cell.contender,
    slot: contenders.indexOf(cell.contender),
    points: points.flatMap(({ startedAt, ratio, lo, hi }): ChartPoint[] => {
      if (ratio === undefined) return [];
      const bounds = lo === undefined || hi === undefined ? {} : { lo, hi };
      return [{ x: runs.indexOf(startedAt) + 1, y: ratio, ...bounds }];
    }),
  }));
  const changes = group.flatMap((one) => one.changes.map((change) => ({ one, change })));
  const chart: Chart = {
    kind: 'chart',
    id: chartId(first),
    title: caption,
    summary: summarize(group, runs.length),
    form: 'lines',
    x: { title: 'run, the oldest first', scale: 'linear', unit: 'items' },
    y: { title: 'speedup', scale: 'log', unit: 'ratio' },
    series,
    marks: [
      { axis: 'y', at: 1, label: first.reference },
      // A change lies between two runs.
      ...changes.map(({ one, change }) => ({
        axis: 'x' as const,
        at: runs.indexOf(one.points[change.at]?.startedAt ?? '') + 0.5,
        label: `${one.cell.contender}: ${tellDifferences(change.differences)}`,
      })),
    ],
  };
  return [chart];
}

/** Kebab-case, and different for series that differ in anything but the contender. */
function chartId({ cell, reference, machine }: HistorySeries): string {
  const name = [cell.suite, cell.payload, cell.items, cell.variant, cell.sink]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return `history-${name}-${checksum(JSON.stringify([groupKey({ ...cell, contender: '' }), reference, machine]))}`;
}

/** FNV-1a: names that become the same in kebab-case stay apart. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of text) hash = Math.imul(hash ^ (byte.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}

function summarize(group: SeriesGroup, runs: number): string {
  const sentences = group.flatMap(({ cell, points, changes }) => {
    const ratios = points.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio]));
    const [first, last] = [ratios[0], ratios.at(-1)];
    if (first === undefined || last === undefined) return [];
    const path = ratios.length === 1 ? formatRatio(first) : `from ${formatRatio(first)} to ${formatRatio(last)}`;
    const changed = changes.length === 0 ? '' : ` with ${formatPlural(changes.length, 'change point')}`;
    return [`${cell.contender} ${path}${changed}`];
  });
  return `Speedup over ${group[0].reference} in ${formatPlural(runs, 'run')}: ${formatList(sentences)}.`;
}
