/**
 * A chart as a description that Vega-Lite understands.
 *
 * Vega gets numbers and positions in lists; names reach it as the values of parameters, as labels, and never stand inside
 * an expression. Deliberately absent: drawing, and units of other figures (../quantities.ts).
 */
import type { TopLevelSpec } from 'vega-lite';

import type { Axis, Chart } from '../document.ts';
import {
  formatBytes,
  formatCount,
  formatMegabytes,
  formatPerSecond,
  formatRatio,
  formatTime,
  nothing,
} from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { colorOf } from './chart-colors.ts';
import { isNamedByAxis } from './chart-svg.ts';

/** The plot's own size in pixels: with a legend beside it, about the width of a page. */
const plot = { width: 460, height: 300, rowHeight: 17 } as const;

/** Characters of a name and of a category; longer ones would leave no room for the plot. */
const longestName = 44;
const longestCategory = 60;

/** Eight that stay apart at this size; with seven colours a pair of both comes again after 56 series. */
const shapes = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
];

/** Solid for the first eight series, so that a shape that comes again lies on another line. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/**
 * The description of a chart with at least one series.
 * @returns a specification in which the field `s` is a series' position and `c` that of a category.
 */
export function describeChart(chart: Chart): TopLevelSpec {
  const lying = chart.form !== 'lines';
  const categories = lying || chart.x.scale === 'category' ? listCategories(chart) : [];
  const unit = scaleUnit(chart.y, valuesOf(chart));
  const rows = listRows(chart, { categories, divisor: unit.divisor });
  const sketch: Sketch = { chart, rows, unit, categories };
  const content =
    chart.form === 'bars'
      ? describeBars(sketch)
      : chart.form === 'points'
        ? describePoints(sketch)
        : describeLines(sketch);
  return {
    background: 'transparent',
    padding: 4,
    data: { values: rows },
    params: [
      {
        name: 'names',
        value: chart.series.map(({ name }) => shorten(name, isNamedByAxis(chart) ? longestCategory : longestName)),
      },
      { name: 'categories', value: categories.map((name) => shorten(name, longestCategory)) },
    ],
    config: appearance,
    ...content,
  } as unknown as TopLevelSpec;
}

/** A point as Vega gets it. */
interface Row {
  /** Position of the series. */
  readonly s: number;
  /** Position of the category of x. */
  readonly c?: number;
  readonly x?: number;
  readonly y: number;
  readonly lo?: number;
  readonly hi?: number;
  /** Where the mark ends, and what is written behind it. */
  readonly end: number;
  readonly text: string;
}

/** What the parts of a description are made from. */
interface Sketch {
  readonly chart: Chart;
  readonly rows: readonly Row[];
  readonly unit: ScaledUnit;
  readonly categories: readonly string[];
}

/** A part of a specification; its types are unions too wide to be of help. */
type Part = Readonly<Record<string, unknown>>;

/** The bounds of a point, fainter than what crosses them. */
const interval: Part = {
  mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.55 },
  transform: [{ filter: 'isValid(datum.lo)' }],
};

function describeLines({ chart, rows, unit, categories }: Sketch): Part {
  const along = { field: 'x', values: rows.flatMap(({ x }) => x ?? []), marks: marksOn(chart, 'x') };
  const onX = categories.length > 0 ? categoryAlong(chart.x) : quantityAlong(chart.x, along);
  const onY = (field: string): Part => valueAlong(chart, { field, rows, unit });
  const slots = slotScales(chart);
  const legend = legendOf(chart);
  const color = { field: 's', type: 'nominal', scale: slots.color, legend };
  const dash = { field: 's', type: 'nominal', scale: slots.dash, legend };
  const shape = { field: 's', type: 'nominal', scale: slots.shape, legend };
  return {
    width: plot.width,
    height: plot.height,
    layer: [
      ...ruleLayers(chart, { unit, onX, onY: onY('y') }),
      { ...interval, encoding: { x: onX, y: onY('lo'), y2: { field: 'hi' }, color } },
      { mark: { type: 'line', strokeWidth: 1.7 }, encoding: { x: onX, y: onY('y'), color, strokeDash: dash } },
      { mark: { type: 'point', filled: true, size: 38, opacity: 1 }, encoding: { x: onX, y: onY('y'), color, shape } },
    ],
  };
}

