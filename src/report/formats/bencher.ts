/**
 * Bencher Metric Format: a benchmark a cell, with its measures in base units and their bounds, for `--adapter json`.
 *
 * `latency` and `throughput` are Bencher's own measures, nanoseconds and operations a second (over HTTP the median and
 * requests); it makes the others when it first sees them. Which metrics it gets, and what it calls them, is said where
 * they are defined. Cells that are not ok have no figures, and machines are Bencher's testbeds. Bencher refuses a whole
 * file for one name that is too long or one figure that is no number, so neither is written.
 *
 * @see https://bencher.dev/docs/reference/bencher-metric-format; lib/bencher_valid and lib/bencher_adapter of Bencher
 */
import { escapeInJson, showText } from '../../foreign-text.ts';
import { encodedSizesOf, isGiven, ratioOf } from '../../compare/cells.ts';
import type { Cell } from '../../model/cell.ts';
import type { MetricInfo } from '../../model/metric.ts';
import type { UsersResults } from '../../model/users.ts';
import { UserError } from '../../user-error.ts';
import type { Format } from '../format.ts';
import { listCells, refuseTwins, requireRuns } from '../run/run-cells.ts';
import { failuresOf } from '../users/users-answer.ts';

/** One figure; bounds where there is an interval. */
interface Measure {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

const nanosecondsPerSecond = 1e9;

/** Of a benchmark's name, in UTF-8. @see MAX_BENCHMARK_NAME_LEN in lib/bencher_valid/src/benchmark_name.rs */
const mostNameBytes = 1024;

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
    checkNames(benchmarks.map(([name]) => name));
    return `${escapeInJson(JSON.stringify(Object.fromEntries(benchmarks), null, 2))}\n`;
  },
} satisfies Format;

/** @throws {UserError} */
function checkNames(names: readonly string[]): void {
  refuseTwins(names, 'bencher');
  const long = names.find((name) => new TextEncoder().encode(name).length > mostNameBytes);
  if (long === undefined) return;
  throw new UserError(
    `cannot write bencher: it takes no name of more than ${mostNameBytes} bytes, and one begins with '${long.slice(0, 60)}'`,
    { hint: 'give the run a shorter name, as NAME=PATH' },
  );
}

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
  return [...followed, ...encoded, ...last].flatMap(([slug, measure]) =>
    Number.isFinite(measure.value) ? [[slug, measure]] : [],
  );
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
  const areGiven = lo !== undefined && hi !== undefined && Number.isFinite(lo) && Number.isFinite(hi);
  return areGiven ? { value, lower_value: lo, upper_value: hi } : { value };
}
