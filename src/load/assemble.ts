/**
 * Makes cells of outcomes: medians with intervals over rounds, and ratios to the reference formed inside rounds.
 *
 * A round is the unit of evidence: requests of one process are correlated, so their number makes no interval narrower.
 * Pure functions. Deliberately absent: sentences; a report says what a ratio means.
 */
import { groupBy } from '../compare/cells.ts';
import type { CellStatus } from '../model/cell.ts';
import type {
  HttpCell,
  HttpCellId,
  HttpFailures,
  HttpLoad,
  HttpMetricName,
  HttpOutcome,
  HttpScenario,
  HttpSummary,
  MeasuredHttpSuite,
} from '../model/http.ts';
import { median } from '../stats/center.ts';
import { compareWithReference } from '../compare/http-ratios.ts';
import { fewestForBounds, geometricInterval, meanInterval } from '../stats/intervals.ts';
import { loadKey } from './outcome.ts';

/** An object, so that none can be forgotten. */
const everyMetric: Readonly<Record<HttpMetricName, true>> = {
  requestsPerSec: true,
  p50Ns: true,
  p95Ns: true,
  p99Ns: true,
  p999Ns: true,
  cpuNsPerRequest: true,
  eventLoopDelayP99Ns: true,
  wireBytesPerRequest: true,
  peakMemoryBytes: true,
};

const metricNames = Object.keys(everyMetric) as HttpMetricName[];

/**
 * Cells in the order of suites, of scenarios, of loads (closed ones by connections, the open one last) and of contenders.
 * @param request.outcomes in any order; none gives no cell. @param request.suites with contenders in the order of reports.
 */
export function assembleHttpCells(request: {
  outcomes: readonly HttpOutcome[];
  scenarios: readonly HttpScenario[];
  suites: readonly Pick<MeasuredHttpSuite, 'id' | 'reference' | 'contenders'>[];
}): HttpCell[] {
  const { outcomes, scenarios, suites } = request;
  return suites.flatMap((suite) =>
    scenarios.flatMap((scenario) => {
      const own = outcomes.filter((outcome) => outcome.suite === suite.id && outcome.scenario === scenario.id);
      const byLoad = [...groupBy(own, ({ load }) => loadKey(load)).values()].toSorted(([a], [b]) =>
        compareLoads(a.load, b.load),
      );
      return byLoad.flatMap((same) => assembleLoad({ outcomes: same, items: scenario.items, suite }));
    }),
  );
}

function assembleLoad(request: {
  outcomes: readonly HttpOutcome[];
  items: number;
  suite: Pick<MeasuredHttpSuite, 'reference' | 'contenders'>;
}): HttpCell[] {
  const { outcomes, items, suite } = request;
  const cells = suite.contenders.flatMap(({ id }) => {
    const rounds = outcomes.filter(({ contender }) => contender === id).toSorted((a, b) => a.round - b.round);
    return rounds[0] === undefined ? [] : [assembleCell({ id: rounds[0], items, outcomes: rounds })];
  });
  return compareWithReference(cells, suite.reference);
}

function compareLoads(a: HttpLoad, b: HttpLoad): number {
  return a.kind === b.kind ? a.connections - b.connections : a.kind === 'closed' ? -1 : 1;
}

/**
 * Which status stands for rounds that ended differently, the more telling first. A failed request fails its cell, in
 * whatever round it was: a server that answers most of the time is not measured by the rounds in which it did.
 */
const precedence: readonly CellStatus[] = ['incorrect', 'failed', 'ok', 'unavailable', 'unsupported'];

function assembleCell({
  id,
  items,
  outcomes,
}: {
  id: HttpCellId;
  items: number;
  outcomes: readonly HttpOutcome[];
}): HttpCell {
  const status = precedence.find((candidate) => outcomes.some((outcome) => outcome.status === candidate)) ?? 'failed';
  const reasons = new Set(
    outcomes.flatMap((outcome) => (outcome.status === status && outcome.reason !== undefined ? [outcome.reason] : [])),
  );
  const rounds = outcomes.flatMap(({ round, metrics, requests }) =>
    metrics === undefined ? [] : [{ round, metrics, requests: requests ?? 0 }],
  );
  const measured = status === 'ok' ? rounds : [];
  const metrics = Object.fromEntries(
    metricNames.flatMap((name) => {
      const values = measured.flatMap((round) => round.metrics[name] ?? []);
      // A percentile that some rounds were too short for would come from the longer ones only.
      return values.length === 0 || values.length < measured.length ? [] : [[name, summarize(values)]];
    }),
  ) as HttpCell['metrics'];
  return {
    suite: id.suite,
    scenario: id.scenario,
    contender: id.contender,
    load: id.load,
    items,
    status,
    ...(status === 'ok' ? {} : { reason: tellReason([...reasons], { outcomes, status }) }),
    metrics,
    absent: Object.assign({}, ...outcomes.map(({ absent }) => absent)) as HttpCell['absent'],
    failures: sumFailures(outcomes),
    rounds: measured,
    warnings: status === 'ok' ? collectWarnings(outcomes, measured.length) : [],
  };
}

function tellReason(
  reasons: readonly string[],
  { outcomes, status }: { outcomes: readonly HttpOutcome[]; status: CellStatus },
): string {
  const count = outcomes.filter((outcome) => outcome.status === status).length;
  return `${reasons.join('; ')}${count < outcomes.length ? ` (in ${count} of ${outcomes.length} rounds)` : ''}`;
}

function summarize(values: readonly number[]): HttpSummary {
  const middle = median(values);
  // An event loop that was never late has zeros, which have no logarithm.
  const { lo, hi, confidence } = values.every((value) => value > 0) ? geometricInterval(values) : meanInterval(values);
  if (lo === undefined || hi === undefined || confidence === undefined) return { median: middle };
  // No metric is ever negative, whatever a symmetric interval around a few zeros says.
  return { median: middle, lo: Math.max(0, Math.min(lo, middle)), hi: Math.max(hi, middle), confidence };
}

function sumFailures(outcomes: readonly HttpOutcome[]): HttpFailures {
  const sums: Record<string, number> = {};
  for (const { failures } of outcomes) {
    for (const [kind, count] of Object.entries(failures)) sums[kind] = (sums[kind] ?? 0) + count;
  }
  return sums;
}

function collectWarnings(outcomes: readonly HttpOutcome[], measured: number): string[] {
  const told = groupBy(
    outcomes.flatMap(({ warnings }) => warnings),
    (warning) => warning,
  );
  const repeated = [...told].map(([warning, { length }]) =>
    measured === 1 || length === measured ? warning : `${warning} (in ${length} of ${measured} rounds)`,
  );
  const failed = outcomes
    .filter(({ status }) => status !== 'ok')
    .map(({ status, reason }) => `a round ${status}: ${reason ?? 'no reason was given'}`);
  return [
    ...(measured < fewestForBounds ? [`only ${measured} ${measured === 1 ? 'round' : 'rounds'}`] : []),
    ...failed,
    ...repeated,
  ];
}
