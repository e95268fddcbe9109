/**
 * How well two runs of the same plan agree, cell by cell: the test of a harness that any reader can repeat.
 *
 * Two runs are compared by their speedups, never by times. Deliberately absent: a verdict; the figures are the answer.
 */
import type { Cell } from '../model.ts';
import { median } from '../stats/center.ts';
import { cellKey, isTimed } from './cells.ts';

export interface Agreement {
  /** Cells with a speedup and an interval in both runs, references left out. */
  readonly cells: number;
  /** Median over the cells of |ratio in the second / ratio in the first - 1|. */
  readonly medianDifference: number;
  /** Share of the cells whose two intervals have a point in common, in [0, 1]. */
  readonly overlapping: number;
  /** Cells whose intervals lie apart, the farthest first. */
  readonly apart: readonly { readonly cell: Cell; readonly first: number; readonly second: number }[];
}

/** @returns `undefined` where the runs have no speedup in common. */
export function compareRuns(first: readonly Cell[], second: readonly Cell[]): Agreement | undefined {
  const others = new Map(second.map((cell) => [cellKey(cell), cell]));
  const pairs = first.flatMap((cell) => {
    const a = boundsOf(cell);
    const b = boundsOf(others.get(cellKey(cell)));
    return a === undefined || b === undefined ? [] : [{ cell, a, b, difference: Math.abs(b.ratio / a.ratio - 1) }];
  });
  if (pairs.length === 0) return undefined;
  const apart = pairs.filter(({ a, b }) => a.lo > b.hi || b.lo > a.hi).toSorted((x, y) => y.difference - x.difference);
  return {
    cells: pairs.length,
    medianDifference: median(pairs.map(({ difference }) => difference)),
    overlapping: 1 - apart.length / pairs.length,
    apart: apart.map(({ cell, a, b }) => ({ cell, first: a.ratio, second: b.ratio })),
  };
}

function boundsOf(cell: Cell | undefined): { ratio: number; lo: number; hi: number } | undefined {
  if (cell === undefined || !isTimed(cell) || cell.speedup === undefined) return undefined;
  const { ratio, lo, hi } = cell.speedup;
  return lo === undefined || hi === undefined ? undefined : { ratio, lo, hi };
}
