/**
 * A chart as SVG text, drawn by Vega-Lite and Vega without a browser and without a canvas.
 *
 * The same chart gives the same text on every machine. How it is described to Vega-Lite stands in spec.ts, what becomes of
 * Vega's text in svg.ts.
 */
import type { Chart } from '../../document.ts';
import { describeChart } from './spec.ts';
import { adaptSvg, markSeries, type SceneNode } from './svg.ts';

/**
 * An `<svg>` element that stands in a page or in a file of its own, without line breaks.
 *
 * Whatever belongs to a series, its entry in the legend and its label on an axis included, has `data-series` with the
 * series' name and `data-contender` with the contender's id where there is one. Ids begin with the chart's own.
 * @throws {RangeError} if the chart has no series.
 */
export async function renderChart(chart: Chart): Promise<string> {
  if (chart.series.length === 0) throw new RangeError(`chart '${chart.id}' has no series`);
  // Loaded on the first chart, so that commands that draw nothing do not wait for it.
  drawing ??= loadDrawing();
  const { compile, parse, ChartView } = await drawing;
  const view = new ChartView(parse(compile(describeChart(chart)).spec), { renderer: 'none' });
  try {
    await view.runAsync();
    markSeries(view.scenegraph() as unknown as { readonly root: SceneNode }, chart);
    return adaptSvg(await view.toSVG(), chart);
  } finally {
    view.finalize();
  }
}

let drawing: ReturnType<typeof loadDrawing> | undefined;

async function loadDrawing() {
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')]);
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  textMetrics.width = estimateWidth;
  return { compile, parse: vega.parse, ChartView: vega.View };
}

/** Vega's way to measure text; its types leave it out. */
interface TextMetrics {
  width(item: { readonly fontSize?: number }, text: string | number): number;
}

/**
 * Pixels that a line of text takes, without asking for a canvas, which one machine has and another has not.
 *
 * Letters of a sans-serif font are a bit more than half as wide as the font is high; Vega's own estimate of 0.8 leaves
 * wide gaps behind names. Too small a value would let labels touch.
 */
function estimateWidth({ fontSize = 11 }: { readonly fontSize?: number }, text: string | number): number {
  return Math.ceil(String(text).length * fontSize * 0.6);
}
