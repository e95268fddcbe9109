/**
 * Bencher Metric Format: a benchmark a cell, with its measures in base units and their bounds, for `--adapter json`.
 *
 * `latency` and `throughput` are Bencher's own measures, nanoseconds and operations a second; it makes the others when
 * it first sees them. Deliberately absent: cells that are not ok, and machines, which are Bencher's testbeds.
 *
 * @see https://bencher.dev/docs/reference/bencher-metric-format
 */
import type { Cell, Summary } from '../../model.ts';
import type { Format } from '../formats.ts';
import { listCells, requireRuns } from '../run/run-cells.ts';

/** One figure; bounds where there is an interval. */
interface Metric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

const nanosecondsPerSecond = 1e9;

export default {
  extension: 'json',
  needsRuns: true,
  render(_document, options) {
    const benchmarks = listCells(requireRuns(options.runs, 'bencher')).flatMap(({ name, cell }) => {
      const measures = measureCell(cell);
      return measures.length === 0 ? [] : [[name, Object.fromEntries(measures)] as const];
    });
    return `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`;
  },
} satisfies Format;

/** Measures by slug; empty for a cell without figures, such as an observation. */
function measureCell({ status, contender, latencyNs, speedup, outputBytes, allocatedBytesPerOp, encoded }: Cell): [string, Metric][] {
  if (status !== 'ok') return [];
  const isReference = speedup?.reference === contender;
  return [
    ...(latencyNs === undefined ? [] : measureTime(latencyNs)),
    ...(speedup === undefined || isReference ? [] : [['speedup', withBounds(speedup.ratio, speedup)] as [string, Metric]]),
    ...measureBytes('allocated-bytes', allocatedBytesPerOp),
    ...measureBytes('output-size', outputBytes),
    ...(encoded ?? []).flatMap(({ encoding, sizeBytes }) => measureBytes(`output-size-${encoding}`, sizeBytes)),
  ];
}

/** Operations a second are the same figures turned over, so the bounds change places. */
function measureTime({ median, lo, hi }: Summary): [string, Metric][] {
  const bounds = lo === undefined || hi === undefined ? {} : { lo: nanosecondsPerSecond / hi, hi: nanosecondsPerSecond / lo };
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
