/**
 * Tables of timed suites: by size, by representation, and memory and pauses.
 *
 * The figures are the cells' own; sorting, standing and pay-off come from compare. Deliberately absent: statistics.
 */
import { groupBy, groupKey, isTimed } from '../../compare/cells.ts';
import { callsUntilPaidOff } from '../../compare/compile-cost.ts';
import { representationFamily } from '../../compare/findings.ts';
import { rankContenders } from '../../compare/ranking.ts';
import { standing } from '../../compare/speedup.ts';
import type { Cell } from '../../model/cell.ts';
import { describeForm, describePayload, flagsOf, type Metadata, standsApart } from '../catalog.ts';
import type { Block, Column, List, RowGroup, Table, TableCell } from '../document.ts';
import { collectFootnotes, tellContender, tellStatus } from './footnotes.ts';
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatMegabytes,
  formatPercent,
  formatSpeedup,
  formatSpread,
  formatTime,
  nothing,
  tooFewRounds,
} from '../quantities.ts';

/** One table for each payload, variant and sink, with a group of rows for each item count; what stands apart after. */
export function tabulateBySize(cells: readonly Cell[], metadata: Metadata): Block[] {
  const tables = groupBy(cells, ({ payload, variant, sink }) => JSON.stringify([payload, variant, sink]));
  return [...tables.values()].flatMap((table) => {
    const caption = `${describePayload(metadata, table[0].payload)} (${describeForm(table[0])})`;
    const apart = table.filter(({ contender }) => standsApart(metadata, contender));
    const main = table.filter((cell) => !apart.includes(cell));
    return [
      ...tabulateSizes({ cells: main, caption, metadata }),
      ...tabulateSizes({ cells: apart, caption: `${caption}: not the same work, shown apart`, metadata }),
    ];
  });
}

/** A matrix of contenders against representations for each family of payloads, and what each contender wrote. */
export function tabulateRepresentations(cells: readonly Cell[], metadata: Metadata): Block[] {
  const families = groupBy(cells, ({ payload, items }) => JSON.stringify([representationFamily(payload), items]));
  return [...families.values()].flatMap((family) => {
    const name = representationFamily(family[0].payload);
    const caption = `${name}: time per item, ${formatCount(family[0].items)} items a call`;
    return [...tabulateMatrix({ cells: family, caption, metadata }), tabulateExamples(family)];
  });
}

/**
 * Allocation, garbage collection, pauses and compile cost at the largest item count of each payload, variant and
 * sink, where pauses hurt most; the pay-off of compiling is a range over all item counts.
 */
export function tabulateMemory(cells: readonly Cell[], metadata: Metadata): Block[] {
  const timed = cells.filter(isTimed);
  if (timed.length === 0) return [];
  const payoffs = findPayoffs(timed);
  const tables = groupBy(timed, ({ payload, variant, sink }) => JSON.stringify([payload, variant, sink]));
  const groups = [...tables.values()].map((table): RowGroup => {
    const largest = Math.max(...table.map(({ items }) => items));
    const order = rankContenders(table);
    const rows = table.filter(({ items }) => items === largest).toSorted(byContender(order));
    const { payload, variant, sink } = table[0];
    return {
      label: { text: `${payload}, ${variant}, ${sink}, ${formatCount(largest)}` },
      rows: rows.map((cell) => [
        { text: cell.contender, contender: cell.contender },
        { text: flagsOf(metadata, cell.contender), tone: 'muted' },
        figure(cell.allocatedBytesPerOp, formatBytes),
        figure(cell.gcTimeShare, formatPercent),
        figure(cell.peakBlockNs, formatTime),
        figure(cell.compileNs, formatTime),
        payoffs.get(payoffKey(cell)) ?? { text: '' },
      ]),
    };
  });
  return [
    {
      kind: 'table',
      caption: 'Memory and pauses, at the largest item count',
      labelTitle: 'payload',
      columns: [
        left('contender'),
        left('flags'),
        right('heap/call'),
        right('in GC'),
        right('longest call'),
        right('compile'),
        right('pays off after'),
      ],
      groups,
    },
  ];
}

interface TableRequest {
  readonly cells: readonly Cell[];
  readonly caption: string;
  readonly metadata: Metadata;
}

function left(title: string): Column {
  return { title, align: 'left' };
}

