/**
 * Tables of one suite with a column a run: speedups, sizes of output, and observations that differ.
 *
 * What only some runs have and what ended differently is named below each table. Deliberately absent: times, since two
 * machines' times say nothing of a contender.
 */
import { groupBy } from '../../compare/cells.ts';
import { rankContenders } from '../../compare/ranking.ts';
import { type AlignedCell, referencesOf } from '../../compare/side-by-side.ts';
import { standing } from '../../compare/speedup.ts';
import type { Cell } from '../../model/cell.ts';
import { describeForm, describePayload, flagsOf, type Metadata, standsApart } from '../catalog.ts';
import type { Block, Column, ListItem, RowGroup, TableCell } from '../document.ts';
import { tellStatus } from './footnotes.ts';
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatList,
  formatPercent,
  formatRatio,
  nothing,
  tooFewRounds,
} from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

export interface AsideRequest {
  /** Cells of one suite. */
  readonly aligned: readonly AlignedCell[];
  /** Of the runs, in their order. */
  readonly names: readonly string[];
  readonly metadata: Metadata;
}

/** Speedups over the reference with their intervals: a table a payload, variant and sink; what stands apart after. */
export function tabulateSpeedupsAside(request: AsideRequest): Block[] {
  return splitByForm(request).flatMap(({ caption, ...form }) => {
    const apart = form.aligned.filter(({ id }) => standsApart(form.metadata, id.contender));
    const main = form.aligned.filter((cell) => !apart.includes(cell));
    const how = { ...form, read: speedupCell, judged: 'intervals', judge: judgeSpeedups };
    return [
      ...tabulate({ ...how, aligned: main, caption }),
      ...tabulate({ ...how, aligned: apart, caption: `${caption}: not the same work, shown apart` }),
    ];
  });
}

/** Bytes of output, plain and by encoding. They do not depend on the machine, so what differs is another output. */
export function tabulateSizesAside(request: AsideRequest): Block[] {
  return splitByForm(request).flatMap((form) =>
    tabulate({ ...form, read: sizeCell, judged: 'plain output', judge: judgeOutputs }),
  );
}

/** Inputs that were handled differently by the same contender; a sentence where there is none. */
export function tabulateObservationsAside({ aligned, names }: AsideRequest): Block[] {
  const groups = aligned.flatMap(({ id, cells }): RowGroup[] => {
    const outcomes = cells.map((cell) => new Map(cell?.observations?.map(({ input, outcome }) => [input, outcome])));
    const inputs = [...new Set(outcomes.flatMap((own) => [...own.keys()]))];
    const rows = inputs.flatMap((input) => {
      const own = outcomes.map((known) => known.get(input));
      if (new Set(own.filter((outcome) => outcome !== undefined)).size < 2) return [];
      return [[{ text: showText(input) }, ...own.map((outcome) => ({ text: outcome ?? nothing }))]];
    });
    return rows.length === 0 ? [] : [{ label: { text: showText(id.contender), contender: id.contender }, rows }];
  });
  const table: Block = {
    kind: 'table',
    caption: 'What is handled differently',
    labelTitle: 'contender',
    columns: [left('input'), ...names.map(left)],
    groups,
  };
  const none: Block = { kind: 'paragraph', text: 'What more than one run looked at was handled alike in all of them.' };
  return [groups.length === 0 ? none : table, ...listOddities({ aligned, names })];
}

interface FormRequest extends AsideRequest {
  readonly caption: string;
}

interface TableRequest extends FormRequest {
  /** What a run says of a cell that is ok. */
  readonly read: (cell: Cell) => TableCell;
  /** The last column: what can be said of all runs together, and of what it is said. */
  readonly judged: string;
  readonly judge: (aligned: AlignedCell) => TableCell;
}