function describeBars({ chart, rows, unit, categories }: Sketch): Part {
  const color = { field: 's', type: 'nominal', scale: slotScales(chart).color, legend: null };
  const y = {
    field: 's',
    type: 'ordinal',
    title: null,
    scale: { domain: positions(chart.series), padding: 0.2 },
    axis: { labelExpr: 'names[datum.value]', ticks: false, domain: false, labelPadding: 6 },
  };
  const x = (field: string): Part => valueAlong(chart, { field, rows, unit });
  return {
    facet: { row: { field: 'c', type: 'ordinal', title: null, header: { labelExpr: 'categories[datum.value]' } } },
    spacing: 14,
    spec: {
      width: plot.width,
      height: { step: plot.rowHeight },
      layer: [
        { mark: { type: 'bar' }, encoding: { x: x('y'), y, color } },
        {
          ...interval,
          mark: { type: 'rule', strokeWidth: 1.5, color: 'currentColor' },
          encoding: { x: x('lo'), x2: { field: 'hi' }, y },
        },
        { mark: { type: 'text', align: 'left', dx: 5 }, encoding: { x: x('end'), y, text: { field: 'text' } } },
      ],
    },
    resolve: { scale: { y: 'shared' } },
    ...(categories.length > 1 ? {} : { spacing: 0 }),
  };
}

function describePoints({ chart, rows, unit, categories }: Sketch): Part {
  const slots = slotScales(chart);
  const legend = isNamedByAxis(chart) ? null : legendOf(chart);
  const y = {
    field: 'c',
    type: 'ordinal',
    title: null,
    scale: { domain: positions(categories), padding: 0.5 },
    axis: { labelExpr: 'categories[datum.value]', ticks: false, grid: true, labelPadding: 6 },
  };
  const x = (field: string): Part => valueAlong(chart, { field, rows, unit });
  const color = { field: 's', type: 'nominal', scale: slots.color, legend };
  const shape = { field: 's', type: 'nominal', scale: slots.shape, legend };
  return {
    width: plot.width,
    height: { step: plot.rowHeight * 1.2 },
    layer: [
      ...ruleLayers(chart, { unit, onY: x('y') }),
      { ...interval, encoding: { x: x('lo'), x2: { field: 'hi' }, y, color } },
      { mark: { type: 'point', filled: true, size: 46, opacity: 0.9 }, encoding: { x: x('y'), y, color, shape } },
    ],
  };
}

/**
 * Lines across the plot with their labels: outside the plot, where no series runs, those of vertical lines above each other, so
 * that none covers another.
 */
