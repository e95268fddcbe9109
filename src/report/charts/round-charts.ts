/**
 * How single rounds lie around their cell's median, for the cells in which they lie farthest apart.
 *
 * A point is one process in its round, so that an outlier shows as one; calm cells would be dots on a line.
 */
import { timeOf, type TimedCell } from '../../compare/cells.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { Chart } from '../document.ts';
import { formatCount, formatPlural, formatRatio } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { type ChartScope, drawableCells, nameChart, seriesOf, tellLeftOut } from './chart-scope.ts';

/** Rows that fit on a screen. Arbitrary; the tables mark every noisy cell. */
const mostCells = 14;

/** The chart of a timed suite, or none where no cell has two rounds. */
export function chartRounds(scope: ChartScope): Chart[] {
  const { cells, metadata, outline } = scope;
  const repeated = drawableCells(cells, metadata).filter(({ rounds }) => rounds.length >= 2);
  const noisiest = repeated.toSorted((a, b) => spreadOf(b) - spreadOf(a)).slice(0, mostCells);
  const [widest] = noisiest;
  const narrowest = noisiest.at(-1);
  if (widest === undefined || narrowest === undefined) return [];
  const name = nameCells(cells);
  const shown = noisiest.length === repeated.length ? 'All' : `The ${formatCount(noisiest.length)} noisiest of`;
  const range = [
    `In ${name(widest)} the slowest round took ${formatRatio(spreadOf(widest))} as long as the fastest,`,
    `in ${name(narrowest)}, the calmest shown, ${formatRatio(spreadOf(narrowest))}`,
  ].join(' ');
  return [
    {
      kind: 'chart',
      id: nameChart(['chart', outline.id, 'rounds']),
      title: `Time of each round against the median of its cell: ${outline.title}`,
      summary: `${shown} ${formatPlural(repeated.length, 'timed cell')}. ${range}.${tellLeftOut(cells, { metadata })}`,
      form: 'points',
      x: { title: 'cell', scale: 'category', unit: 'category' },
      y: { title: 'time of a round / median over the rounds', scale: 'log', unit: 'ratio' },
      series: noisiest.map((cell) => ({
        ...seriesOf(cell.id.contender, scope),
        name: name(cell),
        points: cell.metrics.latencyNs.values.map(({ value }) => ({ x: name(cell), y: value / timeOf(cell).median })),
      })),
      marks: [{ axis: 'y', at: 1, label: 'median' }],
    },
  ];
}

/** How many times as long the slowest round took as the fastest. */
function spreadOf({ metrics }: TimedCell): number {
  const times = metrics.latencyNs.values.map(({ value }) => value);
  return Math.max(...times) / Math.min(...times);
}

/** A cell's name with what tells it from others; a sink that all have is left out. */
function nameCells(all: readonly MicroCell[]): (cell: TimedCell) => string {
  const hasSinks = new Set(all.map(({ id }) => id.sink)).size > 1;
  return ({ id: { contender, payload, items, variant, sink } }) => {
    const parts = [contender, payload, variant, ...(hasSinks ? [sink] : []), formatCount(items)];
    return parts.map(showText).join(', ');
  };
}
