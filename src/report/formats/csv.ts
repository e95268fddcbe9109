/**
 * Every table of the document in long form: one line a table cell, so that tables of any shape fit one file.
 *
 * Quoted as RFC 4180 asks. `value` is the figure in base units where there is one. Deliberately absent: prose.
 */
import type { Block, Document, Table } from '../document.ts';
import type { Format } from '../formats.ts';

const header = ['section', 'table', 'group', 'row', 'column', 'text', 'value'];

export default {
  extension: 'csv',
  render: (document: Document) => [header, ...linesOf(document.blocks, '')].map(join).join(''),
} satisfies Format;

function linesOf(blocks: readonly Block[], section: string): string[][] {
  return blocks.flatMap((block) => {
    if (block.kind === 'section') return linesOf(block.blocks, [section, block.title].filter(Boolean).join(' / '));
    if (block.kind === 'details') return linesOf(block.blocks, section);
    return block.kind === 'table' ? tableLines(block, section) : [];
  });
}

/** The first column names the row. */
function tableLines({ caption, columns, groups }: Table, section: string): string[][] {
  return groups.flatMap(({ label, rows }) => rows.flatMap(([name, ...cells]) => {
    return cells.map(({ text, value }, index) => [
      section,
      caption ?? '',
      label?.text ?? '',
      name?.text ?? '',
      columns[index + 1]?.title ?? '',
      text,
      value === undefined ? '' : `${value}`,
    ]);
  }));
}

function join(fields: readonly string[]): string {
  return `${fields.map(quote).join(',')}\r\n`;
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