function ruleLayers(chart: Chart, { unit, onX, onY }: { unit: ScaledUnit; onX?: Part; onY: Part }): Part[] {
  const rule = { type: 'rule', strokeDash: [4, 3], color: 'currentColor', opacity: 0.75 };
  const text = { type: 'text', color: 'currentColor', fontSize: 11 };
  const upright = chart.form === 'lines' ? marksOn(chart, 'x') : marksOn(chart, 'y');
  const level = chart.form === 'lines' ? marksOn(chart, 'y') : [];
  const [along, divisor] = chart.form === 'lines' ? [onX, 1] : [onY, unit.divisor];
  const middle = middleOf(chart, upright);
  return [
    ...upright.flatMap(({ at, label }, index): Part[] => {
      const isRight = at > middle;
      const data = { values: [{ at: at / divisor, text: showText(label) }] };
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
    ...level.flatMap(({ at, label }): Part[] => {
      const data = { values: [{ at: at / unit.divisor, text: showText(label) }] };
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

function marksOn(chart: Chart, axis: 'x' | 'y'): { readonly at: number; readonly label: string }[] {
  return (chart.marks ?? []).filter((mark) => mark.axis === axis);
}

function slotScales({ series }: Chart): { readonly color: Part; readonly shape: Part; readonly dash: Part } {
  const domain = positions(series);
  const slots = series.map(({ slot }, index) => slot ?? index);
  return {
    color: { domain, range: slots.map(colorOf) },
    shape: { domain, range: slots.map((slot) => shapes[slot % shapes.length]) },
    dash: { domain, range: slots.map((slot) => dashes[Math.floor(slot / shapes.length) % dashes.length]) },
  };
}

function legendOf(chart: Chart): Part | null {
  if (chart.series.length === 1) return null;
  const beside = Math.max(0, ...marksOn(chart, 'y').map(({ label }) => label.length));
  // Seven pixels a character keep the legend clear of the labels that stand between the plot and it.
  return {
    title: null,
    labelExpr: 'names[datum.value]',
    labelLimit: 0,
    symbolOpacity: 1,
    offset: 16 + (chart.form === 'lines' ? beside * 7 : 0),
  };
}

function categoryAlong({ title }: Axis): Part {
  return {
    field: 'c',
    type: 'ordinal',
    title: showText(title),
    scale: { padding: 0.5 },
    axis: { labelExpr: 'categories[datum.value]', labelAngle: 0, labelOverlap: true },
  };
}

/** The axis of the values; all parts that share it have to say the same of it. */
function valueAlong(
  chart: Chart,
  { field, rows, unit }: { field: string; rows: readonly Row[]; unit: ScaledUnit },
): Part {
  const marks = marksOn(chart, 'y').map(({ at }) => ({ at: at / unit.divisor }));
  const values = rows.flatMap(({ y, lo, hi }) => [y, lo ?? y, hi ?? y]);
  const along = quantityAlong(chart.y, { field, values, marks });
  const title = showText(chart.y.title) + (unit.name === '' ? '' : ` (${unit.name})`);
  if (chart.form !== 'bars') return { ...along, title };
  // Room for the figures behind the longest bar; bars begin at zero, or their lengths would mean nothing.
  return { ...along, title, scale: { domain: [0, Math.max(...values) * 1.15], nice: false } };
}

interface QuantityRequest {
  readonly field: string;
  readonly values: readonly number[];
  readonly marks: readonly { readonly at: number }[];
}

function quantityAlong(axis: Axis, { field, values, marks }: QuantityRequest): Part {
  const suffix = axis.unit === 'ratio' ? "+ 'x'" : '';
  const base = { field, type: 'quantitative', title: showText(axis.title) };
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

/** What the values of an axis are divided by, and what its title then says. */
interface ScaledUnit {
  readonly divisor: number;
  readonly name: string;
}

/** The largest unit that leaves the largest value at 1 or above. */
function scaleUnit({ unit }: Axis, values: readonly number[]): ScaledUnit {
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

function writeValue(value: number, { unit }: Axis): string {
  switch (unit) {
    case 'nanoseconds':
      return formatTime(value);
    case 'bytes':
      return formatBytes(value);
    case 'bytesPerSec':
      return formatMegabytes(value);
    case 'ratio':
      return formatRatio(value);
    case 'perSec':
      return formatPerSecond(value);
    case 'items':
    case 'connections':
    case 'category':
      return formatCount(value);
  }
}

function valuesOf({ series }: Chart): number[] {
  return series.flatMap(({ points }) => points.map(({ y }) => y));
}

function listCategories({ series }: Chart): string[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ x }) => String(x))))];
}

/** A logarithmic axis has no place for what is not above zero, and no axis has one for what is not finite. */
function listRows(
  { form, series, x: xAxis, y: yAxis }: Chart,
  { categories, divisor }: { categories: readonly string[]; divisor: number },
): Row[] {
  const isDrawable = (value: number, { scale }: Axis): boolean =>
    Number.isFinite(value) && (scale !== 'log' || value > 0);
  const drawn = series.flatMap(({ points }, s) =>
    points.flatMap(({ x, y, lo, hi }): Row[] => {
      if (!isDrawable(y, yAxis) || (categories.length === 0 && (typeof x === 'string' || !isDrawable(x, xAxis))))
        return [];
      const place = categories.length > 0 ? { c: categories.indexOf(String(x)) } : { x: Number(x) };
      const hasBounds = lo !== undefined && hi !== undefined && isDrawable(lo, yAxis) && isDrawable(hi, yAxis);
      const bounds = hasBounds ? { lo: lo / divisor, hi: hi / divisor } : {};
      return [
        {
          s,
          ...place,
          y: y / divisor,
          ...bounds,
          end: Math.max(y, hasBounds ? hi : y) / divisor,
          text: writeValue(y, yAxis),
        },
      ];
    }),
  );
  return form === 'bars' ? [...drawn, ...listGaps(drawn, { series, categories })] : drawn;
}

/** A dash for every bar that is missing, since an empty row reads as zero. */
function listGaps(
  drawn: readonly Row[],
  { series, categories }: { series: readonly unknown[]; categories: readonly string[] },
): Row[] {
  const all = series.flatMap((_, s) => categories.map((__, c) => ({ s, c })));
  const gaps = all.filter(({ s, c }) => drawn.every((row) => row.s !== s || row.c !== c));
  return gaps.map((place) => ({ ...place, y: 0, end: 0, text: nothing }));
}

function positions(list: readonly unknown[]): number[] {
  return list.map((_, index) => index);
}

function shorten(name: string, longest: number): string {
  const line = showText(name);
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}

/** Text and lines in the page's own colour, on no background. */
const appearance: Part = {
  aria: false,
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  text: { color: 'currentColor', fontSize: 11 },
  axis: {
    labelColor: 'currentColor',
    titleColor: 'currentColor',
    domainColor: 'currentColor',
    tickColor: 'currentColor',
    gridColor: 'currentColor',
    gridOpacity: 0.16,
    domainOpacity: 0.5,
    tickOpacity: 0.5,
    labelFontSize: 11.5,
    titleFontSize: 11.5,
    titleFontWeight: 'normal',
    labelLimit: 0,
    titlePadding: 8,
  },
  axisBand: { grid: false },
  header: {
    labelColor: 'currentColor',
    labelFontSize: 12,
    labelFontWeight: 600,
    labelOrient: 'top',
    labelAnchor: 'start',
    labelPadding: 4,
    labelLimit: 0,
  },
  legend: {
    labelColor: 'currentColor',
    labelFontSize: 11.5,
    symbolSize: 60,
    symbolStrokeWidth: 1.7,
    rowPadding: 3,
    labelLimit: 0,
  },
};
