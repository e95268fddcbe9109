/**
 * Throughput of contenders as bars, a panel a variant: a chart for each payload and sink, at one size.
 */
import { groupBy, medianOf, timeOf, type TimedCell } from '../../compare/cells.ts';
import { rankContenders } from '../../compare/ranking.ts';
import { describePayload } from '../catalog.ts';
import type { ChartPoint } from '../document.ts';
import { formatCount, formatList, formatMegabytes } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { type ChartScope, drawableCells, nameChart, type PlacedChart, seriesOf, tellLeftOut } from './chart-scope.ts';

/** A chart for each payload and sink with two contenders or more, in the order of the cells. */
export function chartThroughput(scope: ChartScope): PlacedChart[] {
  const { metadata, outline } = scope;
  return [...groupBy(scope.cells, ({ id }) => JSON.stringify([id.payload, id.sink])).values()].flatMap(
    (group): PlacedChart[] => {
      const items = largestCommonSize(drawableCells(group, metadata));
      const all = group.filter(({ id }) => id.items === items);
      const timed = drawableCells(all, metadata).filter((cell) => Number.isFinite(rateOf(cell)));
      const contenders = rankContenders(timed);
      if (items === undefined || contenders.length < 2) return [];
      const { payload, sink } = group[0].id;
      return [
        {
          cell: group[0],
          chart: {
            kind: 'chart',
            id: nameChart(['chart', outline.id, 'throughput', payload, sink]),
            title: `Throughput at ${formatCount(items)} items: ${describePayload(metadata, payload)} (${sink})`,
            summary: summarize(timed) + tellLeftOut(all, { metadata }),
            form: 'bars',
            x: { title: 'variant', scale: 'category', unit: 'category' },
            y: { title: 'throughput, more is faster', scale: 'linear', unit: 'bytesPerSec' },
            series: contenders.map((contender) => ({
              ...seriesOf(contender, scope),
              points: timed.filter(({ id }) => id.contender === contender).map(pointOf),
            })),
          },
        },
      ];
    },
  );
}

/** The largest item count at which as many cells were timed as at any; `undefined` where none was. */
function largestCommonSize(cells: readonly TimedCell[]): number | undefined {
  const sizes = [...groupBy(cells, ({ id }) => `${id.items}`).values()];
  const most = Math.max(...sizes.map(({ length }) => length));
  return sizes
    .filter(({ length }) => length === most)
    .map(([{ id }]) => id.items)
    .toSorted((a, b) => b - a)[0];
}

/** The interval is that of the time, turned around. */
function pointOf(cell: TimedCell): ChartPoint {
  const y = rateOf(cell);
  const { median, lo, hi } = timeOf(cell);
  const bounds = lo === undefined || hi === undefined ? {} : { lo: (y * median) / hi, hi: (y * median) / lo };
  return { x: cell.id.variant, y, ...bounds };
}

function summarize(cells: readonly TimedCell[]): string {
  const parts = [...groupBy(cells, ({ id }) => id.variant)].map(([variant, own]) => {
    const [least, ...others] = own.toSorted((a, b) => rateOf(a) - rateOf(b));
    const most = others.at(-1) ?? least;
    return `${variant}: from ${tellRate(least ?? own[0])} to ${tellRate(most ?? own[0])}`;
  });
  return `Bytes a second in each contender's own wire form, with the interval of its time. ${formatList(parts)}.`;
}

function tellRate(cell: TimedCell): string {
  return `${formatMegabytes(rateOf(cell))} MB/s (${showText(cell.id.contender)})`;
}

/** Not a number where the output's size is not known. */
function rateOf(cell: TimedCell): number {
  return medianOf(cell, 'throughputBytesPerSec') ?? Number.NaN;
}
