/**
 * Tables of one suite with a column a run: speedups, sizes of output, and observations that differ.
 *
 * What only some runs have and what ended differently is named below each table.
 */
import { encodedSizesOf, groupBy, medianOf, speedupOf } from '../../compare/cells.ts';
import { rankContenders } from '../../compare/ranking.ts';
import type { AlignedCell } from '../../compare/side-by-side.ts';
import type { MicroCell } from '../../model/cell.ts';
import { describeForm, describePayload, flagsOf, type Metadata, standsApart } from '../catalog.ts';
import type { Block, ListItem, TableCell } from '../document.ts';
import { compatibilityCell, tellMissing } from '../parts/aside-cells.ts';
import { list, paragraph } from '../parts/blocks.ts';
import { contenderCell, intervalCell, noFigure, ratioCell, statusCell } from '../parts/figure-cells.ts';
import { left, tabulateGroups } from '../parts/table.ts';
import { formatBytes, formatCount, formatList, formatPercent, nothing } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { tellStatus } from './footnotes.ts';

type Aligned = AlignedCell<MicroCell>;

export interface AsideRequest {
  /** Cells of one suite. */
  readonly aligned: readonly Aligned[];
  /** Of the runs, in their order. */
  readonly names: readonly string[];
  readonly metadata: Metadata;
}

/** Speedups over the reference with their intervals: a table a payload, variant and sink; what stands apart after. */
export function tabulateSpeedupsAside(request: AsideRequest): Block[] {
  return splitByForm(request).flatMap(({ caption, ...form }) => {
    const apart = form.aligned.filter(({ id }) => standsApart(form.metadata, id.contender));
    const main = form.aligned.filter((cell) => !apart.includes(cell));
    const how = {
      ...form,
      read: speedupCell,
      judged: 'intervals',
      judge: (row: Aligned) => compatibilityCell(row, 'latencyNs'),
    };
    return [
      ...tabulateRuns({ ...how, aligned: main, caption }),
      ...tabulateRuns({ ...how, aligned: apart, caption: `${caption}: not the same work, shown apart` }),
    ];
  });
}

/** Bytes of output, plain and by encoding. They do not depend on the machine, so what differs is another output. */
export function tabulateSizesAside(request: AsideRequest): Block[] {
  return splitByForm(request).flatMap((form) =>
    tabulateRuns({ ...form, read: sizeCell, judged: 'plain output', judge: judgeOutputs }),
  );
}

/** An input that was handled differently, by run. */
interface InputRow {
  readonly input: string;
  readonly outcomes: readonly (string | undefined)[];
}

/** Inputs that were handled differently by the same contender; a sentence where there is none. */
export function tabulateObservationsAside({ aligned, names }: AsideRequest): Block[] {
  const groups = aligned.flatMap(({ id, cells }) => {
    const outcomes = cells.map((cell) => new Map(cell?.observations?.map(({ input, outcome }) => [input, outcome])));
    const inputs = [...new Set(outcomes.flatMap((own) => [...own.keys()]))];
    const rows = inputs
      .map((input): InputRow => ({ input, outcomes: outcomes.map((known) => known.get(input)) }))
      .filter((row) => new Set(row.outcomes.filter((outcome) => outcome !== undefined)).size > 1);
    return rows.length === 0 ? [] : [{ label: contenderCell(showText(id.contender)), rows }];
  });
  const table = tabulateGroups(groups, {
    caption: 'What is handled differently',
    labelTitle: 'contender',
    columns: [
      left<InputRow>('input', ({ input }) => showText(input)),
      ...names.map((name, index) => left<InputRow>(name, ({ outcomes }) => outcomes[index] ?? nothing)),
    ],
  });
  const none = paragraph('What more than one run looked at was handled alike in all of them.');
  return [groups.length === 0 ? none : table, ...listOddities({ aligned, names })];
}

interface FormRequest extends AsideRequest {
  readonly caption: string;
}

interface AsideTableRequest extends FormRequest {
  /** What a run says of a cell that is ok. */
  readonly read: (cell: MicroCell) => TableCell;
  /** The last column: what can be said of all runs together, and of what it is said. */
  readonly judged: string;
  readonly judge: (aligned: Aligned) => TableCell;
}

function splitByForm({ aligned, names, metadata }: AsideRequest): FormRequest[] {
  const forms = groupBy(aligned, ({ id: { payload, variant, sink } }) => JSON.stringify([payload, variant, sink]));
  return [...forms.values()].map((own) => {
    const { id } = own[0];
    return {
      aligned: own,
      names,
      metadata,
      caption: showText(`${describePayload(metadata, id.payload)} (${describeForm(id)})`),
    };
  });
}

/** Columns of runs are aligned to the left, so that a narrow screen may break their texts. */
function tabulateRuns({ aligned, names, metadata, caption, read, judged, judge }: AsideTableRequest): Block[] {
  if (aligned.length === 0) return [];
  const sizes = [...groupBy(aligned, ({ id }) => `${id.items}`).values()].toSorted(
    ([a], [b]) => a.id.items - b.id.items,
  );
  const groups = sizes.map((size) => ({
    label: { text: formatCount(size[0].id.items), value: size[0].id.items },
    rows: inOrder(size),
  }));
  const table = tabulateGroups(groups, {
    caption,
    labelTitle: 'items',
    columns: [
      left<Aligned>('contender', ({ id }) => ({ text: showText(id.contender), contender: id.contender })),
      left('flags', ({ id }) => ({ text: flagsOf(metadata, id.contender), tone: 'muted' })),
      ...names.map((name, index) => left<Aligned>(name, ({ cells }) => runCell(cells[index], read))),
      left(judged, judge),
    ],
  });
  return [table, ...listOddities({ aligned, names })];
}

