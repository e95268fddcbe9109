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
import type { Speedup } from '../../model/metric.ts';
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
  const told = { rows, contender, reference };
  const title = describePayload(registry, payload);
  return {
    title: '',
    blocks: [
      ...list([...tellOvertaking(told), ...tellRuntimes(told)]),
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

/** Where one of the two overtakes the other from a version of Node.js to the next that was measured. */
function tellOvertaking({ rows, contender, reference }: Told): string[] {
  return variants.flatMap((variant) => {
    const versions = rows.filter((row) => row.variant === variant && !isOther(row.run));
    return versions.slice(1).flatMap((row, index) => {
      const earlier = standingsOf(versions[index], contender);
      const later = standingsOf(row, contender);
      const flips = (
        [
          [contender, reference, 'less', 'more'],
          [reference, contender, 'more', 'less'],
        ] as const
      ).flatMap(([winner, loser, from, to]) => {
        const sizes = [...later.keys()].filter((items) => earlier.get(items) === from && later.get(items) === to);
        return sizes.length === 0 ? [] : [`${winner} overtakes ${loser} at ${tellItemCounts(sizes)}`];
      });
      if (flips.length === 0) return [];
      const span = [versions[index]?.run, row.run].map((run) =>
        run === undefined ? '' : titleRuntime(run.environment),
      );
      return [
        `Where datetimes and UUIDs are ${representations[variant]}, from ${span.join(' to ')} ${formatList(flips)}.`,
      ];
    });
  });
}

/** By items. */
function standingsOf(row: RuntimeRow | undefined, contender: string): Map<number, Standing> {
  const own = speedupsOf(row?.cells ?? [], contender);
  return new Map(own.map(({ items, speedup }) => [items, standing(speedup)]));
}

/** A sentence a runtime: at which sizes the contender is ahead, and at which the reference. */
function tellRuntimes({ rows, contender, reference }: Told): string[] {
  const byRuntime = groupBy(rows, ({ run }) => titleRuntime(run.environment));
  return [...byRuntime].map(([runtime, own]) => {
    const parts = variants.flatMap((variant) => {
      const text = own.filter((row) => row.variant === variant).map(({ cells }) => tellCells(cells, contender));
      return text.map((told) => `${told} where datetimes and UUIDs are ${representations[variant]}`);
    });
    return `${runtime}: ${contender} beside ${reference} is ${parts.join('; ')}.`;
  });
}

const words: readonly (readonly [Standing, string])[] = [
  ['more', 'faster'],
  ['less', 'slower'],
  ['no-difference', 'not to be told apart'],
  ['unknown', 'not decided'],
];

function tellCells(cells: readonly MicroCell[], contender: string): string {
  const own = speedupsOf(cells, contender);
  const parts = words.flatMap(([kind, word]) => {
    const sizes = own.filter(({ speedup }) => standing(speedup) === kind);
    if (sizes.length === 0) return [];
    const ratios = kind === 'no-difference' || kind === 'unknown' ? '' : ` (${spanOf(sizes)})`;
    return [`${word} at ${tellItemCounts(sizes.map(({ items }) => items))}${ratios}`];
  });
  return parts.length === 0 ? 'not measured' : formatList(parts);
}

/** Those that were formed, the smallest size first. */
function speedupsOf(cells: readonly MicroCell[], contender: string): { items: number; speedup: Speedup }[] {
  return cells
    .filter(({ id }) => id.contender === contender)
    .toSorted((a, b) => a.id.items - b.id.items)
    .flatMap((cell) => {
      const speedup = isTimed(cell) ? speedupOf(cell) : undefined;
      return speedup === undefined ? [] : [{ items: cell.id.items, speedup }];
    });
}

/** `1.2x to 1.5x`, or one of them where all read alike. */
function spanOf(sizes: readonly { readonly speedup: Pick<Speedup, 'ratio'> }[]): string {
  const ratios = sizes.map(({ speedup }) => speedup.ratio);
  const ends = [Math.min(...ratios), Math.max(...ratios)].map(formatRatio);
  return [...new Set(ends)].join(' to ');
}

function tellSpan(runs: readonly Run[]): string {
  const moments = runs.map(({ startedAt }) => startedAt).toSorted();
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return nothing;
  return first === last ? formatMoment(first) : `from ${formatMoment(first)}`;
}
