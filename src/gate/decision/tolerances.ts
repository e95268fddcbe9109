/**
 * Which tolerance counts for a cell: the rule that fits last, over the configuration's own, over the default.
 */
import type { GateConfig } from '../../config.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Tolerance } from '../../model/gate.ts';
import { defaultTolerance } from '../settings.ts';

/** Finds the tolerance of a cell; rules may set one measure and leave the others. */
export function toleranceOf(cell: MicroCellId, { tolerance = {}, tolerances = [] }: GateConfig): Tolerance {
  const found: Tolerance = { ...defaultTolerance, ...tolerance };
  for (const { where, ...own } of tolerances) {
    const fits = Object.entries(where).every(([field, value]) => cell[field as keyof MicroCellId] === value);
    if (fits) Object.assign(found, own);
  }
  return found;
}
