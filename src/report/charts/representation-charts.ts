/**
 * Time an item takes in each way to hold a datetime or a UUID, as bars: a chart for each family of representations.
 *
 * Deliberately absent: what is written for it, which the tables have.
 */
import { groupBy, type TimedCell } from '../../compare/cells.ts';
import { representationFamily } from '../../compare/findings.ts';
import { rankContenders } from '../../compare/ranking.ts';
import type { Cell } from '../../model/cell.ts';
import type { Chart, ChartPoint } from '../document.ts';
import { formatCount, formatList, formatTime } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { type ChartScope, drawableCells, nameChart, seriesOf, tellLeftOut } from './chart-scope.ts';

/** A chart for each family and item count with two bars or more. */
export function chartRepresentations(scope: ChartScope): Chart[] {
  const { metadata, outline } = scope;
  const families = groupBy(scope.cells, ({ payload, items }) => JSON.stringify([representationFamily(payload), items]));
  return [...families.values()].flatMap((family): Chart[] => {
    const timed = drawableCells(family, metadata);
    if (timed.length < 2) return [];
    const name = representationFamily(family[0].payload);
    const { items } = family[0];
    return [
      {
        kind: 'chart',
        id: nameChart(['chart', outline.id, 'representations', name, items]),
        title: `Time an item by representation: ${name}, ${formatCount(items)} items a call`,
        summary: summarize(timed, family) + tellLeftOut(family, metadata),
        form: 'bars',
        x: { title: 'representation', scale: 'category', unit: 'category' },
        y: { title: 'time an item, less is faster', scale: 'linear', unit: 'nanoseconds' },
        series: rankContenders(timed).map((contender) => ({
          ...seriesOf(contender, scope),
          points: timed.filter((cell) => cell.contender === contender).map((cell) => pointOf(cell, family)),
        })),
      },
    ];
  });
}

function pointOf(cell: TimedCell, family: readonly Cell[]): ChartPoint {
  const {
    items,
    latencyNs: { median, lo, hi },
  } = cell;
  const bounds = lo === undefined || hi === undefined ? {} : { lo: lo / items, hi: hi / items };
  return { x: nameRepresentation(cell, family), y: median / items, ...bounds };
}

/** A payload that was measured in both variants has two names. */
function nameRepresentation({ payload, variant, sink }: Cell, family: readonly Cell[]): string {
  const own = family.filter((other) => other.payload === payload);
  const variants = own.some((other) => other.variant !== variant) ? ` (${variant})` : '';
  const sinks = own.some((other) => other.sink !== sink) ? ` as ${sink}` : '';
  return payload + variants + sinks;
}

function summarize(cells: readonly TimedCell[], family: readonly Cell[]): string {
  const parts = [...groupBy(cells, (cell) => nameRepresentation(cell, family))].map(([representation, own]) => {
    const order = own.toSorted((a, b) => a.latencyNs.median - b.latencyNs.median);
    const [least, most] = [order[0] ?? own[0], order.at(-1) ?? own[0]];
    return least === most
      ? `${showText(representation)} ${tellTime(least)}`
      : `${showText(representation)} from ${tellTime(least)} to ${tellTime(most)}`;
  });
  return `${formatList(parts)}.`;
}

function tellTime({ contender, items, latencyNs }: TimedCell): string {
  return `${formatTime(latencyNs.median / items)} (${showText(contender)})`;
}
