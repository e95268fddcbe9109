/**
 * Whom the page can be filtered by: the document's own list, and whoever has a row, a column or a series without standing in it.
 *
 * Rows refer to a contender by its index in this list, which keeps names out of attributes and the page small.
 */
import type { Block, Document, DocumentContender } from '../document.ts';

/** The contenders of a page in a fixed order, and the index of each. */
export interface PageContenders {
  readonly list: readonly DocumentContender[];
  /** From 0; `undefined` for an id that is not in it. */
  indexOf(id: string): number | undefined;
}

/** The document's list first, then further ones as they come; empty where a document is not about contenders. */
export function collectContenders({ contenders = [], blocks }: Document): PageContenders {
  const list = [...contenders];
  const indices = new Map(list.map(({ id }, index) => [id, index]));
  for (const id of blocks.flatMap(namesIn)) {
    if (indices.has(id)) continue;
    indices.set(id, list.length);
    list.push({ id, flags: [] });
  }
  return { list, indexOf: (id) => indices.get(id) };
}

function namesIn(block: Block): string[] {
  switch (block.kind) {
    case 'section':
    case 'details':
      return block.blocks.flatMap(namesIn);
    case 'table':
      return [...block.columns, ...block.groups.flatMap(({ rows }) => rows.flat())].flatMap(
        ({ contender }) => contender ?? [],
      );
    case 'chart':
      return block.series.flatMap(({ contender }) => contender ?? []);
    case 'answer':
      return block.chart === undefined ? [] : namesIn(block.chart);
    case 'paragraph':
    case 'list':
    case 'note':
    case 'code':
      return [];
  }
}
