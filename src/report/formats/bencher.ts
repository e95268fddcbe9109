/**
 * Bencher Metric Format: a benchmark a cell, with its measures in base units and their bounds, for `--adapter json`.
 *
 * `latency` and `throughput` are Bencher's own measures, nanoseconds and operations a second (over HTTP the median and
 * requests); it makes the others when it first sees them. Deliberately absent: cells that are not ok, and machines, which
 * are Bencher's testbeds.
 *
 * @see https://bencher.dev/docs/reference/bencher-metric-format
 */
import { escapeInJson } from '../../foreign-text.ts';
import { rateRatioOf } from '../../compare/http-cells.ts';
import type { Cell, Summary } from '../../model/cell.ts';
import type { HttpCell, HttpMetricName } from '../../model/http.ts';
import type { Format } from '../format.ts';
import { listCells, listHttpCells, requireOneKind, requireRuns } from '../run/run-cells.ts';

/** One figure; bounds where there is an interval. */
interface Metric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

const nanosecondsPerSecond = 1e9;

export default {
  extension: 'json',
  needs: 'runs',
  render(_document, options) {
    const runs = requireRuns(options.runs, 'bencher');
    const measured =
      requireOneKind(runs, 'bencher') === 'http'
        ? listHttpCells(runs).map(({ name, cell }) => ({ name, measures: measureHttpCell(cell) }))
        : listCells(runs).map(({ name, cell }) => ({ name, measures: measureCell(cell) }));
    const benchmarks = measured
      .filter(({ measures }) => measures.length > 0)
      .map(({ name, measures }) => [name, Object.fromEntries(measures)]);
    return `${escapeInJson(JSON.stringify(Object.fromEntries(benchmarks), null, 2))}\n`;
  },
} satisfies Format;

/** Measures by slug; empty for a cell without figures, such as an observation. */
function measureCell({
  status,
  contender,
  latencyNs,
  speedup,
  outputBytes,
  allocatedBytesPerOp,
  encoded,
}: Cell): [string, Metric][] {
  if (status !== 'ok') return [];
  const isReference = speedup?.reference === contender;
  return [
    ...(latencyNs === undefined ? [] : measureTime(latencyNs)),
    ...(speedup === undefined || isReference
      ? []
      : [['speedup', withBounds(speedup.ratio, speedup)] as [string, Metric]]),
    ...measureBytes('allocated-bytes', allocatedBytesPerOp),
    ...measureBytes('output-size', outputBytes),
    ...(encoded ?? []).flatMap(({ encoding, sizeBytes }) => measureBytes(`output-size-${encoding}`, sizeBytes)),
  ];
}

/** Slugs of what Bencher follows over HTTP; what differs from run to run for reasons of its own is left out. */
const httpSlugs: readonly (readonly [HttpMetricName, string])[] = [
  ['requestsPerSec', 'throughput'],
  ['p50Ns', 'latency'],
  ['p95Ns', 'latency-p95'],
  ['p99Ns', 'latency-p99'],
  ['cpuNsPerRequest', 'cpu'],
  ['wireBytesPerRequest', 'wire-bytes'],
  ['peakMemoryBytes', 'memory'],
];

function measureHttpCell(cell: HttpCell): [string, Metric][] {
  if (cell.status !== 'ok') return [];
  const ratio = rateRatioOf(cell);
  const measures = httpSlugs.flatMap(([name, slug]): [string, Metric][] => {
    const summary = cell.metrics[name];
    return summary === undefined ? [] : [[slug, withBounds(summary.median, summary)]];
  });
  return [
    ...measures,
    ...(ratio === undefined ? [] : [['speedup', withBounds(ratio.ratio, ratio)] as [string, Metric]]),
  ];
}

/** Operations a second are the same figures turned over, so the bounds change places. */
function measureTime({ median, lo, hi }: Summary): [string, Metric][] {
  const bounds =
    lo === undefined || hi === undefined ? {} : { lo: nanosecondsPerSecond / hi, hi: nanosecondsPerSecond / lo };
  return [
    ['latency', withBounds(median, { ...(lo === undefined ? {} : { lo }), ...(hi === undefined ? {} : { hi }) })],
    ['throughput', withBounds(nanosecondsPerSecond / median, bounds)],
  ];
}

function measureBytes(slug: string, value: number | undefined): [string, Metric][] {
  return value === undefined ? [] : [[slug, { value }]];
}

function withBounds(value: number, { lo, hi }: { readonly lo?: number; readonly hi?: number }): Metric {
  return lo === undefined || hi === undefined ? { value } : { value, lower_value: lo, upper_value: hi };
}
