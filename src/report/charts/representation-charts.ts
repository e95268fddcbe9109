/**
 * Time an item takes in each way to hold a datetime or a UUID, as bars: a chart for each family of representations.
 */
import { groupBy, timeOf, type TimedCell } from '../../compare/cells.ts';
import { representationFamily } from '../../compare/findings.ts';
import { rankContenders } from '../../compare/ranking.ts';
import type { MicroCell } from '../../model/cell.ts';
import { nameRepresentation } from '../catalog.ts';
import type { Chart, ChartPoint } from '../document.ts';
import { formatCount, formatList, formatTime } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { type ChartScope, drawableCells, nameChart, seriesOf, tellLeftOut, tellRange } from './chart-scope.ts';

/** A chart for each family and item count with two bars or more. */
export function chartRepresentations(scope: ChartScope): Chart[] {
  const { metadata, outline } = scope;
  const families = groupBy(scope.cells, ({ id }) => JSON.stringify([representationFamily(id.payload), id.items]));
  return [...families.values()].flatMap((family): Chart[] => {
    const timed = drawableCells(family, metadata);
    if (timed.length < 2) return [];
    const { payload, items } = family[0].id;
    const name = representationFamily(payload);
    return [
      {
        kind: 'chart',
        id: nameChart(['chart', outline.id, 'representations', name, items]),
        title: `Time an item by representation: ${name}, ${formatCount(items)} items a call`,
        summary: summarize(timed, family) + tellLeftOut(family, { metadata }),
        form: 'bars',
        x: { title: 'representation', scale: 'category', unit: 'category' },
        y: { title: 'time an item, less is faster', scale: 'linear', unit: 'nanoseconds' },
        series: rankContenders(timed).map((contender) => ({
          ...seriesOf(contender, scope),
          points: timed.filter(({ id }) => id.contender === contender).map((cell) => pointOf(cell, family)),
        })),
      },
    ];
  });
}

function pointOf(cell: TimedCell, family: readonly MicroCell[]): ChartPoint {
  const { items } = cell.id;
  const { median, lo, hi } = timeOf(cell);
  const bounds = lo === undefined || hi === undefined ? {} : { lo: lo / items, hi: hi / items };
  return { x: nameRepresentation(cell, family), y: median / items, ...bounds };
}

function summarize(cells: readonly TimedCell[], family: readonly MicroCell[]): string {
  const parts = [...groupBy(cells, (cell) => nameRepresentation(cell, family))].map(([representation, own]) => {
    const order = own.toSorted((a, b) => timeOf(a).median - timeOf(b).median);
    return `${showText(representation)} ${tellRange(order, tellTime)}`;
  });
  return `${formatList(parts)}.`;
}

function tellTime(cell: TimedCell): string {
  return `${formatTime(timeOf(cell).median / cell.id.items)} (${showText(cell.id.contender)})`;
}
