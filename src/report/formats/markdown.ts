/**
 * The document as GitHub-flavoured Markdown.
 *
 * Text is escaped so that it shows as it is; program text stands in code spans.
 */
import { withoutCharts } from '../without-charts.ts';
import { answerTitle, type Block, type Document, type Table, type TableCell } from '../document.ts';
import type { Format } from '../format.ts';
import { showDocument } from '../show-document.ts';

export default {
  extension: 'md',
  render(document: Document) {
    const { title, blocks } = showDocument(document);
    return `${[`# ${escapeText(title)}`, ...renderAll(withoutCharts(blocks), 2)].join('\n\n')}\n`;
  },
} satisfies Format;

function renderAll(blocks: readonly Block[], level: number): string[] {
  return blocks.flatMap((block) => renderBlock(block, level));
}

function renderBlock(block: Block, level: number): string[] {
  switch (block.kind) {
    case 'section':
      return [`${'#'.repeat(Math.min(level, 6))} ${escapeText(block.title)}`, ...renderAll(block.blocks, level + 1)];
    case 'answer':
      return renderAll(
        [{ kind: 'section', title: answerTitle, blocks: [{ kind: 'list', items: block.sentences }] }],
        level,
      );
    case 'paragraph':
      return [escapeText(block.text)];
    case 'note':
      return [block.tone === 'warning' ? `> **Warning:** ${escapeText(block.text)}` : `_${escapeText(block.text)}_`];
    case 'list':
      return [block.items.map(({ text }) => `- ${escapeStart(escapeText(text))}`).join('\n')];
    case 'code':
      return [fence(block.text, block.language ?? 'sh')];
    case 'details': {
      const summary = `<details><summary>${escapeText(block.summary)}</summary>`;
      return [summary, ...renderAll(block.blocks, level), '</details>'];
    }
    case 'table':
      return renderTable(block);
    case 'chart':
      return [];
  }
}

function renderTable({ caption, labelTitle, columns, groups }: Table): string[] {
  const hasLabels = labelTitle !== undefined;
  const heads = [...(hasLabels ? [labelTitle] : []), ...columns.map(({ title }) => title)];
  const rules = [...(hasLabels ? ['---'] : []), ...columns.map(({ align }) => (align === 'right' ? '---:' : '---'))];
  const rows = groups.flatMap(({ label, rows: own }) =>
    own.map((cells, index) => {
      // GitHub tables cannot span rows, so a label is written once and its group's other rows leave the place empty.
      const first = hasLabels ? [index === 0 && label !== undefined ? `**${escapeText(label.text)}**` : ''] : [];
      return [...first, ...cells.map(renderCell)];
    }),
  );
  const lines = [heads.map(escapeText), rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [...(caption === undefined ? [] : [`**${escapeText(caption)}**`]), lines.join('\n')];
}

function renderCell({ text, code, tone }: TableCell): string {
  if (text === '') return '';
  if (code === true) return codeSpan(text);
  return tone === 'strong' || tone === 'good' ? `**${escapeText(text)}**` : escapeText(text);
}

/** Everything that Markdown or HTML would take for markup, and line breaks, which would end a table row. */
function escapeText(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|~#&]/g, String.raw`\$&`).replaceAll(/\s*\r?\n\s*/g, ' ');
}

/** What would start a list of its own at the beginning of an item. */
function escapeStart(text: string): string {
  return text.replace(/^[-+=]/, String.raw`\$&`).replace(/^(\d+)([.)])(?=\s|$)/, String.raw`$1\$2`);
}

/** A code span whose fence is longer than any run of backticks inside; a pipe is escaped even there in a table. */
function codeSpan(text: string): string {
  const ticks = '`'.repeat(longestTicks(text) + 1);
  const padding = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  const line = text.replaceAll(/[\r\n]+/g, '⏎').replaceAll('|', String.raw`\|`);
  return ticks + padding + line + padding + ticks;
}

/** A fenced block; three backticks are the fewest that make a fence. */
function fence(text: string, language: string): string {
  const ticks = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

function longestTicks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
