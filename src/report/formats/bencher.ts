/**
 * Bencher Metric Format: a benchmark a cell, with its measures in base units and their bounds, for `--adapter json`.
 *
 * `latency` and `throughput` are Bencher's own measures, nanoseconds and operations a second (over HTTP the median and
 * requests); it makes the others when it first sees them. Which metrics it gets, and what it calls them, is said where
 * they are defined. Cells that are not ok have no figures, and machines are Bencher's testbeds.
 *
 * @see https://bencher.dev/docs/reference/bencher-metric-format
 */
import { escapeInJson, showText } from '../../foreign-text.ts';
import { encodedSizesOf, isGiven, ratioOf } from '../../compare/cells.ts';
import type { Cell } from '../../model/cell.ts';
import type { MetricInfo } from '../../model/metric.ts';
import type { UsersResults } from '../../model/users.ts';
import type { Format } from '../format.ts';
import { listCells, requireRuns } from '../run/run-cells.ts';
import { failuresOf } from '../users/users-answer.ts';

/** One figure; bounds where there is an interval. */
interface Measure {
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
    const { cells, metrics } = listCells(runs, 'bencher');
    const requests = runs.flatMap(({ run }) => (run.users === undefined ? [] : measureUsers(run.users)));
    const measured = cells
      .map(({ name, cell }) => [name, cell.status === 'ok' ? measureCell(cell, metrics) : []] as const)
      .filter(([, measures]) => measures.length > 0)
      .map(([name, measures]) => [name, Object.fromEntries(measures)] as const);
    const benchmarks = [...measured, ...requests];
    return `${escapeInJson(JSON.stringify(Object.fromEntries(benchmarks), null, 2))}\n`;
  },
} satisfies Format;

/** A benchmark a kind of request that was answered, and one of all, under the slugs of cells over HTTP. */
function measureUsers({ requests, total, elapsedMs }: UsersResults): (readonly [string, object])[] {
  const all = requests.map((request) => [`users/${request.userClass}/${request.request}`, request] as const);
  return [...all, ['users', total] as const].flatMap(([name, { requests: made, failures, latency }]) => {
    if (latency === undefined) return [];
    const measures = {
      throughput: { value: (made / Math.max(1, elapsedMs)) * 1000 },
      latency: { value: latency.p50Ns },
      'latency-p95': { value: latency.p95Ns },
      'latency-p99': { value: latency.p99Ns },
      failures: { value: failuresOf({ failures }) },
    };
    return [[showText(name), measures] as const];
  });
}

/** Measures by slug; empty for a cell without figures, such as an observation. */
function measureCell(cell: Cell, metrics: readonly MetricInfo[]): [string, Measure][] {
  const speedup = speedupOverReference(cell);
  const followed = metrics.flatMap(({ name, slug }) => {
    const summary = cell.metrics[name]?.summary;
    if (slug === undefined || summary === undefined) return [];
    const measure = [slug, withBounds(summary.median, summary)] as const;
    return name === 'latencyNs' ? [measure, ['throughput', turnOver(measure[1])] as const, ...speedup] : [measure];
  });
  const encoded = (encodedSizesOf(cell) ?? []).map(
    ({ encoding, sizeBytes }) => [`output-size-${encoding}`, { value: sizeBytes }] as const,
  );
  const last = cell.metrics['latencyNs'] === undefined ? speedup : [];
  return [...followed, ...encoded, ...last].map(([slug, measure]) => [slug, measure]);
}

/** Of time, or over HTTP of requests a second; none for the reference itself. */
function speedupOverReference(cell: Cell): (readonly [string, Measure])[] {
  const metric = cell.metrics['latencyNs'] === undefined ? 'requestsPerSec' : 'latencyNs';
  const ratio = isGiven(cell.id, metric) ? undefined : ratioOf(cell, metric);
  return ratio === undefined ? [] : [['speedup', withBounds(ratio.ratio, ratio)]];
}

/** Operations a second are the same figures turned over, so the bounds change places. */
function turnOver({ value, lower_value: lo, upper_value: hi }: Measure): Measure {
  const bounds =
    lo === undefined || hi === undefined ? {} : { lo: nanosecondsPerSecond / hi, hi: nanosecondsPerSecond / lo };
  return withBounds(nanosecondsPerSecond / value, bounds);
}

function withBounds(value: number, { lo, hi }: { readonly lo?: number; readonly hi?: number }): Measure {
  return lo === undefined || hi === undefined ? { value } : { value, lower_value: lo, upper_value: hi };
}
