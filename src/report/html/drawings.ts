/**
 * The pictures of a document's charts, drawn before the page is written, since drawing is asynchronous.
 *
 * Deliberately absent: how a chart becomes a picture (chart.ts).
 */
import type { Block, Chart, ChartPoint, Document } from '../document.ts';
import { showText } from '../../foreign-text.ts';
import { renderChart } from './chart.ts';
import { type Markup, trustMarkup } from './markup.ts';

/** The picture of every chart, those inside sections and details included; empty where there is none. */
export async function drawCharts({ blocks }: Document): Promise<ReadonlyMap<Chart, Markup>> {
  const drawings = new Map<Chart, Markup>();
  for (const chart of blocks.flatMap(chartsIn)) {
    drawings.set(chart, trustMarkup(await renderChart(showChart(chart, drawings.size + 1))));
  }
  return drawings;
}

function chartsIn(block: Block): Chart[] {
  if (block.kind === 'chart') return [block];
  return block.kind === 'section' || block.kind === 'details' ? block.blocks.flatMap(chartsIn) : [];
}

/** The chart with its texts as the page shows them everywhere, and with a number instead of text from data as its id. */
function showChart(chart: Chart, number: number): Chart {
  const { title, summary, x, y, series, marks } = chart;
  return {
    ...chart,
    id: `chart${number}`,
    title: showText(title),
    summary: showText(summary),
    x: { ...x, title: showText(x.title) },
    y: { ...y, title: showText(y.title) },
    series: series.map((own) => ({
      ...own,
      name: showText(own.name),
      ...(own.contender === undefined ? {} : { contender: showText(own.contender) }),
      points: own.points.map(showPoint),
    })),
    ...(marks === undefined ? {} : { marks: marks.map((mark) => ({ ...mark, label: showText(mark.label) })) }),
  };
}

function showPoint(point: ChartPoint): ChartPoint {
  return typeof point.x === 'string' ? { ...point, x: showText(point.x) } : point;
}
