/**
 * The changes that a gate session read, as points with their intervals, the most severe verdicts first.
 */
import type { GateCell } from '../../model/gate.ts';
import type { Chart } from '../document.ts';
import { formatPlural } from '../quantities.ts';
import { showCell } from './gate-sentences.ts';

/** More would not be told apart. Arbitrary; the table has them all. */
const mostPoints = 15;

/** @param cells by severity; @returns `undefined` where none of them was timed. */
export function chartChanges(cells: readonly GateCell[]): Chart | undefined {
  const known = cells.flatMap(({ cell, time }) => (time === undefined ? [] : [{ cell, time }]));
  const points = known.slice(0, mostPoints).map(({ cell, time: { value, lo, hi } }) => ({
    x: showCell(cell),
    y: 1 + value,
    ...(lo === undefined || hi === undefined ? {} : { lo: 1 + lo, hi: 1 + hi }),
  }));
  if (points.length === 0) return undefined;
  const of = points.length === known.length ? '' : `, the first of ${formatPlural(known.length, 'cell')}`;
  return {
    kind: 'chart',
    id: 'gate-changes',
    title: 'Change in time',
    summary: `time(candidate) / time(baseline) of ${formatPlural(points.length, 'cell')}${of}, with intervals; more is slower.`,
    form: 'points',
    x: { title: 'cell', scale: 'category', unit: 'category' },
    y: { title: 'time(candidate) / time(baseline)', scale: 'log', unit: 'ratio' },
    series: [{ name: 'cells', points }],
    marks: [{ axis: 'y', at: 1, label: 'no change' }],
  };
}
