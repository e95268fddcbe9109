/**
 * The points of a chart as rows of data, in the unit of its axis and with the text that stands behind a bar.
 */
import type { Axis, Chart } from '../../document.ts';
import {
  formatBytes,
  formatCount,
  formatMegabytes,
  formatPerSecond,
  formatRatio,
  formatTime,
  nothing,
} from '../../quantities.ts';

/** A point as Vega gets it. */
export interface ChartRow {
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

export function valuesOf({ series }: Chart): number[] {
  return series.flatMap(({ points }) => points.map(({ y }) => y));
}

export function listCategories({ series }: Chart): string[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ x }) => String(x))))];
}

/** A logarithmic axis has no place for what is not above zero, and no axis has one for what is not finite. */
export function listRows(
  { form, series, x: xAxis, y: yAxis }: Chart,
  { categories, divisor }: { categories: readonly string[]; divisor: number },
): ChartRow[] {
  const isDrawable = (value: number, { scale }: Axis): boolean =>
    Number.isFinite(value) && (scale !== 'log' || value > 0);
  const drawn = series.flatMap(({ points }, s) =>
    points.flatMap(({ x, y, lo, hi }): ChartRow[] => {
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
  drawn: readonly ChartRow[],
  { series, categories }: { series: readonly unknown[]; categories: readonly string[] },
): ChartRow[] {
  const all = series.flatMap((_, s) => categories.map((__, c) => ({ s, c })));
  const gaps = all.filter(({ s, c }) => drawn.every((row) => row.s !== s || row.c !== c));
  return gaps.map((place) => ({ ...place, y: 0, end: 0, text: nothing }));
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
