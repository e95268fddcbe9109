/**
 * Tables of timed suites: by size, and by representation with what each contender wrote.
 */
import { groupBy, isTimed, medianOf, speedupOf, timeOf } from '../../compare/cells.ts';
import { representationFamily } from '../../compare/findings.ts';
import { rankContenders } from '../../compare/ranking.ts';
import type { MicroCell } from '../../model/cell.ts';
import { describeForm, describePayload, flagsOf, type Metadata, nameRepresentation, standsApart } from '../catalog.ts';
import type { Block, List, Table, TableCell } from '../document.ts';
import { list, paragraph } from '../parts/blocks.ts';
import {
  contenderCell,
  figure,
  intervalCell,
  intervalTitle,
  noFigure,
  ratioCell,
  statusCell,
} from '../parts/figure-cells.ts';
import { type ColumnOf, left, right, tabulate, tabulateGroups } from '../parts/table.ts';
import { formatBytes, formatCount, formatMegabytes, formatSpeedup, formatSpread, formatTime } from '../quantities.ts';
import { collectFootnotes, tellContender, tellStatus } from './footnotes.ts';

/** One table for each payload, variant and sink, with a group of rows for each item count; what stands apart after. */
export function tabulateBySize(cells: readonly MicroCell[], metadata: Metadata): Block[] {
  const tables = groupBy(cells, ({ id }) => JSON.stringify([id.payload, id.variant, id.sink]));
  return [...tables.values()].flatMap((table) => {
    const { id } = table[0];
    const caption = `${describePayload(metadata, id.payload)} (${describeForm(id)})`;
    const apart = table.filter((cell) => standsApart(metadata, cell.id.contender));
    const main = table.filter((cell) => !apart.includes(cell));
    return [
      ...tabulateSizes({ cells: main, caption, metadata }),
      ...tabulateSizes({ cells: apart, caption: `${caption}: not the same work, shown apart`, metadata }),
    ];
  });
}

/** A matrix of contenders against representations for each family of payloads, and what each contender wrote. */
export function tabulateRepresentations(cells: readonly MicroCell[], metadata: Metadata): Block[] {
  const families = groupBy(cells, ({ id }) => JSON.stringify([representationFamily(id.payload), id.items]));
  return [...families.values()].flatMap((family) => {
    const { payload, items } = family[0].id;
    const caption = `${representationFamily(payload)}: time per item, ${formatCount(items)} items a call`;
    return [...tabulateMatrix({ cells: family, caption, metadata }), tabulateExamples(family)];
  });
}

/** The columns that name a row: the contender and its flags. */
export function whoColumns<Row>(metadata: Metadata, contenderOf: (row: Row) => string): ColumnOf<Row>[] {
  return [
    left('contender', (row) => contenderCell(contenderOf(row))),
    left('flags', (row) => ({ text: flagsOf(metadata, contenderOf(row)), tone: 'muted' })),
  ];
}

/** Cells in an order of contenders. */
export function byContender(order: readonly string[]): (a: MicroCell, b: MicroCell) => number {
  return (a, b) => order.indexOf(a.id.contender) - order.indexOf(b.id.contender);
}

interface TableRequest {
  readonly cells: readonly MicroCell[];
  readonly caption: string;
  readonly metadata: Metadata;
}

function tabulateSizes({ cells, caption, metadata }: TableRequest): Block[] {
  if (cells.length === 0) return [];
  const { shown, absent } = setAside(cells);
  const footnotes = collectFootnotes(shown);
  const sizes = [...groupBy(shown, ({ id }) => `${id.items}`).values()].toSorted(
    (a, b) => a[0].id.items - b[0].id.items,
  );
  const groups = sizes.map((size) => ({
    label: { text: formatCount(size[0].id.items), value: size[0].id.items },
    rows: size.toSorted(byContender(rankContenders(size))),
  }));
  const [level] = shown.flatMap((cell) => speedupOf(cell)?.confidence ?? []);
  const ifTimed = (read: (cell: MicroCell) => TableCell) => {
    return (cell: MicroCell): TableCell => (isTimed(cell) ? read(cell) : { text: '' });
  };
  const table = tabulateGroups(groups, {
    caption,
    labelTitle: 'items',
    columns: [
      ...whoColumns<MicroCell>(metadata, ({ id }) => id.contender),
      right('time', (cell) => (isTimed(cell) ? figure(timeOf(cell).median, formatTime) : statusCell(cell.status))),
      right(
        'MB/s',
        ifTimed((cell) => figure(medianOf(cell, 'throughputBytesPerSec'), formatMegabytes)),
      ),
      right('speedup', ifTimed(speedupCell)),
      right(intervalTitle(level), ifTimed(boundsCell)),
      right(
        'bytes',
        ifTimed((cell) => figure(medianOf(cell, 'outputBytes'), formatBytes)),
      ),
      left('notes', footnotes.mark),
    ],
  });
  const nobody = paragraph(`${caption}: nothing was measured.`);
  // Numbers of footnotes are given as rows are made, so the table comes first.
  return [shown.length === 0 ? nobody : table, ...footnotes.list(), ...absent];
}

