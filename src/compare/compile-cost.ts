/**
 * What compiling costs, counted in the calls that it takes to earn it back.
 *
 * Deliberately absent: a guess at how many calls a process makes; that is the reader's to know.
 */
import type { Cell } from '../model/cell.ts';
import { isTimed } from './cells.ts';
import { standing } from './speedup.ts';

/**
 * Calls after which compiling has paid off: compileNs / (t_reference - t), rounded up, at least 1.
 * @param cell the contender's cell.
 * @param reference the reference's cell of the same group.
 * @returns `Infinity` where the cell is not shown to be faster than the reference; `undefined` where either was not
 *   timed or nothing was compiled.
 */
export function callsUntilPaidOff(cell: Cell, reference: Cell | undefined): number | undefined {
  if (reference === undefined || !isTimed(cell) || !isTimed(reference)) return undefined;
  if (cell.compileNs === undefined || cell.contender === reference.contender) return undefined;
  const gain = reference.latencyNs.median - cell.latencyNs.median;
  if (standing(cell.speedup) !== 'faster' || gain <= 0) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.ceil(cell.compileNs / gain));
}
