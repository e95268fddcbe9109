/**
 * Throughput of contenders as bars, a panel a variant: a chart for each payload and sink, at one size.
 *
 * Deliberately absent: other sizes, which the tables have.
 */
import { groupBy, type TimedCell } from '../../compare/cells.ts';
import { rankContenders } from '../../compare/ranking.ts';
import type { Cell } from '../../model/cell.ts';
import { describePayload } from '../catalog.ts';
import type { ChartPoint } from '../document.ts';
import { formatCount, formatList, formatMegabytes } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { type ChartScope, drawableCells, nameChart, type PlacedChart, seriesOf, tellLeftOut } from './chart-scope.ts';

/** A chart for each payload and sink with two contenders or more, in the order of the cells. */
export function chartThroughput(scope: ChartScope): PlacedChart[] {
  const { metadata, outline } = scope;
  return [...groupBy(scope.cells, ({ payload, sink }) => JSON.stringify([payload, sink])).values()].flatMap(
    (group): PlacedChart[] => {
      const items = largestCommonSize(drawableCells(group, metadata));
      const all = group.filter((cell) => cell.items === items);
      const timed = drawableCells(all, metadata).filter(
        ({ throughputBytesPerSec }) => throughputBytesPerSec !== undefined,
      );
      const contenders = rankContenders(timed);
      if (items === undefined || contenders.length < 2) return [];
      const { payload, sink } = group[0];
      return [
        {
          cell: group[0],
          chart: {
            kind: 'chart',
            id: nameChart(['chart', outline.id, 'throughput', payload, sink]),
            title: `Throughput at ${formatCount(items)} items: ${describePayload(metadata, payload)} (${sink})`,
            summary: summarize(timed) + tellLeftOut(all, metadata),
            form: 'bars',
            x: { title: 'variant', scale: 'category', unit: 'category' },
            y: { title: 'throughput, more is faster', scale: 'linear', unit: 'bytesPerSec' },
            series: contenders.map((contender) => ({
              ...seriesOf(contender, scope),
              points: timed.filter((cell) => cell.contender === contender).map(pointOf),
            })),
          },
        },
      ];
    },
  );
}

/** The largest item count at which as many cells were timed as at any; `undefined` where none was. */
function largestCommonSize(cells: readonly Cell[]): number | undefined {
  const sizes = [...groupBy(cells, ({ items }) => `${items}`).values()];
  const most = Math.max(...sizes.map(({ length }) => length));
  return sizes
    .filter(({ length }) => length === most)
    .map(([{ items }]) => items)
    .toSorted((a, b) => b - a)[0];
}

/** The interval is that of the time, turned around. */
function pointOf({ variant, throughputBytesPerSec: y = 0, latencyNs: { median, lo, hi } }: TimedCell): ChartPoint {
  const bounds = lo === undefined || hi === undefined ? {} : { lo: (y * median) / hi, hi: (y * median) / lo };
  return { x: variant, y, ...bounds };
}

function summarize(cells: readonly TimedCell[]): string {
  const parts = [...groupBy(cells, ({ variant }) => variant)].flatMap(([variant, own]) => {
    const order = own.toSorted((a, b) => (a.throughputBytesPerSec ?? 0) - (b.throughputBytesPerSec ?? 0));
    const [least, most] = [order[0], order.at(-1)];
    if (least === undefined || most === undefined) return [];
    return `${variant}: from ${tellRate(least)} to ${tellRate(most)}`;
  });
  return `Bytes a second in each contender's own wire form, with the interval of its time. ${formatList(parts)}.`;
}

function tellRate({ contender, throughputBytesPerSec = Number.NaN }: TimedCell): string {
  return `${formatMegabytes(throughputBytesPerSec)} MB/s (${showText(contender)})`;
}
