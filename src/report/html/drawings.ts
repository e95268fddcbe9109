/**
 * The pictures of a document's charts, drawn before the page is written, since drawing is asynchronous.
 */
import type { Block, Chart, Document } from '../document.ts';
import { renderChart } from './chart/draw.ts';
import { type Markup, trustMarkup } from './markup.ts';

/** The picture of every chart, those inside sections and details included; empty where there is none. */
export async function drawCharts({ blocks }: Document): Promise<ReadonlyMap<Chart, Markup>> {
  const drawings = new Map<Chart, Markup>();
  for (const chart of blocks.flatMap(chartsIn)) {
    // A number instead of text from data, since it becomes part of identifiers.
    const id = `chart${drawings.size + 1}`;
    drawings.set(chart, trustMarkup(await renderChart({ ...chart, id })));
  }
  return drawings;
}

function chartsIn(block: Block): Chart[] {
  if (block.kind === 'chart') return [block];
  return block.kind === 'section' || block.kind === 'details' ? block.blocks.flatMap(chartsIn) : [];
}
