/**
 * The same cells of several runs beside each other, and whether what the runs say of a cell can be true at once.
 *
 * Runs are held against each other by ratios to the same reference and by what is exact, such as bytes; never by
 * times, which belong to one machine. There is no test: intervals that lie apart are told, not judged.
 */
import type { Cell } from '../model/cell.ts';
import type { MetricInfo, Ratio } from '../model/metric.ts';
import { compareRuns, type RunAgreement } from './agreement.ts';
import { cellKey, ratioOf } from './cells.ts';
import { roundingError } from './ratios.ts';

/** `unknown` where fewer than two runs have an interval over the same reference. */
type Compatibility = 'overlap' | 'apart' | 'unknown';

/** One cell in all runs. */
export interface AlignedCell<C extends Cell> {
  readonly id: C['id'];
  /** In the order of the runs; `undefined` where a run lacks the cell. */
  readonly cells: readonly (C | undefined)[];
}

/** How two of several runs agree, by their positions. */
interface PairAgreement<C extends Cell> {
  readonly first: number;
  readonly second: number;
  /** `undefined` where the two have no ratio to the same reference in common. */
  readonly agreement: RunAgreement<C> | undefined;
}

/**
 * Every cell that any of the runs has, in the order of first appearance.
 * @param runs the cells of each run; a cell that a run has twice counts as its last one.
 */
export function alignCells<C extends Cell>(runs: readonly (readonly C[])[]): AlignedCell<C>[] {
  const byKey = runs.map((cells) => new Map(cells.map((cell) => [cellKey(cell.id), cell])));
  const ids = new Map<string, C['id']>();
  for (const { id } of runs.flat()) if (!ids.has(cellKey(id))) ids.set(cellKey(id), id);
  return [...ids].map(([key, id]) => ({ id, cells: byKey.map((own) => own.get(key)) }));
}

/** Every pair of the runs, earlier ones first; empty for fewer than two runs. */
export function compareAllPairs<C extends Cell>(
  runs: readonly (readonly C[])[],
  metrics: readonly MetricInfo[],
): PairAgreement<C>[] {
  return runs.flatMap((cells, first) =>
    runs.slice(first + 1).map((others, offset) => {
      return { first, second: first + 1 + offset, agreement: compareRuns(cells, others, metrics) };
    }),
  );
}

/** References that the runs quote a cell's ratios against, each once; more than one forbids a comparison. */
export function referencesOf({ cells }: AlignedCell<Cell>, metric: string): string[] {
  return [...new Set(cells.flatMap((cell) => cell?.metrics[metric]?.ratio?.reference ?? []))];
}

/** Whether the intervals of one metric's ratios have a point in common, all of them. */
export function compareIntervals({ cells }: AlignedCell<Cell>, metric: string): Compatibility {
  return compareBounds(cells.flatMap((cell) => (cell?.status === 'ok' ? (ratioOf(cell, metric) ?? []) : [])));
}

function compareBounds(ratios: readonly Ratio[]): Compatibility {
  const bounds = ratios.flatMap(({ lo, hi }) => (lo === undefined || hi === undefined ? [] : [{ lo, hi }]));
  if (bounds.length < 2 || new Set(ratios.map(({ reference }) => reference)).size > 1) return 'unknown';
  // Intervals on a line that overlap pairwise have one point common to all, so one comparison is enough.
  const overlap =
    Math.max(...bounds.map(({ lo }) => lo)) <= Math.min(...bounds.map(({ hi }) => hi)) * (1 + roundingError);
  return overlap ? 'overlap' : 'apart';
}
