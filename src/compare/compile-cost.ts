/**
 * What compiling costs, counted in the calls that it takes to earn it back.
 */
import type { MicroCell } from '../model/cell.ts';
import { isTimed, medianOf, speedupOf, timeOf } from './cells.ts';
import { standing } from './ratios.ts';

/**
 * Calls after which compiling has paid off: compileNs / (t_reference - t), rounded up, at least 1.
 * @param cell the contender's cell.
 * @param reference the reference's cell of the same group.
 * @returns `Infinity` where the cell is not shown to be faster than the reference; `undefined` where either was not
 *   timed or nothing was compiled.
 */
export function callsUntilPaidOff(cell: MicroCell, reference: MicroCell | undefined): number | undefined {
  if (reference === undefined || !isTimed(cell) || !isTimed(reference)) return undefined;
  const compileNs = medianOf(cell, 'compileNs');
  if (compileNs === undefined || cell.id.contender === reference.id.contender) return undefined;
  const gain = timeOf(reference).median - timeOf(cell).median;
  if (standing(speedupOf(cell)) !== 'more' || gain <= 0) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.ceil(compileNs / gain));
}
