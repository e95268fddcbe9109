/**
 * When a timed cell has too little evidence for its value, and the words that say so.
 *
 * Warnings are data: a noisy cell keeps its row and its interval. The texts hold no measured figure, so that equal
 * warnings of many cells can be told once. Deliberately absent: dropping forks that look odd.
 */
import type { Cell, Fork, Summary } from '../model/cell.ts';
import { fewestForBounds } from '../stats/intervals.ts';

/**
 * Widest interval, as hi / lo, that a value can bear: beyond it two contenders that differ by a quarter could trade
 * places. Arbitrary within 1.1 to 1.5; a smaller value marks more cells, none is dropped either way.
 */
const widestInterval = 1.25;

const noisyPrefix = 'noisy: ';

/** Whether the cell carries a warning that its interval is too wide. */
export function isNoisy(cell: Pick<Cell, 'warnings'>): boolean {
  return cell.warnings.some((warning) => warning.startsWith(noisyPrefix));
}

/**
 * Warnings on the evidence behind one timed cell.
 * @param forks the forks that measured it, length >= 1.
 * @param latencyNs their summary.
 * @returns no warning, one, or two.
 */
export function warnAboutEvidence(forks: readonly Fork[], latencyNs: Summary): string[] {
  const times = forks.map((fork) => fork.latencyNs);
  const few = forks.length < fewestForBounds;
  // Two forks are judged by how far apart they lie, since they have no interval.
  const width = few ? Math.max(...times) / Math.min(...times) : (latencyNs.hi ?? 1) / (latencyNs.lo ?? 1);
  const warnings: string[] = [];
  if (width > widestInterval) {
    const what = few ? 'the forks lie' : 'the interval of the time spans';
    warnings.push(`${noisyPrefix}${what} more than a factor of ${widestInterval}${few ? ' apart' : ''}`);
  }
  if (few) warnings.push(`only ${forks.length} ${forks.length === 1 ? 'fork' : 'forks'}`);
  return warnings;
}
