/**
 * The axes of a chart: fields, scales, titles with their units, and the values that have a tick.
 */
import type { Axis, Chart } from '../../document.ts';
import type { VegaPart } from './look.ts';
import type { ChartRow } from './rows.ts';

export function categoryAlong({ title }: Axis): VegaPart {
  return {
    field: 'c',
    type: 'ordinal',
    title: title,
    scale: { padding: 0.5 },
    axis: { labelExpr: 'categories[datum.value]', labelAngle: 0, labelOverlap: true },
  };
}

/** The axis of the values; all parts that share it have to say the same of it. */
export function valueAlong(
  chart: Chart,
  { field, rows, unit }: { field: string; rows: readonly ChartRow[]; unit: ScaledUnit },
): VegaPart {
  const marks = marksOn(chart, 'y').map(({ at }) => ({ at: at / unit.divisor }));
  const values = rows.flatMap(({ y, lo, hi }) => [y, lo ?? y, hi ?? y]);
  const along = quantityAlong(chart.y, { field, values, marks });
  const title = chart.y.title + (unit.name === '' ? '' : ` (${unit.name})`);
  if (chart.form !== 'bars') return { ...along, title };
  // Room for the figures behind the longest bar; bars begin at zero, or their lengths would mean nothing.
  return { ...along, title, scale: { domain: [0, Math.max(...values) * 1.15], nice: false } };
}

interface QuantityRequest {
  readonly field: string;
  readonly values: readonly number[];
  readonly marks: readonly { readonly at: number }[];
}

export function quantityAlong(axis: Axis, { field, values, marks }: QuantityRequest): VegaPart {
  const suffix = axis.unit === 'ratio' ? "+ 'x'" : '';
  const base = { field, type: 'quantitative', title: axis.title };
  const look = { labelExpr: `format(datum.value, ',~r')${suffix}` };
  if (axis.scale !== 'log') return { ...base, scale: { zero: false, nice: true }, axis: { ...look, tickCount: 6 } };
  const all = [...values, ...marks.map(({ at }) => at)];
  // A little room on both sides, so that no point lies on the frame.
  const domain = [Math.min(...all) / 1.08, Math.max(...all) * 1.08] as const;
  // What was measured at few values is marked at those.
  const ticks =
    axis.unit === 'items' || axis.unit === 'connections'
      ? [...new Set(values)].toSorted((a, b) => a - b)
      : logTicks(domain);
  return { ...base, scale: { type: 'log', domain, nice: false }, axis: { ...look, values: ticks } };
}

/** Round values inside the bounds: powers of ten where there are four, else 1, 2, 5, else multiples of a fitting step. */
function logTicks([low, high]: readonly [number, number]): number[] {
  const isInside = (tick: number): boolean => tick >= low && tick <= high;
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high / low)) + 2 },
    (_, index) => Math.floor(Math.log10(low)) + index,
  );
  const ladders = [[1], [1, 2, 5]].map((steps) =>
    decades.flatMap((decade) => steps.map((step) => step * 10 ** decade)).filter(isInside),
  );
  const multiples = decades
    .toReversed()
    .flatMap((decade) => [5, 2, 1].map((step) => multiplesOf(step * 10 ** (decade - 1), high).filter(isInside)));
  return [...ladders, ...multiples].find(({ length }) => length >= fewestTicks) ?? [];
}

/** Fewer leave a reader guessing at a logarithmic axis. */
const fewestTicks = 4;

/** Multiples above zero up to a bound; none of a step so small that there would be more than anybody draws. */
function multiplesOf(step: number, high: number): number[] {
  const count = Math.floor(high / step);
  // Twelve digits drop what the multiplication adds.
  return count > 200 ? [] : Array.from({ length: count }, (_, index) => Number((step * (index + 1)).toPrecision(12)));
}

export function marksOn(chart: Chart, axis: 'x' | 'y'): { readonly at: number; readonly label: string }[] {
  return (chart.marks ?? []).filter((mark) => mark.axis === axis);
}

/** What the values of an axis are divided by, and what its title then says. */
export interface ScaledUnit {
  readonly divisor: number;
  readonly name: string;
}

/** The largest unit that leaves the largest value at 1 or above. */
export function scaleUnit({ unit }: Axis, values: readonly number[]): ScaledUnit {
  if (unit === 'bytesPerSec') return { divisor: 1e6, name: 'MB/s' };
  const ladders: Partial<Record<Axis['unit'], readonly ScaledUnit[]>> = {
    nanoseconds: [
      { divisor: 1, name: 'ns' },
      { divisor: 1e3, name: 'µs' },
      { divisor: 1e6, name: 'ms' },
      { divisor: 1e9, name: 's' },
    ],
    bytes: [
      { divisor: 1, name: 'bytes' },
      { divisor: 1e3, name: 'KB' },
      { divisor: 1e6, name: 'MB' },
      { divisor: 1e9, name: 'GB' },
    ],
  };
  const ladder = ladders[unit];
  if (ladder === undefined) return { divisor: 1, name: '' };
  const largest = Math.max(0, ...values);
  return ladder.findLast(({ divisor }) => divisor <= largest) ?? ladder[0] ?? { divisor: 1, name: '' };
}
