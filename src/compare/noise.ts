/**
 * When a timed cell has too little evidence for its value. A noisy cell keeps its row and its interval.
 */
import type { Cell, Evidence, Warning } from '../model/cell.ts';
import type { Metric } from '../model/metric.ts';
import { fewestForBounds } from '../stats/intervals.ts';

/**
 * Widest interval, as hi / lo, that a value can bear: beyond it two contenders that differ by a quarter could trade
 * places. Arbitrary within 1.1 to 1.5; a smaller value marks more cells, none is dropped either way.
 */
export const widestInterval = 1.25;

/** Whether the cell carries a warning that its interval is too wide. */
export function isNoisy({ warnings }: Pick<Cell, 'warnings'>): boolean {
  return warnings.some(({ code }) => code === 'noisy');
}

/**
 * Whether the values of the rounds lie too far apart to lean on; two of them have no interval, and are judged by
 * themselves.
 */
export function warnOfNoise({ values, summary }: Metric): Warning[] {
  const of = values.length < fewestForBounds ? 'values' : 'interval';
  const all = values.map(({ value }) => value);
  const width = of === 'values' ? Math.max(...all) / Math.min(...all) : (summary?.hi ?? 1) / (summary?.lo ?? 1);
  return width > widestInterval ? [{ code: 'noisy', of }] : [];
}

/** Whether there are too few rounds for an interval. */
export function warnOfFewRounds(rounds: number, evidence: Evidence): Warning[] {
  return rounds < fewestForBounds ? [{ code: 'few-rounds', rounds, evidence }] : [];
}
