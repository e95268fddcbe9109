/**
 * One metric of one cell as a table's cell: its figure, and behind it what it is to the reference's.
 */
import { isBetter, isExact, isSame, standing } from '../../compare/ratios.ts';
import { infoOf } from '../../compare/metrics.ts';
import type { Cell } from '../../model/cell.ts';
import type { Difference, MetricInfo, Ratio, Unit } from '../../model/metric.ts';
import type { Axis, TableCell } from '../document.ts';
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatMegabytes,
  formatPercent,
  formatPerSecond,
  formatRatio,
  formatTime,
  tooFewRounds,
} from '../quantities.ts';
import { noFigure } from './figure-cells.ts';

const formats: Readonly<Record<Unit, (value: number) => string>> = {
  nanoseconds: formatTime,
  bytes: formatBytes,
  bytesPerSec: formatMegabytes,
  perSec: formatPerSecond,
  share: formatPercent,
  count: formatCount,
};

/** A value of the metric with its unit, as every report writes it. */
export function formatMetric(value: number, { unit }: Pick<MetricInfo, 'unit'>): string {
  return formats[unit](value);
}

/** Which axis of a chart the metric stands along. */
export function axisUnitOf({ unit }: Pick<MetricInfo, 'unit'>): Axis['unit'] {
  return unit === 'share' ? 'ratio' : unit === 'count' ? 'items' : unit;
}

/** `more` or `less`, as in "less is better". */
export function betterWord({ better }: Pick<MetricInfo, 'better'>): 'more' | 'less' {
  return better === 'higher' ? 'more' : 'less';
}

/** The metrics of these names, in this order. */
export function pickMetrics(names: readonly string[], metrics: readonly MetricInfo[]): MetricInfo[] {
  return names.map((name) => infoOf(name, metrics));
}

/**
 * The figure of a metric, and behind it what it is to the reference's.
 * @param cell `undefined` where nothing was measured.
 */
export function metricCell(cell: Cell | undefined, info: MetricInfo): TableCell {
  if (cell === undefined) return noFigure;
  if (cell.status !== 'ok') return { text: cell.status, tone: 'bad' };
  const { summary, ratio, difference } = cell.metrics[info.name] ?? {};
  if (summary === undefined) return noFigure;
  const text = formatMetric(summary.median, info);
  const value = summary.median;
  if (difference !== undefined) return { text: `${text}, ${tellDifference(difference, info)}`, value };
  if (ratio === undefined || ratio.reference === cell.id.contender || isSame(ratio)) return { text, value };
  const told = metricRatioCell(ratio, info);
  return { ...told, text: `${text}, ${told.text}`, value };
}

/** `1.47x (1.44–1.51x)`, `no difference (0.93–1.08x)`, `the same`. */
export function metricRatioCell(ratio: Ratio, info: MetricInfo): TableCell {
  const { ratio: value, lo, hi } = ratio;
  if (isSame(ratio)) return { text: 'the same', value };
  if (lo === undefined || hi === undefined) return { text: `${formatRatio(value)} (${tooFewRounds})`, value };
  if (standing(ratio) === 'no-difference') return { text: `no difference (${formatInterval({ lo, hi })})`, value };
  const text = isExact(ratio) ? formatRatio(value) : `${formatRatio(value)} (${formatInterval({ lo, hi })})`;
  return { text, value, tone: isBetter(ratio, info) ? 'good' : 'bad' };
}

/**
 * `310 µs more (100 µs more to 520 µs more)`, `no difference (1.20 ms less to 310 µs more)`, for what is too short for
 * a ratio; without a tone, since its clock is coarse.
 */
function tellDifference({ value, lo, hi }: Difference, info: MetricInfo): string {
  const tell = (amount: number): string =>
    amount === 0 ? 'the same' : `${formatMetric(Math.abs(amount), info)} ${amount < 0 ? 'less' : 'more'}`;
  if (value === 0 && (lo === undefined || lo === hi)) return 'the same';
  if (lo === undefined || hi === undefined) return `${tell(value)} (${tooFewRounds})`;
  return `${lo <= 0 && hi >= 0 ? 'no difference' : tell(value)} (${tell(lo)} to ${tell(hi)})`;
}