/** Takes out contenders that have no result at any size for one and the same reason: a line says it better. */
function setAside(cells: readonly MicroCell[]): { shown: MicroCell[]; absent: List[] } {
  const out = [...groupBy(cells, ({ id }) => id.contender)].filter(([, own]) => {
    return own.every((cell) => cell.status !== 'ok' && tellStatus(cell) === tellStatus(own[0]));
  });
  const names = new Set(out.map(([contender]) => contender));
  const shown = cells.filter(({ id }) => !names.has(id.contender));
  return { shown, absent: list(out.map(([, [cell]]) => ({ ...statusCell(cell.status), text: tellContender(cell) }))) };
}

/** The speedup in both forms; no number is printed where the interval holds 1. */
function speedupCell(cell: MicroCell): TableCell {
  const speedup = speedupOf(cell);
  if (speedup === undefined) return noFigure;
  if (cell.id.contender === speedup.reference) return { text: 'reference', tone: 'strong', value: 1 };
  return ratioCell(speedup, formatSpeedup);
}

function boundsCell(cell: MicroCell): TableCell {
  const speedup = speedupOf(cell);
  return speedup === undefined || cell.id.contender === speedup.reference ? { text: '' } : intervalCell(speedup);
}

function tabulateMatrix({ cells, caption, metadata }: TableRequest): Block[] {
  const footnotes = collectFootnotes(cells);
  const representations = [...groupBy(cells, (cell) => nameRepresentation(cell, cells)).keys()];
  const rows = [...groupBy(cells, ({ id }) => id.contender).values()];
  const table = tabulate(rows, {
    caption,
    columns: [
      ...whoColumns<readonly [MicroCell, ...MicroCell[]]>(metadata, ([{ id }]) => id.contender),
      ...representations.map((name) =>
        right<readonly [MicroCell, ...MicroCell[]]>(name, (own) => {
          const cell = own.find((candidate) => nameRepresentation(candidate, cells) === name);
          return cell === undefined ? '' : matrixCell(cell, footnotes.mark(cell).text);
        }),
      ),
    ],
  });
  return [table, ...footnotes.list()];
}

function matrixCell(cell: MicroCell, mark: string): TableCell {
  const note = mark === '' ? '' : ` ${mark}`;
  if (!isTimed(cell)) {
    const status = statusCell(cell.status);
    return { ...status, text: status.text + note };
  }
  const { median, lo, hi } = timeOf(cell);
  const spread = lo === undefined || hi === undefined ? '' : ` ${formatSpread({ lo, hi })}`;
  const value = median / cell.id.items;
  return { text: formatTime(value) + spread + note, value };
}

function tabulateExamples(cells: readonly MicroCell[]): Table {
  const written = cells.filter(({ example }) => example !== undefined);
  const groups = [...groupBy(written, (cell) => nameRepresentation(cell, cells))].map(([representation, own]) => ({
    label: { text: representation },
    rows: [...groupBy(own, ({ example, status }) => JSON.stringify([example, status])).values()],
  }));
  return tabulateGroups<readonly [MicroCell, ...MicroCell[]]>(groups, {
    caption: 'What is written for the first item',
    labelTitle: 'representation',
    columns: [
      left('written', ([{ example }]) => ({ text: example ?? '', code: true }), { overflow: 'truncate' }),
      left('by', writers),
    ],
  });
}

function writers(cells: readonly [MicroCell, ...MicroCell[]]): TableCell {
  const names = [...new Set(cells.map(({ id }) => id.contender))].join(', ');
  return cells[0].status === 'ok' ? { text: names } : { text: `${names} (${cells[0].status})`, tone: 'bad' };
}
