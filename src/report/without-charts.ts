/**
 * A document's blocks for formats that cannot draw: without charts, and without details in which nothing else was.
 *
 * Nothing is lost: tables have every figure that a chart shows.
 */
import type { Answer, Block } from './document.ts';

/** The blocks in their order; sections stay, whatever is left of them. */
export function withoutCharts(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block): Block[] => {
    if (block.kind === 'chart') return [];
    if (block.kind === 'answer') return [withoutChart(block)];
    if (block.kind !== 'section' && block.kind !== 'details') return [block];
    const inner = withoutCharts(block.blocks);
    return block.kind === 'details' && inner.length === 0 && block.blocks.length > 0
      ? []
      : [{ ...block, blocks: inner }];
  });
}

export function withoutChart({ kind, sentences }: Answer): Answer {
  return { kind, sentences };
}
