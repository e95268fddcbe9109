/**
 * Tables of size suites: bytes, plain and compressed, and what compressing takes.
 *
 * Deliberately absent: a ranking; the smallest output is not the best one for a client that cannot read it.
 */
import { groupBy } from '../../compare/cells.ts';
import type { Cell, EncodedSize } from '../../model/cell.ts';
import { describeForm, describePayload, flagsOf, type Metadata } from '../catalog.ts';
import type { Block, Column, TableCell } from '../document.ts';
import { collectFootnotes } from './footnotes.ts';
import { formatBytes, formatChange, formatCount, formatPercent, formatTime, nothing } from '../quantities.ts';

export interface SizeTablesRequest {
  readonly cells: readonly Cell[];
  readonly metadata: Metadata;
  /** The contender that sizes are quoted against; without one that column is empty. */
  readonly reference: string | undefined;
}

/** One table for each payload, items, variant and sink: sizes first, then the time that compressing takes. */
export function tabulateSizesOfOutput({ cells, metadata, reference }: SizeTablesRequest): Block[] {
  const tables = groupBy(cells, ({ payload, items, variant, sink }) => JSON.stringify([payload, items, variant, sink]));
  return [...tables.values()].flatMap((table): Block[] => {
    const footnotes = collectFootnotes(table);
    const [{ payload, items }] = table;
    const encodings = [
      ...groupBy(
        table.flatMap(({ encoded }) => encoded ?? []),
        nameEncoding,
      ).keys(),
    ];
    const referenceBytes = table.find(({ contender }) => contender === reference)?.outputBytes;
    const rows = table.map((cell): { cell: Cell; head: TableCell[] } => ({
      cell,
      head: [
        { text: cell.contender, contender: cell.contender },
        { text: flagsOf(metadata, cell.contender), tone: 'muted' },
      ],
    }));
    const sizes = rows.map(({ cell, head }) => [
      ...head,
      plainSize(cell),
      againstReference(cell, { reference, referenceBytes }),
      ...encodings.map((name) => compressedSize(cell, name)),
      footnotes.mark(cell),
    ]);
    const times = rows
      .filter(({ cell }) => cell.encoded !== undefined)
      .map(({ cell, head }) => [...head, empty, empty, ...encodings.map((name) => compressTime(cell, name)), empty]);
    const list = footnotes.list();
    return [
      {
        kind: 'table',
        caption: `${describePayload(metadata, payload)}, ${formatCount(items)} items (${describeForm(table[0])})`,
        labelTitle: '',
        columns: [
          left('contender'),
          left('flags'),
          right('plain'),
          right('vs ref'),
          ...encodings.map(right),
          left('notes'),
        ],
        groups: [
          { label: { text: 'size' }, rows: sizes },
          ...(encodings.length === 0 || times.length === 0 ? [] : [{ label: { text: 'time' }, rows: times }]),
        ],
      },
      ...(list === undefined ? [] : [list]),
    ];
  });
}

const empty: TableCell = { text: '' };

function left(title: string): Column {
  return { title, align: 'left' };
}

function right(title: string): Column {
  return { title, align: 'right' };
}

/** `gzip 6`. */
function nameEncoding({ encoding, level }: EncodedSize): string {
  return `${encoding} ${level}`;
}

function plainSize({ status, outputBytes }: Cell): TableCell {
  if (status !== 'ok') return { text: status, tone: status === 'incorrect' || status === 'failed' ? 'bad' : 'muted' };
  return outputBytes === undefined ? empty : { text: formatBytes(outputBytes), value: outputBytes };
}

interface Against {
  readonly reference: string | undefined;
  readonly referenceBytes: number | undefined;
}

function againstReference(cell: Cell, { reference, referenceBytes }: Against): TableCell {
  if (cell.contender === reference) return { text: 'reference', tone: 'strong' };
  if (cell.outputBytes === undefined || referenceBytes === undefined) return empty;
  const share = cell.outputBytes / referenceBytes - 1;
  if (share === 0) return { text: 'same', tone: 'muted', value: 0 };
  return { text: formatChange(share), tone: share < 0 ? 'good' : 'bad', value: share };
}

function findEncoding(cell: Cell, name: string): EncodedSize | undefined {
  return cell.encoded?.find((candidate) => nameEncoding(candidate) === name);
}

/** The size and how much of the contender's own plain output compressing takes off. */
function compressedSize(cell: Cell, name: string): TableCell {
  const found = findEncoding(cell, name);
  if (found === undefined || cell.outputBytes === undefined) return empty;
  const saved = 1 - found.sizeBytes / cell.outputBytes;
  const percent = saved < 0 ? `+${formatPercent(-saved)}` : `-${formatPercent(saved)}`;
  return { text: `${formatBytes(found.sizeBytes)} ${percent}`, value: found.sizeBytes };
}

function compressTime(cell: Cell, name: string): TableCell {
  const found = findEncoding(cell, name);
  return found === undefined ? { text: nothing } : { text: formatTime(found.latencyNs), value: found.latencyNs };
}
