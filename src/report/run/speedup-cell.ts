/**
 * A speedup and its interval in one cell of a table, for pages that have one table.
 */
import { isTimed, medianOf, speedupOf } from '../../compare/cells.ts';
import { standing } from '../../compare/ratios.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { TableCell } from '../document.ts';
import { formatInterval, formatMegabytes, formatRatio, nothing } from '../quantities.ts';

/** The reference says its speed; what was not timed says why. */
export function speedupCell(cell: MicroCell | undefined): TableCell {
  if (cell === undefined) return { text: nothing };
  if (!isTimed(cell)) return { text: cell.status, tone: 'bad' };
  const [speedup, bytesPerSec] = [speedupOf(cell), medianOf(cell, 'throughputBytesPerSec')];
  if (speedup === undefined) return { text: nothing };
  const { ratio, lo, hi } = speedup;
  if (cell.id.contender === speedup.reference) {
    const rate = bytesPerSec === undefined ? '' : `, ${formatMegabytes(bytesPerSec)} MB/s`;
    return { text: `reference${rate}`, value: 1 };
  }
  if (lo === undefined || hi === undefined) return { text: formatRatio(ratio), value: ratio };
  const bounds = `(${formatInterval({ lo, hi })})`;
  if (standing(speedup) === 'no-difference') return { text: `no difference ${bounds}`, value: ratio };
  const tone = standing(speedup) === 'more' ? { tone: 'strong' as const } : {};
  return { text: `${formatRatio(ratio)} ${bounds}`, value: ratio, ...tone };
}
