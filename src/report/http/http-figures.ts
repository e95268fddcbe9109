/**
 * How the metrics of HTTP are called and written, and one figure with its ratio as a table's cell.
 *
 * Deliberately absent: statistics (src/load/assemble.ts); a ratio comes with its interval.
 */
import { isExact, standingOf } from '../../compare/http-cells.ts';
import type {
  HttpCell,
  HttpContender,
  HttpDifference,
  HttpLoad,
  HttpMetricName,
  HttpRatio,
  MeasuredHttpSuite,
} from '../../model/http.ts';
import type { Axis, TableCell } from '../document.ts';
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatPerSecond,
  formatPlural,
  formatRatio,
  formatTime,
  nothing,
  tooFewRounds,
} from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

export interface HttpMetricLook {
  readonly name: HttpMetricName;
  readonly title: string;
  readonly better: 'more' | 'less';
  readonly unit: Axis['unit'];
  readonly format: (value: number) => string;
  /** What it is, for the legend. */
  readonly meaning: string;
}

const time = { better: 'less', unit: 'nanoseconds', format: formatTime } as const;
const bytes = { better: 'less', unit: 'bytes', format: formatBytes } as const;

/** Every metric, in the order of reports. */
export const httpMetricLooks: readonly HttpMetricLook[] = [
  {
    name: 'requestsPerSec',
    title: 'requests/s',
    better: 'more',
    unit: 'perSec',
    format: formatPerSecond,
    meaning: 'answers a second, over all connections',
  },
  { name: 'p50Ns', title: 'p50', ...time, meaning: 'half of the requests had their answer by then' },
  {
    name: 'p95Ns',
    title: 'p95',
    ...time,
    meaning: '95% of the requests had their answer by then; p99 and p99.9 likewise',
  },
  { name: 'p99Ns', title: 'p99', ...time, meaning: '' },
  { name: 'p999Ns', title: 'p99.9', ...time, meaning: '' },
  {
    name: 'cpuNsPerRequest',
    title: 'CPU a request',
    ...time,
    meaning: "processor time of the server's process with all of its threads",
  },
  {
    name: 'eventLoopDelayP99Ns',
    title: 'loop delay p99',
    ...time,
    meaning: "how late the server's event loop came to its timers, in all but 1% of the cases",
  },
  {
    name: 'wireBytesPerRequest',
    title: 'wire',
    ...bytes,
    meaning: 'bytes an answer, headers and body as they came out of the socket',
  },
  { name: 'peakMemoryBytes', title: 'memory', ...bytes, meaning: "largest resident memory of the server's process" },
];

/** @throws {Error} for a name that is no metric. */
export function lookOf(name: HttpMetricName): HttpMetricLook {
  const look = httpMetricLooks.find((one) => one.name === name);
  if (look === undefined) throw new Error(`no metric ${name}`);
  return look;
}

/** A contender's title as a report shows it; the id where the suite does not know it. */
export function titleOf({ contenders }: Pick<MeasuredHttpSuite, 'contenders'>, id: string): string {
  const known: HttpContender | undefined = contenders.find((contender) => contender.id === id);
  return showText(known?.title ?? id);
}

/**
 * The figure of a metric, and behind it what it is to the reference's.
 * @param cell `undefined` where nothing was measured.
 */
export function describeFigure(cell: HttpCell | undefined, look: HttpMetricLook): TableCell {
  if (cell === undefined) return { text: nothing, tone: 'muted' };
  if (cell.status !== 'ok') return { text: cell.status, tone: 'bad' };
  const summary = cell.metrics[look.name];
  if (summary === undefined) return { text: nothing, tone: 'muted' };
  const { median: value, ratio, difference } = summary;
  if (difference !== undefined) return { text: `${look.format(value)}, ${tellDifference(difference, look)}`, value };
  const told = ratio === undefined || ratio.reference === cell.contender ? undefined : describeRatio(ratio, look);
  const text = look.format(value);
  if (told === undefined || told.text === '') return { text, value };
  return { ...told, text: `${text}, ${told.text}`, value };
}

/** `310 µs more (100 µs more to 520 µs more)`, `no difference (1.20 ms less to 310 µs more)`, for what is too short for a ratio; without a tone, since its clock is coarse. */
function tellDifference({ value, lo, hi }: HttpDifference, { format }: HttpMetricLook): string {
  const tell = (amount: number): string =>
    amount === 0 ? 'the same' : `${format(Math.abs(amount))} ${amount < 0 ? 'less' : 'more'}`;
  if (value === 0 && (lo === undefined || lo === hi)) return 'the same';
  if (lo === undefined || hi === undefined) return `${tell(value)} (${tooFewRounds})`;
  return `${lo <= 0 && hi >= 0 ? 'no difference' : tell(value)} (${tell(lo)} to ${tell(hi)})`;
}

/** `1.47x (1.44–1.51x)`, `no difference (0.93–1.08x)`; empty where it was the same in every round. */
export function describeRatio(ratio: HttpRatio, { better }: Pick<HttpMetricLook, 'better'>): TableCell {
  const { ratio: value, lo, hi } = ratio;
  const standing = standingOf(ratio);
  if (standing === 'same') return { text: '', value };
  if (lo === undefined || hi === undefined) return { text: `${formatRatio(value)} (${tooFewRounds})`, value };
  if (standing === 'no-difference') return { text: `no difference (${formatInterval({ lo, hi })})`, value };
  const text = isExact(ratio) ? formatRatio(value) : `${formatRatio(value)} (${formatInterval({ lo, hi })})`;
  return { text, value, tone: standing === better ? 'good' : 'bad' };
}

/** What a table under one load says of it. */
export function tellLoad(load: HttpLoad): string {
  const connections = formatPlural(load.connections, 'connection');
  if (load.kind === 'closed') return `${connections}, each asks again when it has its answer`;
  return `${formatCount(load.requestsPerSec)} requests fall due each second, whatever became of earlier ones`;
}

/** The same in two words, for a list. */
export function tellLoadShortly(load: HttpLoad): string {
  return load.kind === 'closed' ? formatPlural(load.connections, 'connection') : 'at a fixed rate';
}