function right(title: string): Column {
  return { title, align: 'right' };
}

function figure(value: number | undefined, format: (value: number) => string): TableCell {
  return value === undefined ? { text: nothing, tone: 'muted' } : { text: format(value), value };
}

function byContender(order: readonly string[]): (a: Cell, b: Cell) => number {
  return (a, b) => order.indexOf(a.contender) - order.indexOf(b.contender);
}

function tabulateSizes({ cells, caption, metadata }: TableRequest): Block[] {
  if (cells.length === 0) return [];
  const { shown, absent } = setAside(cells);
  const footnotes = collectFootnotes(shown);
  const sizes = [...groupBy(shown, ({ items }) => `${items}`).values()].toSorted((a, b) => a[0].items - b[0].items);
  const groups = sizes.map((size): RowGroup => ({
    label: { text: formatCount(size[0].items), value: size[0].items },
    rows: size.toSorted(byContender(rankContenders(size))).map((cell) => sizeRow(cell, metadata, footnotes.mark(cell))),
  }));
  const level = shown.find(({ speedup }) => speedup?.confidence !== undefined)?.speedup?.confidence;
  const table: Table = {
    kind: 'table',
    caption,
    labelTitle: 'items',
    columns: [
      left('contender'),
      left('flags'),
      right('time'),
      right('MB/s'),
      right('speedup'),
      right(level === undefined ? 'interval' : `${formatPercent(level)} interval`),
      right('bytes'),
      left('notes'),
    ],
    groups,
  };
  return [...(shown.length === 0 ? [captionOnly(caption)] : [table]), ...present(footnotes.list()), ...present(absent)];
}

function captionOnly(caption: string): Block {
  return { kind: 'paragraph', text: `${caption}: nothing was measured.` };
}

function present<T>(block: T | undefined): T[] {
  return block === undefined ? [] : [block];
}

/** Takes out contenders that have no result at any size for one and the same reason: a line says it better. */
function setAside(cells: readonly Cell[]): { shown: Cell[]; absent: List | undefined } {
  const out = [...groupBy(cells, ({ contender }) => contender)].filter(([, own]) => {
    return own.every((cell) => cell.status !== 'ok' && tellStatus(cell) === tellStatus(own[0]));
  });
  const names = new Set(out.map(([contender]) => contender));
  const items = out.map(([, own]) => ({ text: tellContender(own[0]), tone: toneOf(own[0]) }));
  const shown = cells.filter(({ contender }) => !names.has(contender));
  return { shown, absent: items.length === 0 ? undefined : { kind: 'list', items } };
}

/** Wrong and crashed results are alarming; what cannot be done or is not installed is not. */
function toneOf({ status }: Cell): 'bad' | 'muted' {
  return status === 'incorrect' || status === 'failed' ? 'bad' : 'muted';
}

function sizeRow(cell: Cell, metadata: Metadata, notes: TableCell): TableCell[] {
  const name: TableCell[] = [
    { text: cell.contender, contender: cell.contender },
    { text: flagsOf(metadata, cell.contender), tone: 'muted' },
  ];
  if (!isTimed(cell)) {
    const empty = Array.from({ length: 4 }, (): TableCell => ({ text: '' }));
    return [...name, { text: cell.status, tone: toneOf(cell) }, ...empty, notes];
  }
  return [
    ...name,
    { text: formatTime(cell.latencyNs.median), value: cell.latencyNs.median },
    figure(cell.throughputBytesPerSec, formatMegabytes),
    ...speedupCells(cell),
    figure(cell.outputBytes, formatBytes),
    notes,
  ];
}

/** The speedup in both forms and its interval; no number is printed where the interval holds 1. */
function speedupCells({ contender, speedup }: Cell): [TableCell, TableCell] {
  if (speedup === undefined) return [{ text: nothing, tone: 'muted' }, { text: '' }];
  const { reference, ratio, lo, hi } = speedup;
  if (contender === reference) return [{ text: 'reference', tone: 'strong', value: 1 }, { text: '' }];
  if (lo === undefined || hi === undefined) {
    return [
      { text: formatSpeedup(ratio), tone: 'muted', value: ratio },
      { text: tooFewRounds, tone: 'muted' },
    ];
  }
  const interval: TableCell = { text: formatInterval({ lo, hi }), tone: 'muted' };
  const verdict = standing(speedup);
  if (verdict === 'no-difference') return [{ text: 'no difference', tone: 'muted', value: ratio }, interval];
  return [{ text: formatSpeedup(ratio), tone: verdict === 'faster' ? 'good' : 'bad', value: ratio }, interval];
}

