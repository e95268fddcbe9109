/**
 * Tables of size suites: bytes, plain and compressed, and what compressing takes. They are not ranked: the smallest
 * output is not the best one for a client that cannot read it.
 */
import { encodedSizesOf, groupBy, medianOf } from '../../compare/cells.ts';
import type { EncodedSize, MicroCell } from '../../model/cell.ts';
import { describeForm, describePayload, flagsOf, type Metadata } from '../catalog.ts';
import type { Block, TableCell } from '../document.ts';
import { contenderCell, figure, statusCell } from '../parts/figure-cells.ts';
import { left, right, tabulateGroups } from '../parts/table.ts';
import { formatBytes, formatChange, formatCount, formatPercent, formatTime, nothing } from '../quantities.ts';
import { collectFootnotes } from './footnotes.ts';

export interface SizeTablesRequest {
  readonly cells: readonly MicroCell[];
  readonly metadata: Metadata;
  /** The contender that sizes are quoted against; without one that column is empty. */
  readonly reference: string | undefined;
}

/** A contender's sizes, or the times that compressing its output takes. */
interface SizeRow {
  readonly cell: MicroCell;
  readonly isTime?: true;
}

/** One table for each payload, items, variant and sink: sizes first, then the time that compressing takes. */
export function tabulateSizesOfOutput({ cells, metadata, reference }: SizeTablesRequest): Block[] {
  const tables = groupBy(cells, ({ id }) => JSON.stringify([id.payload, id.items, id.variant, id.sink]));
  return [...tables.values()].flatMap((table): Block[] => {
    const footnotes = collectFootnotes(table);
    const { id } = table[0];
    const encodings = new Set(table.flatMap((cell) => (encodedSizesOf(cell) ?? []).map(nameEncoding)));
    const subject = table.find((cell) => cell.id.contender === reference);
    const against = { reference, referenceBytes: subject && medianOf(subject, 'outputBytes') };
    const times = table.flatMap((cell): SizeRow[] =>
      encodedSizesOf(cell) === undefined ? [] : [{ cell, isTime: true }],
    );
    const unlessTime = (read: (cell: MicroCell) => TableCell) => {
      return ({ cell, isTime }: SizeRow): TableCell => (isTime === true ? { text: '' } : read(cell));
    };
    return [
      tabulateGroups<SizeRow>(
        [
          { label: { text: 'size' }, rows: table.map((cell) => ({ cell })) },
          ...(times.length === 0 ? [] : [{ label: { text: 'time' }, rows: times }]),
        ],
        {
          caption: `${describePayload(metadata, id.payload)}, ${formatCount(id.items)} items (${describeForm(id)})`,
          labelTitle: '',
          columns: [
            left('contender', ({ cell }) => contenderCell(cell.id.contender)),
            left('flags', ({ cell }) => ({ text: flagsOf(metadata, cell.id.contender), tone: 'muted' })),
            right('plain', unlessTime(plainSize)),
            right(
              'vs ref',
              unlessTime((cell) => againstReference(cell, against)),
            ),
            ...[...encodings].map((name) =>
              right<SizeRow>(name, ({ cell, isTime }) =>
                isTime === true ? compressTime(cell, name) : compressedSize(cell, name),
              ),
            ),
            left('notes', unlessTime(footnotes.mark)),
          ],
        },
      ),
      ...footnotes.list(),
    ];
  });
}

/** `gzip 6`. */
function nameEncoding({ encoding, level }: EncodedSize): string {
  return `${encoding} ${level}`;
}

function plainSize(cell: MicroCell): TableCell {
  if (cell.status !== 'ok') return statusCell(cell.status);
  const outputBytes = medianOf(cell, 'outputBytes');
  return outputBytes === undefined ? { text: '' } : figure(outputBytes, formatBytes);
}

interface Against {
  readonly reference: string | undefined;
  readonly referenceBytes: number | undefined;
}

function againstReference(cell: MicroCell, { reference, referenceBytes }: Against): TableCell {
  if (cell.id.contender === reference) return { text: 'reference', tone: 'strong' };
  const outputBytes = medianOf(cell, 'outputBytes');
  if (outputBytes === undefined || referenceBytes === undefined) return { text: '' };
  const share = outputBytes / referenceBytes - 1;
  if (share === 0) return { text: 'same', tone: 'muted', value: 0 };
  return { text: formatChange(share), tone: share < 0 ? 'good' : 'bad', value: share };
}

function findEncoding(cell: MicroCell, name: string): EncodedSize | undefined {
  return encodedSizesOf(cell)?.find((candidate) => nameEncoding(candidate) === name);
}

/** The size and how much of the contender's own plain output compressing takes off. */
function compressedSize(cell: MicroCell, name: string): TableCell {
  const found = findEncoding(cell, name);
  const outputBytes = medianOf(cell, 'outputBytes');
  if (found === undefined || outputBytes === undefined) return { text: '' };
  const saved = 1 - found.sizeBytes / outputBytes;
  const percent = saved < 0 ? `+${formatPercent(-saved)}` : `-${formatPercent(saved)}`;
  return { text: `${formatBytes(found.sizeBytes)} ${percent}`, value: found.sizeBytes };
}

function compressTime(cell: MicroCell, name: string): TableCell {
  const found = findEncoding(cell, name);
  return found === undefined ? { text: nothing } : { text: formatTime(found.latencyNs), value: found.latencyNs };
}
