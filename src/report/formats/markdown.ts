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
  render: (document: Document) => renderMarkdown(document, escapeText),
} satisfies Format;

/**
 * The document, with all text outside of code as a function escapes it.
 * @param escape gets plain text, and does at least what `escapeText` does.
 */
export function renderMarkdown(document: Document, escape: Escape): string {
  const { title, blocks } = showDocument(document);
  return `${[`# ${escape(title)}`, ...renderAll(withoutCharts(blocks), { level: 2, escape })].join('\n\n')}\n`;
}

/** From plain text to Markdown that shows it as it is, on one line. */
type Escape = (text: string) => string;

interface Style {
  /** Of the next heading. */
  readonly level: number;
  readonly escape: Escape;
}

function renderAll(blocks: readonly Block[], style: Style): string[] {
  return blocks.flatMap((block) => renderBlock(block, style));
}

function renderBlock(block: Block, style: Style): string[] {
  const { level, escape } = style;
  switch (block.kind) {
    case 'section':
      return [
        `${'#'.repeat(Math.min(level, 6))} ${escape(block.title)}`,
        ...renderAll(block.blocks, { level: level + 1, escape }),
      ];
    case 'answer':
      return renderAll(
        [{ kind: 'section', title: answerTitle, blocks: [{ kind: 'list', items: block.sentences }] }],
        style,
      );
    case 'paragraph':
      return [escape(block.text)];
    case 'note':
      return [block.tone === 'warning' ? `> **Warning:** ${escape(block.text)}` : `_${escape(block.text)}_`];
    case 'list':
      return [block.items.map(({ text }) => `- ${escapeStart(escape(text))}`).join('\n')];
    case 'code':
      return [fence(block.text, block.language ?? 'sh')];
    case 'details': {
      const summary = `<details><summary>${escape(block.summary)}</summary>`;
      return [summary, ...renderAll(block.blocks, style), '</details>'];
    }
    case 'table':
      return renderTable(block, escape);
    case 'chart':
      return [];
  }
}

function renderTable({ caption, labelTitle, columns, groups }: Table, escape: Escape): string[] {
  const hasLabels = labelTitle !== undefined;
  const heads = [...(hasLabels ? [labelTitle] : []), ...columns.map(({ title }) => title)];
  const rules = [...(hasLabels ? ['---'] : []), ...columns.map(({ align }) => (align === 'right' ? '---:' : '---'))];
  const rows = groups.flatMap(({ label, rows: own }) =>
    own.map((cells, index) => {
      // GitHub tables cannot span rows, so a label is written once and its group's other rows leave the place empty.
      const first = hasLabels ? [index === 0 && label !== undefined ? `**${escape(label.text)}**` : ''] : [];
      return [...first, ...cells.map((cell) => renderCell(cell, escape))];
    }),
  );
  const lines = [heads.map(escape), rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [...(caption === undefined ? [] : [`**${escape(caption)}**`]), lines.join('\n')];
}

function renderCell({ text, code, tone }: TableCell, escape: Escape): string {
  if (text === '') return '';
  if (code === true) return codeSpan(text);
  return tone === 'strong' || tone === 'good' ? `**${escape(text)}**` : escape(text);
}

/** Everything that Markdown or HTML would take for markup, and line breaks, which would end a table row. */
export function escapeText(text: string): string {
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