function left(title: string): Column {
  return { title, align: 'left' };
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
function tabulate({ aligned, names, metadata, caption, read, judged, judge }: TableRequest): Block[] {
  if (aligned.length === 0) return [];
  const sizes = [...groupBy(aligned, ({ id }) => `${id.items}`).values()].toSorted(
    ([a], [b]) => a.id.items - b.id.items,
  );
  const groups = sizes.map((size): RowGroup => ({
    label: { text: formatCount(size[0].id.items), value: size[0].id.items },
    rows: inOrder(size).map((row) => [
      { text: showText(row.id.contender), contender: row.id.contender },
      { text: flagsOf(metadata, row.id.contender), tone: 'muted' },
      ...row.cells.map((cell) => placeCell(cell, read)),
      judge(row),
    ]),
  }));
  const columns = [left('contender'), left('flags'), ...names.map(left), left(judged)];
  return [{ kind: 'table', caption, labelTitle: 'items', columns, groups }, ...listOddities({ aligned, names })];
}

/** Fastest first by what all runs together say. */
function inOrder(rows: readonly AlignedCell[]): AlignedCell[] {
  const order = rankContenders(rows.flatMap(({ cells }) => cells.filter((cell) => cell !== undefined)));
  return rows.toSorted((a, b) => order.indexOf(a.id.contender) - order.indexOf(b.id.contender));
}

function placeCell(cell: Cell | undefined, read: (cell: Cell) => TableCell): TableCell {
  if (cell === undefined) return { text: nothing, tone: 'muted' };
  if (cell.status !== 'ok') return { text: cell.status, tone: isAlarming(cell) ? 'bad' : 'muted' };
  return read(cell);
}

function isAlarming({ status }: Cell): boolean {
  return status === 'incorrect' || status === 'failed';
}

/** As in the report of one run, no number is printed where the interval holds 1. */
function speedupCell({ contender, speedup }: Cell): TableCell {
  if (speedup === undefined) return { text: 'ok, no speedup', tone: 'muted' };
  const { reference, ratio, lo, hi } = speedup;
  if (contender === reference) return { text: 'reference', tone: 'strong', value: 1 };
  if (lo === undefined || hi === undefined)
    return { text: `${formatRatio(ratio)} (${tooFewRounds})`, tone: 'muted', value: ratio };
  const verdict = standing(speedup);
  if (verdict === 'no-difference')
    return { text: `no difference (${formatInterval({ lo, hi })})`, tone: 'muted', value: ratio };
  return {
    text: `${formatRatio(ratio)} (${formatInterval({ lo, hi })})`,
    tone: verdict === 'faster' ? 'good' : 'bad',
    value: ratio,
  };
}

function judgeSpeedups(aligned: AlignedCell): TableCell {
  if (referencesOf(aligned).length > 1) return { text: 'other references', tone: 'warning' };
  if (aligned.compatibility === 'unknown') return { text: '' };
  return aligned.compatibility === 'overlap' ? { text: 'overlap', tone: 'muted' } : { text: 'apart', tone: 'warning' };
}

function sizeCell({ outputBytes, encoded }: Cell): TableCell {
  if (outputBytes === undefined) return { text: nothing, tone: 'muted' };
  const compressed = (encoded ?? []).map(({ encoding, sizeBytes }) => `${encoding} ${formatBytes(sizeBytes)}`);
  return { text: [formatBytes(outputBytes), ...compressed].join(', '), value: outputBytes };
}

/** Plain outputs; what an encoder makes of them may change with the zlib that Node brings. */
function judgeOutputs({ cells }: AlignedCell): TableCell {
  const sizes = cells.flatMap((cell) =>
    cell?.status === 'ok' && cell.outputBytes !== undefined ? [cell.outputBytes] : [],
  );
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
  const items = [...statuses, ...missing, ...outputs];
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** Equal sentences about one contender are one line with all their item counts. */
function gather(aligned: readonly AlignedCell[], tell: (cell: AlignedCell) => ListItem | undefined): ListItem[] {
  const told = aligned.flatMap((cell) => {
    const item = tell(cell);
    return item === undefined ? [] : [{ item, id: cell.id }];
  });
  return [...groupBy(told, ({ item, id }) => JSON.stringify([id.contender, item.text])).values()].map((same) => {
    const { item, id } = same[0];
    const sizes = formatList([...new Set(same.map((one) => formatCount(one.id.items)))]);
    return { ...item, text: `${showText(id.contender)} at ${sizes}: ${item.text}` };
  });
}

/** `ok in a, incorrect in b: first difference at /0`; `undefined` where every run that has the cell is ok. */
function tellEndings({ cells }: AlignedCell, names: readonly string[]): ListItem | undefined {
  const ends = cells.flatMap((cell, index) => (cell === undefined ? [] : [{ cell, name: names[index] ?? '' }]));
  if (ends.every(({ cell }) => cell.status === 'ok')) return undefined;
  const endings = groupBy(ends, ({ cell }) => (cell.status === 'ok' ? 'ok' : showText(tellStatus(cell))));
  const isEverywhere = endings.size === 1 && ends.length === names.length;
  const texts = [...endings].map(([text, own]) => {
    if (isEverywhere) return `${text} (all runs)`;
    const [word = '', ...reason] = text.split(': ');
    return [`${word} in ${formatList(own.map(({ name }) => name))}`, ...reason].join(': ');
  });
  const tone = endings.size > 1 ? 'warning' : ends.some(({ cell }) => isAlarming(cell)) ? 'bad' : 'muted';
  return { text: texts.join('; '), tone };
}

function tellMissing({ cells }: AlignedCell, names: readonly string[]): ListItem | undefined {
  const present = names.filter((_name, index) => cells[index] !== undefined);
  return present.length === names.length ? undefined : { text: `only in ${formatList(present)}`, tone: 'muted' };
}

function tellOutputs({ cells }: AlignedCell): ListItem | undefined {
  const sizes = cells.flatMap((cell) =>
    cell?.status === 'ok' && cell.outputBytes !== undefined ? [cell.outputBytes] : [],
  );
  if (new Set(sizes).size < 2) return undefined;
  return {
    text: `outputs of different size (${formatList([...new Set(sizes)].map(formatBytes))}), so the values or the text differ`,
    tone: 'warning',
  };
}
