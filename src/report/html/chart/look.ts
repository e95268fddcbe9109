/**
 * How charts look: the size of a plot, shapes and dashes that tell series apart without colour, the page's own text colour.
 */
import type { Chart } from '../../document.ts';
import { colorOf } from './colors.ts';

/** A part of a specification; its types are unions too wide to be of help. */
export type VegaPart = Readonly<Record<string, unknown>>;

/** The plot's own size in pixels: with a legend beside it, about the width of a page. */
export const plot = { width: 460, height: 300, rowHeight: 17 } as const;

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

/** The colour, shape and dash of each series. */
export function slotScales({ series }: Chart): {
  readonly color: VegaPart;
  readonly shape: VegaPart;
  readonly dash: VegaPart;
} {
  const domain = positions(series);
  const slots = series.map(({ slot }, index) => slot ?? index);
  return {
    color: { domain, range: slots.map(colorOf) },
    shape: { domain, range: slots.map((slot) => shapes[slot % shapes.length]) },
    dash: { domain, range: slots.map((slot) => dashes[Math.floor(slot / shapes.length) % dashes.length]) },
  };
}

export function positions(list: readonly unknown[]): number[] {
  return list.map((_, index) => index);
}

/** Text and lines in the page's own colour, on no background. */
export const appearance: VegaPart = {
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