/** Fastest first by what all runs together say. */
function inOrder(rows: readonly Aligned[]): Aligned[] {
  const order = rankContenders(rows.flatMap(({ cells }) => cells.filter((cell) => cell !== undefined)));
  return rows.toSorted((a, b) => order.indexOf(a.id.contender) - order.indexOf(b.id.contender));
}

function runCell(cell: MicroCell | undefined, read: (cell: MicroCell) => TableCell): TableCell {
  if (cell === undefined) return noFigure;
  return cell.status === 'ok' ? read(cell) : statusCell(cell.status);
}

function isAlarming({ status }: MicroCell): boolean {
  return status === 'incorrect' || status === 'failed';
}

/** As in the report of one run, no number is printed where the interval holds 1. */
function speedupCell(cell: MicroCell): TableCell {
  const speedup = speedupOf(cell);
  if (speedup === undefined) return { text: 'ok, no speedup', tone: 'muted' };
  if (cell.id.contender === speedup.reference) return { text: 'reference', tone: 'strong', value: 1 };
  const told = ratioCell(speedup);
  return { ...told, text: `${told.text} (${intervalCell(speedup).text})` };
}

function sizeCell(cell: MicroCell): TableCell {
  const outputBytes = medianOf(cell, 'outputBytes');
  if (outputBytes === undefined) return noFigure;
  const compressed = (encodedSizesOf(cell) ?? []).map(
    ({ encoding, sizeBytes }) => `${encoding} ${formatBytes(sizeBytes)}`,
  );
  return { text: [formatBytes(outputBytes), ...compressed].join(', '), value: outputBytes };
}

/** Plain outputs; what an encoder makes of them may change with the zlib that Node brings. */
function judgeOutputs(aligned: Aligned): TableCell {
  const sizes = outputsOf(aligned);
  if (sizes.length < 2) return { text: '' };
  const smallest = Math.min(...sizes);
  const largest = Math.max(...sizes);
  if (smallest === largest) return { text: 'same size', tone: 'muted' };
  return { text: `${formatPercent(largest / smallest - 1)} apart`, tone: 'warning', value: largest / smallest - 1 };
}

/** Names what is not ok, what only some runs have, and, since they mean other values, outputs of another size. */
function listOddities({ aligned, names }: Pick<AsideRequest, 'aligned' | 'names'>): Block[] {
  const statuses = gather(aligned, (cell) => tellEndings(cell, names));
  const missing = gather(aligned, (cell) => tellMissing(cell, names));
  const outputs = gather(aligned, (cell) => tellOutputs(cell));
  return list([...statuses, ...missing, ...outputs]);
}

/** Equal sentences about one contender are one line with all their item counts. */
function gather(aligned: readonly Aligned[], tell: (cell: Aligned) => ListItem[]): ListItem[] {
  const told = aligned.flatMap((cell) => tell(cell).map((item) => ({ item, id: cell.id })));
  return [...groupBy(told, ({ item, id }) => JSON.stringify([id.contender, item.text])).values()].map((same) => {
    const { item, id } = same[0];
    const sizes = formatList([...new Set(same.map((one) => formatCount(one.id.items)))]);
    return { ...item, text: `${showText(id.contender)} at ${sizes}: ${item.text}` };
  });
}

/** `ok in a, incorrect in b: first difference at /0`; nothing where every run that has the cell is ok. */
function tellEndings({ cells }: Aligned, names: readonly string[]): ListItem[] {
  const ends = cells.flatMap((cell, index) => (cell === undefined ? [] : [{ cell, name: names[index] ?? '' }]));
  if (ends.every(({ cell }) => cell.status === 'ok')) return [];
  const endings = groupBy(ends, ({ cell }) => (cell.status === 'ok' ? 'ok' : showText(tellStatus(cell))));
  const isEverywhere = endings.size === 1 && ends.length === names.length;
  const texts = [...endings].map(([text, own]) => {
    if (isEverywhere) return `${text} (all runs)`;
    const [word = '', ...reason] = text.split(': ');
    return [`${word} in ${formatList(own.map(({ name }) => name))}`, ...reason].join(': ');
  });
  const tone = endings.size > 1 ? 'warning' : ends.some(({ cell }) => isAlarming(cell)) ? 'bad' : 'muted';
  return [{ text: texts.join('; '), tone }];
}

function tellOutputs(aligned: Aligned): ListItem[] {
  const sizes = [...new Set(outputsOf(aligned))];
  if (sizes.length < 2) return [];
  const text = `outputs of different size (${formatList(sizes.map(formatBytes))}), so the values or the text differ`;
  return [{ text, tone: 'warning' }];
}

function outputsOf({ cells }: Aligned): number[] {
  return cells.flatMap((cell) => (cell?.status === 'ok' ? (medianOf(cell, 'outputBytes') ?? []) : []));
}
