/**
 * Lines across a plot, e.g. at a ratio of 1, with their labels.
 */
import type { Chart } from '../../document.ts';
import { marksOn, type ScaledUnit } from './axes.ts';
import { type VegaPart, plot } from './look.ts';
import { valuesOf } from './rows.ts';

/**
 * Lines across the plot with their labels: outside the plot, where no series runs, those of vertical lines above each other, so
 * that none covers another.
 */
export function ruleLayers(
  chart: Chart,
  { unit, onX, onY }: { unit: ScaledUnit; onX?: VegaPart; onY: VegaPart },
): VegaPart[] {
  const rule = { type: 'rule', strokeDash: [4, 3], color: 'currentColor', opacity: 0.75 };
  const text = { type: 'text', color: 'currentColor', fontSize: 11 };
  const upright = chart.form === 'lines' ? marksOn(chart, 'x') : marksOn(chart, 'y');
  const level = chart.form === 'lines' ? marksOn(chart, 'y') : [];
  const [along, divisor] = chart.form === 'lines' ? [onX, 1] : [onY, unit.divisor];
  const middle = middleOf(chart, upright);
  return [
    ...upright.flatMap(({ at, label }, index): VegaPart[] => {
      const isRight = at > middle;
      const data = { values: [{ at: at / divisor, text: label }] };
      const x = { ...along, field: 'at' };
      const top = -14 * (upright.length - index);
      return [
        { data, mark: rule, encoding: { x, y: { value: top }, y2: { value: 'height' } } },
        {
          data,
          mark: { ...text, align: isRight ? 'right' : 'left', dx: isRight ? -5 : 5 },
          encoding: { x, y: { value: top + 6 }, text: { field: 'text' } },
        },
      ];
    }),
    ...level.flatMap(({ at, label }): VegaPart[] => {
      const data = { values: [{ at: at / unit.divisor, text: label }] };
      const y = { ...onY, field: 'at' };
      return [
        { data, mark: rule, encoding: { y } },
        {
          data,
          mark: { ...text, align: 'left' },
          encoding: { y, x: { value: plot.width + 5 }, text: { field: 'text' } },
        },
      ];
    }),
  ];
}

/** Where labels turn to the other side; on a logarithmic axis the middle is the geometric one. */
function middleOf(chart: Chart, marks: readonly { readonly at: number }[]): number {
  const values =
    chart.form === 'lines'
      ? chart.series.flatMap(({ points }) => points.flatMap(({ x }) => (typeof x === 'number' ? x : [])))
      : valuesOf(chart);
  const all = [...values, ...marks.map(({ at }) => at)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const axis = chart.form === 'lines' ? chart.x : chart.y;
  return axis.scale === 'log' ? Math.sqrt(low * high) : (low + high) / 2;
}
