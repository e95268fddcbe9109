/**
 * The pictures of a document's charts, drawn before the page is written, since drawing is asynchronous.
 */
import type { Block, Chart, Document } from '../document.ts';
import { withoutChart } from '../without-charts.ts';
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

/** What draws; an installation need not have it. */
export const drawingPackages: readonly string[] = ['vega', 'vega-lite'];

/**
 * The document without its charts and without what holds nothing else, with a note that says so where there were any:
 * at its beginning, below its answer.
 */
export function leaveOutCharts(document: Document, why: string): Document {
  if (document.blocks.flatMap(chartsIn).length === 0) return document;
  const text = `Charts are left out of this page, since ${why}. The tables have every figure.`;
  const blocks = document.blocks.flatMap(withoutCharts);
  const answers = blocks[0]?.kind === 'answer' ? 1 : 0;
  return {
    ...document,
    blocks: [...blocks.slice(0, answers), { kind: 'note', tone: 'muted', text }, ...blocks.slice(answers)],
  };
}

function withoutCharts(block: Block): Block[] {
  if (block.kind === 'chart') return [];
  if (block.kind === 'answer') return [withoutChart(block)];
  if (block.kind !== 'section' && block.kind !== 'details') return [block];
  const blocks = block.blocks.flatMap(withoutCharts);
  return blocks.length === 0 ? [] : [{ ...block, blocks }];
}

function chartsIn(block: Block): Chart[] {
  if (block.kind === 'chart') return [block];
  if (block.kind === 'answer') return block.chart === undefined ? [] : [block.chart];
  return block.kind === 'section' || block.kind === 'details' ? block.blocks.flatMap(chartsIn) : [];
}
