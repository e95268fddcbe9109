/**
 * A chart as a description that Vega-Lite understands.
 *
 * Vega gets numbers and positions in lists; names reach it as the values of parameters, as labels, and never stand inside
 * an expression.
 */
import type { TopLevelSpec } from 'vega-lite';

import type { Chart } from '../../document.ts';
import { categoryAlong, marksOn, quantityAlong, type ScaledUnit, scaleUnit, valueAlong } from './axes.ts';
import { appearance, type VegaPart, plot, positions, slotScales } from './look.ts';
import { listCategories, listRows, type ChartRow, valuesOf } from './rows.ts';
import { ruleLayers } from './rules.ts';
import { isNamedByAxis } from './svg.ts';

/** Characters of a name and of a category; longer ones would leave no room for the plot. */
const longestName = 44;
const longestCategory = 60;

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

/** What the parts of a description are made from. */
interface Sketch {
  readonly chart: Chart;
  readonly rows: readonly ChartRow[];
  readonly unit: ScaledUnit;
  readonly categories: readonly string[];
}

/** The bounds of a point, fainter than what crosses them. */
const interval: VegaPart = {
  mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.55 },
  transform: [{ filter: 'isValid(datum.lo)' }],
};

function describeLines({ chart, rows, unit, categories }: Sketch): VegaPart {
  const along = { field: 'x', values: rows.flatMap(({ x }) => x ?? []), marks: marksOn(chart, 'x') };
  const onX = categories.length > 0 ? categoryAlong(chart.x) : quantityAlong(chart.x, along);
  const onY = (field: string): VegaPart => valueAlong(chart, { field, rows, unit });
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

function describeBars({ chart, rows, unit, categories }: Sketch): VegaPart {
  const color = { field: 's', type: 'nominal', scale: slotScales(chart).color, legend: null };
  const y = {
    field: 's',
    type: 'ordinal',
    title: null,
    scale: { domain: positions(chart.series), padding: 0.2 },
    axis: { labelExpr: 'names[datum.value]', ticks: false, domain: false, labelPadding: 6 },
  };
  const x = (field: string): VegaPart => valueAlong(chart, { field, rows, unit });
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

function describePoints({ chart, rows, unit, categories }: Sketch): VegaPart {
  const slots = slotScales(chart);
  const legend = isNamedByAxis(chart) ? null : legendOf(chart);
  const y = {
    field: 'c',
    type: 'ordinal',
    title: null,
    scale: { domain: positions(categories), padding: 0.5 },
    axis: { labelExpr: 'categories[datum.value]', ticks: false, grid: true, labelPadding: 6 },
  };
  const x = (field: string): VegaPart => valueAlong(chart, { field, rows, unit });
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

function legendOf(chart: Chart): VegaPart | null {
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

function shorten(name: string, longest: number): string {
  const line = name;
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}
