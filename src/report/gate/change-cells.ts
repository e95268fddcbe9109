/**
 * The bounds of a change as a table's cell, for the tables of a session and of the gate's power.
 */
import type { Change } from '../../model/gate.ts';
import type { TableCell } from '../document.ts';
import { noFigure } from '../parts/figure-cells.ts';
import { formatChanges } from '../quantities.ts';

/** `+5.2% to +9.0%`; a dash where there are no bounds. */
export function changeBoundsCell(change: Change | undefined): TableCell {
  const { lo, hi } = change ?? {};
  return lo === undefined || hi === undefined ? noFigure : { text: formatChanges({ lo, hi }) };
}
