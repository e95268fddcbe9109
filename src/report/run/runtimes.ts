/**
 * One contender beside the reference under several versions of Node.js and other runtimes: where one overtakes the
 * other, and how fast the reference itself is under each.
 *
 * A speedup is formed inside the run of one runtime, so it has an interval; speeds of two runtimes come from two runs,
 * and stand beside each other without one.
 */
import { groupBy, isTimed, medianOf, speedupOf } from '../../compare/cells.ts';
import { nameRuntime } from '../../compare/name-runtime.ts';
import { type Standing, standing } from '../../compare/ratios.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { Run } from '../../model/run.ts';
import type { Variant } from '../../model/values.ts';
import { describePayload, type Metadata } from '../catalog.ts';
import type { Document, Table, TableCell } from '../document.ts';
import { list, paragraph } from '../parts/blocks.ts';
import { titleRuntime } from '../parts/environment-lines.ts';
import { figure } from '../parts/figure-cells.ts';
import { tellProcessors } from '../parts/shard-lines.ts';
import { left, right, tabulateGroups } from '../parts/table.ts';
import { formatCount, formatList, formatMegabytes, formatMoment, formatRatio, nothing } from '../quantities.ts';
import { representations } from './answer.ts';
import { tellItemCounts } from './finding-sentences.ts';
import { speedupCell } from './speedup-cell.ts';

export interface RuntimesRequest {
  /** Of the same suite, payload and contenders, a run a runtime. */
  readonly runs: readonly Run[];
  readonly registry: Metadata;
  readonly suite: string;
  readonly payload: string;
  /** Who is held against the suite's reference. */
  readonly contender: string;
}

/** What a runtime gave in one variant. */
interface RuntimeRow {
  readonly run: Run;
  readonly variant: Variant;
  /** Of both contenders. */
  readonly cells: readonly MicroCell[];
}

const variants: readonly Variant[] = ['text', 'native'];

/** Sentences, a table of speedups and one of the reference's speed. Versions of Node.js come first. */
export function reportRuntimes(request: RuntimesRequest): Document {
  const { registry, suite, payload, contender } = request;
  const runs = request.runs.toSorted((a, b) => Number(isOther(a)) - Number(isOther(b)) || compareNames(a, b));
  const reference = registry.suites.find(({ id }) => id === suite)?.reference ?? 'the reference';
  const groups = variants.map((variant) => ({
    label: { text: variant },
    rows: runs.map((run): RuntimeRow => {
      const cells = run.cells.filter(
        ({ id }) => id.suite === suite && id.payload === payload && id.sink === 'bytes' && id.variant === variant,
      );
      return { run, variant, cells };
    }),
  }));
  const rows = groups.flatMap((group) => group.rows);
  const title = describePayload(registry, payload);
  return {
    title: '',
    blocks: [
      ...list(variants.map((variant) => tellVariant(variant, { rows, contender, reference }))),
      tabulateSizes(groups, {
        caption: `${title}: ${contender} over ${reference} under each runtime, with its interval, by number of items`,
        cell: (cells) => speedupCell(cells.find(({ id }) => id.contender === contender)),
      }),
      tabulateSizes(groups, {
        caption: `${title}: ${reference} under each runtime, MB/s, by number of items`,
        cell: (cells) => speedOf(cells.find(({ id }) => id.contender === reference)),
      }),
      ...runs.slice(0, 1).map((run) => paragraph(`Measured ${tellSpan(runs)} on ${tellProcessors(run)}.`)),
    ],
  };
}

/** Numbers in names count as numbers, so that Node 22 stands before Node 100. */
const collator = new Intl.Collator('en', { numeric: true });

function compareNames(a: Run, b: Run): number {
  return collator.compare(nameRuntime(a.environment), nameRuntime(b.environment));
}

function isOther({ environment: { runtime } }: Run): boolean {
  return runtime !== undefined && runtime.name !== 'node';
}

function tabulateSizes(
  groups: readonly { readonly label: TableCell; readonly rows: readonly RuntimeRow[] }[],
  { caption, cell }: { caption: string; cell: (cells: readonly MicroCell[]) => TableCell },
): Table {
  const all = groups.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells));
  const sizes = [...new Set(all.map(({ id }) => id.items))].toSorted((a, b) => a - b);
  return tabulateGroups(groups, {
    caption,
    labelTitle: 'variant',
    columns: [
      left<RuntimeRow>('runtime', ({ run }) => titleRuntime(run.environment)),
      ...sizes.map((items) =>
        right<RuntimeRow>(formatCount(items), ({ cells }) => cell(cells.filter(({ id }) => id.items === items))),
      ),
    ],
  });
}

function speedOf(cell: MicroCell | undefined): TableCell {
  return figure(cell === undefined ? undefined : medianOf(cell, 'throughputBytesPerSec'), formatMegabytes);
}

interface Told {
  readonly rows: readonly RuntimeRow[];
  readonly contender: string;
  readonly reference: string;
}

/** Which runtimes have the contender ahead, which the reference, and at which sizes. */
function tellVariant(variant: Variant, { rows, contender, reference }: Told): string {
  const where = `Where datetimes and UUIDs are ${representations[variant]}`;
  const told = rows.filter((row) => row.variant === variant).map((row) => tellRow(row, contender));
  const same = groupBy(told, ({ text }) => text);
  const parts = [...same].map(([text, own]) => `${text} under ${formatList(own.map(({ runtime }) => runtime))}`);
  return `${where}, ${contender} beside ${reference} is ${parts.join('; ')}.`;
}

const words: readonly (readonly [Standing, string])[] = [
  ['more', 'faster'],
  ['less', 'slower'],
  ['no-difference', 'not to be told apart'],
  ['unknown', 'not decided'],
];

function tellRow({ run, cells }: RuntimeRow, contender: string): { runtime: string; text: string } {
  const own = cells
    .filter(({ id }) => id.contender === contender)
    .toSorted((a, b) => a.id.items - b.id.items)
    .map((cell) => ({ items: cell.id.items, speedup: isTimed(cell) ? speedupOf(cell) : undefined }));
  const measured = own.filter(({ speedup }) => speedup !== undefined);
  const parts = words.flatMap(([kind, word]) => {
    const sizes = measured.filter(({ speedup }) => standing(speedup) === kind);
    if (sizes.length === 0) return [];
    const ratios = kind === 'no-difference' || kind === 'unknown' ? '' : ` (${spanOf(sizes)})`;
    return [`${word} at ${tellItemCounts(sizes.map(({ items }) => items))}${ratios}`];
  });
  return {
    runtime: titleRuntime(run.environment),
    text: parts.length === 0 ? 'not measured' : formatList(parts),
  };
}

/** `1.2x to 1.5x`, or one of them where all read alike. */
function spanOf(sizes: readonly { readonly speedup: { readonly ratio: number } | undefined }[]): string {
  const ratios = sizes.flatMap(({ speedup }) => speedup?.ratio ?? []);
  const ends = [Math.min(...ratios), Math.max(...ratios)].map(formatRatio);
  return [...new Set(ends)].join(' to ');
}

function tellSpan(runs: readonly Run[]): string {
  const moments = runs.map(({ startedAt }) => startedAt).toSorted();
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return nothing;
  return first === last ? formatMoment(first) : `from ${formatMoment(first)}`;
}
