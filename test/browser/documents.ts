/**
 * Made-up documents for the HTML page: one with a bit of everything, one that says the same hostile text everywhere.
 *
 * Names and figures are invented.
 */
import type { Chart, Document, TableCell } from '../../src/report/document.ts';

/** Times that sort otherwise as text than as figures; `missing` has none. */
const times: readonly (readonly [string, string, number | undefined])[] = [
  ['slow', '1.20 ms', 1.2e6],
  ['quick', '900 ns', 900],
  ['missing', '–', undefined],
  ['steady', '30.0 µs', 3e4],
];

const flags: Readonly<Record<string, readonly string[]>> = {
  slow: [],
  quick: ['s', 'b'],
  missing: ['b'],
  steady: ['s'],
};

const meanings: Readonly<Record<string, string>> = { s: 'needs a schema', b: 'binary: both ends must agree on it' };

function timeRow([contender, text, value]: (typeof times)[number]): TableCell[] {
  return [
    { text: contender, contender },
    { text, ...(value === undefined ? { tone: 'bad' } : { value }) },
    { text: value === undefined ? 'not installed' : 'fine' },
  ];
}

function chartOf(names: readonly string[]): Chart {
  return {
    kind: 'chart',
    id: 'speedup-things',
    title: 'Speedup of things',
    summary: 'What is highest at each size, in words.',
    form: 'lines',
    x: { title: 'items', scale: 'log', unit: 'items' },
    y: { title: 'speedup', scale: 'log', unit: 'ratio' },
    series: names.map((name, index) => ({
      name,
      contender: name,
      points: [10, 100, 1000].map((x) => ({ x, y: index + x / 100, lo: index + x / 110, hi: index + x / 90 })),
    })),
    marks: [{ axis: 'y', at: 1, label: 'as fast as the reference' }],
  };
}

/** Every kind of block; two groups of four contenders each. */
export function exampleDocument(): Document {
  const columns = [
    { title: 'contender', align: 'left' as const },
    { title: 'time', align: 'right' as const },
    { title: 'notes', align: 'left' as const },
  ];
  const groups = ['10', '1,000'].map((text) => ({
    label: { text, value: Number(text.replace(',', '')) },
    rows: times.map(timeRow),
  }));
  return {
    title: 'A made-up run',
    contenders: Object.entries(flags).map(([id, marks]) => ({
      id,
      flags: marks.map((mark) => ({ mark, meaning: meanings[mark] ?? '' })),
    })),
    blocks: [
      { kind: 'list', items: [{ text: 'machine: imaginary' }, { text: 'packages', tone: 'muted' }] },
      { kind: 'note', tone: 'warning', text: 'the machine was busy' },
      {
        kind: 'section',
        title: 'Speed',
        blocks: [
          { kind: 'paragraph', text: 'Which one is fastest?' },
          chartOf(['slow', 'quick', 'steady']),
          { kind: 'table', caption: 'Times of things', labelTitle: 'items', columns, groups },
          { kind: 'note', tone: 'muted', text: 'nothing else' },
          {
            kind: 'details',
            summary: 'More about it',
            blocks: [
              { kind: 'paragraph', text: 'Only for those who unfold it.' },
              { kind: 'section', title: 'Inside', blocks: [{ kind: 'code', text: 'npm run this\nnpm run that' }] },
            ],
          },
        ],
      },
      { kind: 'section', title: 'Legend', blocks: [{ kind: 'list', items: [{ text: 'KB are powers of 1,000' }] }] },
    ],
  };
}

/** A document whose every text is the given one, in every place where text from outside may stand; axes have titles of our own. */
export function hostileDocument(text: string): Document {
  const cell: TableCell = { text, contender: text };
  return {
    title: text,
    contenders: [{ id: text, flags: [{ mark: text, meaning: text }] }],
    blocks: [
      { kind: 'paragraph', text },
      { kind: 'note', tone: 'warning', text },
      { kind: 'list', items: [{ text }] },
      {
        kind: 'section',
        title: text,
        blocks: [
          {
            kind: 'table',
            caption: text,
            labelTitle: text,
            columns: [
              { title: text, align: 'left' },
              { title: text, align: 'right' },
            ],
            groups: [{ label: { text }, rows: [[cell, { text, code: true }]] }],
          },
          { kind: 'code', text, language: text },
          { kind: 'details', summary: text, blocks: [{ kind: 'paragraph', text }] },
          {
            ...chartOf([text]),
            title: text,
            summary: text,
            marks: [{ axis: 'y', at: 1, label: text }],
          },
        ],
      },
    ],
  };
}

/** What would run, load or end an element if one place forgot to escape it. */
export const hostileTexts = [
  '<script>window.broken = 1</script>',
  '"><img src=x onerror="window.broken = 1">',
  "' onmouseover='window.broken = 1' autofocus onfocus='window.broken = 1",
  '</style><script>window.broken = 1</script>',
  '</script><script>window.broken = 1</script>',
  '</title></svg></textarea>--><svg onload="window.broken = 1">',
  '<!--<script>',
  'line\nbreak\u0000\u202e&lt;b&gt;\ud800',
  'constructor',
  'a&hide=b#c=d',
] as const;
