/**
 * Speedup against number of items, with intervals: a chart for each payload, variant and sink.
 *
 * The reference is the line at 1. A single size is what the bars of throughput show.
 */
import { groupBy, ratioOf, speedupOf, type TimedCell } from '../../compare/cells.ts';
import type { Finding } from '../../compare/finding.ts';
import { rankContenders } from '../../compare/ranking.ts';
import { standing } from '../../compare/ratios.ts';
import type { MicroCell } from '../../model/cell.ts';
import { describeForm, describePayload } from '../catalog.ts';
import type { Chart, ChartPoint } from '../document.ts';
import { formatCount, formatInterval, formatPlural, formatRatio } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import {
  type ChartScope,
  drawableCells,
  nameChart,
  type PlacedChart,
  seriesOf,
  tableKey,
  tellLeftOut,
} from './chart-scope.ts';
import { type Crossing, findCrossings } from './crossings.ts';

/** More lines than these hide what they cross; the sentence tells more of them. Arbitrary within 2 to 6. */
const mostMarks = 3;
const mostTold = 6;

/** A chart for each table that has a speedup at two sizes or more, in the order of the cells. */
export function chartSpeedups(scope: ChartScope, findings: readonly Finding[]): PlacedChart[] {
  return [...groupBy(scope.cells, tableKey).values()].flatMap((table) => {
    const chart = chartTable(table, { scope, findings });
    return chart === undefined ? [] : [{ chart, cell: table[0] }];
  });
}

function chartTable(
  table: readonly [MicroCell, ...MicroCell[]],
  { scope, findings }: { scope: ChartScope; findings: readonly Finding[] },
): Chart | undefined {
  const { metadata, outline } = scope;
  const timed = drawableCells(table, metadata);
  const rivals = timed.filter((cell) => ratioOf(cell, 'latencyNs') !== undefined);
  const sizes = new Set(rivals.map(({ id }) => id.items));
  if (sizes.size < 2) return undefined;
  const reference = (rivals[0] && speedupOf(rivals[0])?.reference) ?? '';
  const crossings = findCrossings(timed, findings);
  const { payload, variant, sink } = table[0].id;
  return {
    kind: 'chart',
    id: nameChart(['chart', outline.id, 'speedup', payload, variant, sink]),
    title: `Speedup by number of items: ${describePayload(metadata, payload)} (${describeForm(table[0].id)})`,
    summary: summarize(rivals, { reference, crossings }) + tellLeftOut(table, { metadata }),
    form: 'lines',
    x: { title: 'items', scale: 'log', unit: 'items' },
    y: { title: `speedup over ${showText(reference)}, more is faster`, scale: 'log', unit: 'ratio' },
    series: rankContenders(rivals).map((contender) => ({
      ...seriesOf(contender, scope),
      points: rivals
        .filter(({ id }) => id.contender === contender)
        .map(pointOf)
        .toSorted((a, b) => Number(a.x) - Number(b.x)),
    })),
    marks: [
      { axis: 'y', at: 1, label: showText(reference) },
      ...chooseMarks(crossings, reference).map(({ winner, loser, at }) => ({
        axis: 'x' as const,
        at,
        label: `${showText(winner)} overtakes ${showText(loser)}`,
      })),
    ],
  };
}

function pointOf(cell: TimedCell): ChartPoint {
  const { ratio = Number.NaN, lo, hi } = speedupOf(cell) ?? {};
  return { x: cell.id.items, y: ratio, ...(lo === undefined || hi === undefined ? {} : { lo, hi }) };
}

/** Those against the reference first, since they say when to change from what everybody has. */
function chooseMarks(crossings: readonly Crossing[], reference: string): Crossing[] {
  const concerns = ({ winner, loser }: Crossing): number => (winner === reference || loser === reference ? 0 : 1);
  return crossings
    .toSorted((a, b) => concerns(a) - concerns(b))
    .slice(0, mostMarks)
    .toSorted((a, b) => a.at - b.at);
}

function summarize(
  cells: readonly TimedCell[],
  { reference, crossings }: { reference: string; crossings: readonly Crossing[] },
): string {
  const contenders = new Set(cells.map(({ id }) => id.contender)).size;
  const gainOf = (cell: TimedCell): number => speedupOf(cell)?.ratio ?? Number.NaN;
  const order = cells.toSorted((a, b) => gainOf(a) - gainOf(b));
  const [lowest, highest] = [order[0], order.at(-1)];
  if (lowest === undefined || highest === undefined) return '';
  const told = crossings.slice(0, mostTold).map(({ winner, loser, below, above }) => {
    return `${showText(winner)} overtakes ${showText(loser)} between ${formatCount(below)} and ${formatCount(above)} items`;
  });
  const more = crossings.length > mostTold ? `, and ${formatPlural(crossings.length - mostTold, 'more crossing')}` : '';
  const changes =
    crossings.length === 0
      ? 'Nobody is shown to overtake the reference or another leader between sizes.'
      : `${told.join(', ')}${more}.`;
  return `${formatPlural(contenders, 'contender')} against ${showText(reference)}. Highest: ${tellPoint(highest)}. Lowest: ${tellPoint(lowest)}. ${changes}`;
}

function tellPoint(cell: TimedCell): string {
  const { contender, items } = cell.id;
  const speedup = speedupOf(cell);
  const { ratio = Number.NaN, lo, hi } = speedup ?? {};
  const bounds = lo === undefined || hi === undefined ? '' : ` (${formatInterval({ lo, hi })})`;
  const figure = standing(speedup) === 'no-difference' ? `no difference${bounds}` : formatRatio(ratio) + bounds;
  return `${showText(contender)}, ${figure} at ${formatCount(items)} items`;
}