/** A payload that was measured in both variants makes two columns. */
function representationOf({ payload, variant, sink }: Cell, all: readonly Cell[]): string {
  const own = all.filter((other) => other.payload === payload);
  const variants = own.some((other) => other.variant !== variant) ? ` (${variant})` : '';
  const sinks = own.some((other) => other.sink !== sink) ? ` as ${sink}` : '';
  return payload + variants + sinks;
}

function tabulateMatrix({ cells, caption, metadata }: TableRequest): Block[] {
  const footnotes = collectFootnotes(cells);
  const columns = [...groupBy(cells, (cell) => representationOf(cell, cells)).keys()];
  const rows = [...groupBy(cells, ({ contender }) => contender)].map(([contender, own]): TableCell[] => [
    { text: contender, contender },
    { text: flagsOf(metadata, contender), tone: 'muted' },
    ...columns.map((column): TableCell => {
      const cell = own.find((candidate) => representationOf(candidate, cells) === column);
      return cell === undefined ? { text: '' } : matrixCell(cell, footnotes.mark(cell).text);
    }),
  ]);
  const table: Table = {
    kind: 'table',
    caption,
    columns: [left('contender'), left('flags'), ...columns.map(right)],
    groups: [{ rows }],
  };
  return [table, ...present(footnotes.list())];
}

function matrixCell(cell: Cell, mark: string): TableCell {
  const note = mark === '' ? '' : ` ${mark}`;
  if (!isTimed(cell)) return { text: cell.status + note, tone: toneOf(cell) };
  const { median, lo, hi } = cell.latencyNs;
  const spread = lo === undefined || hi === undefined ? '' : ` ${formatSpread({ lo, hi })}`;
  const value = median / cell.items;
  return { text: formatTime(value) + spread + note, value };
}

function tabulateExamples(cells: readonly Cell[]): Table {
  const written = cells.filter(({ example }) => example !== undefined);
  const columns = groupBy(written, (cell) => representationOf(cell, cells));
  return {
    kind: 'table',
    caption: 'What is written for the first item',
    labelTitle: 'representation',
    columns: [{ ...left('written'), overflow: 'truncate' }, left('by')],
    groups: [...columns].map(([representation, own]) => ({
      label: { text: representation },
      rows: [...groupBy(own, ({ example, status }) => JSON.stringify([example, status])).values()].map((same) => [
        { text: same[0].example ?? '', code: true },
        writers(same),
      ]),
    })),
  };
}

function writers(cells: readonly [Cell, ...Cell[]]): TableCell {
  const names = [...new Set(cells.map(({ contender }) => contender))].join(', ');
  return cells[0].status === 'ok' ? { text: names } : { text: `${names} (${cells[0].status})`, tone: 'bad' };
}

function payoffKey({ contender, payload, variant, sink }: Cell): string {
  return JSON.stringify([contender, payload, variant, sink]);
}

function findPayoffs(cells: readonly Cell[]): Map<string, TableCell> {
  const groups = groupBy(cells, groupKey);
  const rows = [...groupBy(cells, payoffKey)].map(([key, own]): [string, TableCell] => {
    const calls = own.flatMap((cell) => {
      const reference = groups.get(groupKey(cell))?.find(({ contender }) => contender === cell.speedup?.reference);
      return callsUntilPaidOff(cell, reference) ?? [];
    });
    return [key, payoffCell(calls)];
  });
  return new Map(rows);
}

function payoffCell(calls: readonly number[]): TableCell {
  if (calls.length === 0) return { text: '' };
  const finite = calls.filter((count) => Number.isFinite(count));
  if (finite.length === 0) return { text: 'never', tone: 'muted' };
  const fewest = Math.min(...finite);
  const most = Math.max(...finite);
  const range = fewest === most ? formatCount(fewest) : `${formatCount(fewest)} to ${formatCount(most)}`;
  return { text: `${range} ${most === 1 ? 'call' : 'calls'}`, value: most };
}
