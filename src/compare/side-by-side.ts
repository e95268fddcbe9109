/**
 * The same cells of several runs beside each other, and whether what the runs say of a cell can be true at once.
 *
 * Runs are held against each other by speedups over the same reference and by what is exact, such as bytes; never by
 * times, which belong to one machine. Deliberately absent: a test. Intervals that lie apart are told, not judged.
 */
import type { Cell, CellId } from '../model/cell.ts';
import type { HttpCell, HttpMetricName, HttpRatio } from '../model/http.ts';
import { type Agreement, compareHttpRuns, compareRuns, type HttpAgreement } from './agreement.ts';
import { cellKey } from './cells.ts';
import { httpCellKey, ratioOf, roundingError } from './http-cells.ts';

/** `unknown` where fewer than two runs have an interval over the same reference. */
type Compatibility = 'overlap' | 'apart' | 'unknown';

/** One cell in all runs. */
export interface AlignedCell {
  readonly id: CellId;
  /** In the order of the runs; `undefined` where a run lacks the cell. */
  readonly cells: readonly (Cell | undefined)[];
  /** Of the intervals of its speedups: `overlap` where all of them have a point in common. */
  readonly compatibility: Compatibility;
}

/** How two of several runs agree, by their positions. */
export interface PairAgreement {
  readonly first: number;
  readonly second: number;
  /** `undefined` where the two have no speedup over the same reference in common. */
  readonly agreement: Agreement | undefined;
}

/**
 * Every cell that any of the runs has, in the order of first appearance.
 * @param runs the cells of each run; a cell that a run has twice counts as its last one.
 */
export function alignCells(runs: readonly (readonly Cell[])[]): AlignedCell[] {
  const byKey = runs.map((cells) => new Map(cells.map((cell) => [cellKey(cell), cell])));
  const ids = new Map(runs.flat().map((cell) => [cellKey(cell), cell]));
  return [...ids].map(([key, id]) => {
    const cells = byKey.map((own) => own.get(key));
    return { id, cells, compatibility: compareIntervals(cells) };
  });
}

/** Every pair of the runs, earlier ones first; empty for fewer than two runs. */
export function compareAllPairs(runs: readonly (readonly Cell[])[]): PairAgreement[] {
  return runs.flatMap((cells, first) =>
    runs.slice(first + 1).map((others, offset) => {
      const references = new Map(others.map((cell) => [cellKey(cell), cell.speedup?.reference]));
      const comparable = cells.filter((cell) => cell.speedup?.reference === references.get(cellKey(cell)));
      return { first, second: first + 1 + offset, agreement: compareRuns(comparable, others) };
    }),
  );
}

/** References that the runs quote a cell's speedups against, each once; more than one forbids a comparison. */
export function referencesOf({ cells }: AlignedCell): string[] {
  return [...new Set(cells.flatMap((cell) => cell?.speedup?.reference ?? []))];
}

/** One contender under one load over HTTP in all runs, in their order; `undefined` where a run lacks it. */
export interface AlignedHttpCell {
  readonly id: HttpCell;
  readonly cells: readonly (HttpCell | undefined)[];
}

/** Every cell over HTTP that any of the runs has, in the order of first appearance. */
export function alignHttpCells(runs: readonly (readonly HttpCell[])[]): AlignedHttpCell[] {
  const byKey = runs.map((cells) => new Map(cells.map((cell) => [httpCellKey(cell), cell])));
  const ids = new Map(
    runs
      .flat()
      .toReversed()
      .map((cell) => [httpCellKey(cell), cell]),
  );
  const keys = new Set(runs.flat().map(httpCellKey));
  return [...keys].map((key) => ({ id: ids.get(key) as HttpCell, cells: byKey.map((own) => own.get(key)) }));
}

/** Of the intervals of one metric's ratios, as compatibility of a cell's speedups is. */
export function compareHttpIntervals({ cells }: AlignedHttpCell, metric: HttpMetricName): Compatibility {
  return compareBounds(cells.flatMap((cell) => (cell?.status === 'ok' ? (ratioOf(cell, metric) ?? []) : [])));
}

/** How two of several runs agree over HTTP, by their positions. */
export interface HttpPairAgreement {
  readonly first: number;
  readonly second: number;
  /** `undefined` where the two have no ratio to the same reference in common. */
  readonly agreement: HttpAgreement | undefined;
}

/** Every pair of the runs, earlier ones first; empty for fewer than two runs. */
export function compareAllHttpPairs(runs: readonly (readonly HttpCell[])[]): HttpPairAgreement[] {
  return runs.flatMap((cells, first) =>
    runs.slice(first + 1).map((others, offset) => {
      return { first, second: first + 1 + offset, agreement: compareHttpRuns(cells, others) };
    }),
  );
}

function compareIntervals(cells: readonly (Cell | undefined)[]): Compatibility {
  return compareBounds(
    cells.flatMap((cell) => (cell?.status === 'ok' && cell.speedup !== undefined ? [cell.speedup] : [])),
  );
}

function compareBounds(speedups: readonly Pick<HttpRatio, 'reference' | 'lo' | 'hi'>[]): Compatibility {
  const bounds = speedups.flatMap(({ lo, hi }) => (lo === undefined || hi === undefined ? [] : [{ lo, hi }]));
  if (bounds.length < 2 || new Set(speedups.map(({ reference }) => reference)).size > 1) return 'unknown';
  // Intervals on a line that overlap pairwise have one point common to all, so one comparison is enough.
  const overlap =
    Math.max(...bounds.map(({ lo }) => lo)) <= Math.min(...bounds.map(({ hi }) => hi)) * (1 + roundingError);
  return overlap ? 'overlap' : 'apart';
}
