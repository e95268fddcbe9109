/**
 * The document for a terminal: aligned tables without boxes, wrapped to the width, colour only where asked for.
 *
 * Without colour the output is plain text without any control code. Details are only announced, since they would push
 * the tables off the screen. The caller says how wide the screen is and whether it has colour.
 */
import { styleText } from 'node:util';

import CliTable3 from 'cli-table3';

import { withoutCharts } from '../without-charts.ts';
import { answerTitle, type Block, type Table, type TableCell, type Tone } from '../document.ts';
import { showDocument } from '../show-document.ts';
import type { Format } from '../format.ts';

export default {
  extension: 'txt',
  render(given, options) {
    const document = showDocument(given);
    const paint: Screen['paint'] = options.color ? paintWithCodes : (text: string) => text;
    const screen: Screen = { width: Math.max(narrowest, options.columns), underline: '━', paint };
    const title = screen.paint(document.title, 'title');
    return `${[title, ...renderAll(withoutCharts(document.blocks), screen)].join('\n\n')}\n`;
  },
} satisfies Format;

/** Below this a table of eight columns cannot be laid out at all; a narrower terminal wraps lines by itself. */
const narrowest = 60;

/** Prose is hard to read on lines longer than this, however wide the screen. */
const widestProse = 110;

/** A column is not made narrower than this, whatever it holds: shorter texts would be cut beyond recognition. */
const narrowestColumn = 8;

/** Blanks between columns. */
const padding = 2;

type Style = Tone | 'title' | 'head';

interface Screen {
  readonly width: number;
  /** Stronger under the title of an outer section than of an inner one. */
  readonly underline: '━' | '─';
  paint(text: string, style: Style | undefined): string;
}

const styles: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  muted: 'dim',
  strong: 'bold',
  title: ['bold', 'underline'],
  head: 'bold',
};

function paintWithCodes(text: string, style: Style | undefined): string {
  // The caller has decided on colour; the stream of this process must not decide again.
  return style === undefined || text === '' ? text : styleText(styles[style], text, { validateStream: false });
}

function renderAll(blocks: readonly Block[], screen: Screen): string[] {
  return blocks.map((block) => renderBlock(block, screen));
}

function renderBlock(block: Block, screen: Screen): string {
  switch (block.kind) {
    case 'section': {
      const line = screen.underline.repeat(Math.min(block.title.length, screen.width));
      const inside = renderAll(block.blocks, { ...screen, underline: '─' });
      return [`${screen.paint(block.title, 'head')}\n${line}`, ...inside].join('\n\n');
    }
    case 'answer':
      return `${screen.paint(answerTitle, 'head')}\n${renderBlock({ kind: 'list', items: block.sentences }, screen)}`;
    case 'paragraph':
      return wrap(block.text, screen, '').join('\n');
    case 'note': {
      const mark = block.tone === 'warning' ? '! ' : '';
      return screen.paint(wrap(mark + block.text, screen, ' '.repeat(mark.length)).join('\n'), block.tone);
    }
    case 'list': {
      const items = block.items.map(({ text, tone }) => screen.paint(wrap(`• ${text}`, screen, '  ').join('\n'), tone));
      return items.join('\n');
    }
    case 'code':
      return block.text
        .split('\n')
        .map((line) => (line === '' ? '' : `  ${line}`))
        .join('\n');
    case 'details':
      return screen.paint(`${block.summary}: in the Markdown report.`, 'muted');
    case 'table':
      return renderTable(block, screen);
    case 'chart':
      // Tables have every figure that a plot would show.
      return '';
  }
}

/** Breaks at spaces; a word longer than a line is left whole. */
function wrap(text: string, screen: Screen, indent: string): string[] {
  const width = Math.min(screen.width, widestProse);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function renderTable(table: Table, screen: Screen): string {
  const { caption } = table;
  const natural = layOut(table, screen, []);
  const widths = natural.options.colWidths.map((width) => width ?? 0);
  const text = fits(widths, screen) ? natural.text : layOut(table, screen, narrow(table, widths, screen)).text;
  const lines = text.split('\n').map((line) => line.trimEnd());
  return [...(caption === undefined ? [] : [screen.paint(caption, 'head'), '']), ...lines].join('\n');
}

function fits(widths: readonly number[], screen: Screen): boolean {
  return widths.reduce((sum, width) => sum + width, 0) <= screen.width;
}

/** Takes the room that is missing from columns of left-aligned text, the widest first, down to their longest word. */
function narrow(table: Table, natural: readonly number[], screen: Screen): number[] {
  const widths = [...natural];
  const fewest = longestWords(table);
  for (;;) {
    const spare = widths.map((width, index) => (width > (fewest[index] ?? width) ? width : 0));
    const widest = Math.max(...spare);
    if (widest === 0 || fits(widths, screen)) return widths;
    widths[spare.indexOf(widest)] = widest - 1;
  }
}

/** The least width of each column, the labels' first; infinite for figures, which are never wrapped. */
function longestWords({ labelTitle, columns, groups }: Table): number[] {
  const own = columns.map(({ align, overflow, title }, index) => {
    if (align === 'right') return Number.POSITIVE_INFINITY;
    if (overflow === 'truncate') return padding + narrowestColumn;
    return widthOfWords([title, ...groups.flatMap(({ rows }) => rows.map((cells) => cells[index]?.text ?? ''))]);
  });
  const labels = groups.map(({ label }) => label?.text ?? '');
  return labelTitle === undefined ? own : [widthOfWords([labelTitle, ...labels]), ...own];
}

function widthOfWords(texts: readonly string[]): number {
  return padding + Math.max(narrowestColumn, ...texts.flatMap((text) => text.split(' ')).map(({ length }) => length));
}

function layOut({ labelTitle, columns, groups }: Table, screen: Screen, colWidths: readonly number[]) {
  const hasLabels = labelTitle !== undefined;
  const heads = [...(hasLabels ? [labelTitle] : []), ...columns.map(({ title }) => title)];
  const table = new CliTable3({
    head: heads.map((head) => screen.paint(head, 'head')),
    colAligns: [...(hasLabels ? ['left' as const] : []), ...columns.map(({ align }) => align)],
    colWidths: [...colWidths],
    wordWrap: true,
    chars: bare,
    // Colours are painted into the cells, so the table's own ones are switched off.
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': padding },
  });
  groups.forEach(({ label, rows }, position) => {
    // A blank line tells groups of several rows apart; groups of one row read better without.
    if (position > 0 && groups.some((group) => group.rows.length > 1)) table.push(heads.map(() => ''));
    rows.forEach((cells, index) => {
      const first = hasLabels ? [index === 0 ? screen.paint(label?.text ?? '', 'strong') : ''] : [];
      table.push([
        ...first,
        ...cells.map((cell, column) => ({
          content: paintCell(cell, screen),
          wordWrap: columns[column]?.overflow !== 'truncate',
        })),
      ]);
    });
  });
  const text = table.toString();
  return { text, options: table.options };
}

function paintCell({ text, tone }: TableCell, screen: Screen): string {
  return screen.paint(text.replaceAll(/[\r\n]+/g, '⏎'), tone);
}

/** Only the line under the head is drawn. */
const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '─',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
