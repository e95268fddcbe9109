/**
 * Makes cells of outcomes: medians with intervals over rounds, and ratios to the reference formed inside rounds.
 *
 * A round is the unit of evidence: requests of one process are correlated, so their number makes no interval narrower.
 * Pure functions. Deliberately absent: sentences; a report says what a ratio means.
 */
import { groupBy } from '../compare/cells.ts';
import type { CellStatus } from '../model.ts';
import type { HttpCell, HttpCellId, HttpFailures, HttpLoad, HttpMetricName, HttpOutcome, HttpRatio, HttpScenario, HttpSummary, MeasuredHttpSuite } from '../model/http.ts';
import { median } from '../stats/center.ts';
import { geometricInterval, meanInterval, ratioInterval } from '../stats/intervals.ts';
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

/** With two rounds t is 12.7, so three are the fewest whose interval says something. */
const fewestRounds = 3;

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
      const byLoad = [...groupBy(own, ({ load }) => loadKey(load)).values()].toSorted(([a], [b]) => compareLoads(a.load, b.load));
      return byLoad.flatMap((same) => assembleLoad({ outcomes: same, items: scenario.items, suite }));
    }),
  );
}

function assembleLoad(request: { outcomes: readonly HttpOutcome[]; items: number; suite: Pick<MeasuredHttpSuite, 'reference' | 'contenders'> }): HttpCell[] {
  const { outcomes, items, suite } = request;
  const cells = suite.contenders.flatMap(({ id }) => {
    const rounds = outcomes.filter(({ contender }) => contender === id).toSorted((a, b) => a.round - b.round);
    return rounds[0] === undefined ? [] : [assembleCell({ id: rounds[0], items, outcomes: rounds })];
  });
  return withRatios(cells, suite.reference);
}

function compareLoads(a: HttpLoad, b: HttpLoad): number {
  return a.kind === b.kind ? a.connections - b.connections : a.kind === 'closed' ? -1 : 1;
}

/** Which status stands for rounds that ended differently, the more telling first. */
const precedence: readonly CellStatus[] = ['incorrect', 'ok', 'failed', 'unavailable', 'unsupported'];

function assembleCell({ id, items, outcomes }: { id: HttpCellId; items: number; outcomes: readonly HttpOutcome[] }): HttpCell {
  const status = precedence.find((candidate) => outcomes.some((outcome) => outcome.status === candidate)) ?? 'failed';
  const reasons = new Set(outcomes.flatMap((outcome) => (outcome.status === status && outcome.reason !== undefined ? [outcome.reason] : [])));
  const rounds = outcomes.flatMap(({ round, metrics, requests }) => (metrics === undefined ? [] : [{ round, metrics, requests: requests ?? 0 }]));
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
    ...(status === 'ok' ? {} : { reason: [...reasons].join('; ') }),
    metrics,
    absent: Object.assign({}, ...outcomes.map(({ absent }) => absent)) as HttpCell['absent'],
    failures: sumFailures(outcomes),
    rounds: measured,
    warnings: status === 'ok' ? collectWarnings(outcomes, measured.length) : [],
  };
}

function summarize(values: readonly number[]): HttpSummary {
  const middle = median(values);
  // An event loop that was never late has zeros, which have no logarithm.
  const { lo, hi, confidence } = values.every((value) => value > 0) ? geometricInterval(values) : meanInterval(values);
  if (lo === undefined || hi === undefined || confidence === undefined) return { median: middle };
  return { median: middle, lo: Math.min(lo, middle), hi: Math.max(hi, middle), confidence };
}

function sumFailures(outcomes: readonly HttpOutcome[]): HttpFailures {
  const sums: Record<string, number> = {};
  for (const { failures } of outcomes) {
    for (const [kind, count] of Object.entries(failures)) sums[kind] = (sums[kind] ?? 0) + count;
  }
  return sums;
}

function collectWarnings(outcomes: readonly HttpOutcome[], measured: number): string[] {
  const told = groupBy(outcomes.flatMap(({ warnings }) => warnings), (warning) => warning);
  const repeated = [...told].map(([warning, { length }]) => (measured === 1 || length === measured ? warning : `${warning} (in ${length} of ${measured} rounds)`));
  const failed = outcomes.filter(({ status }) => status !== 'ok').map(({ status, reason }) => `a round ${status}: ${reason ?? 'no reason was given'}`);
  return [...(measured < fewestRounds ? [`only ${measured} ${measured === 1 ? 'round' : 'rounds'}`] : []), ...failed, ...repeated];
}

function withRatios(cells: readonly HttpCell[], reference: string): HttpCell[] {
  const against = cells.find(({ contender, status }) => contender === reference && status === 'ok');
  if (against === undefined) return [...cells];
  return cells.map((cell) => {
    const entries = Object.entries(cell.metrics) as [HttpMetricName, HttpSummary][];
    const metrics = entries.map(([name, summary]): [HttpMetricName, HttpSummary] => {
      const ratio = cell === against ? { reference, ratio: 1 } : ratioOf(cell, against, name);
      return [name, ratio === undefined ? summary : { ...summary, ratio }];
    });
    return { ...cell, metrics: Object.fromEntries(metrics) as HttpCell['metrics'] };
  });
}

function ratioOf(cell: HttpCell, against: HttpCell, name: HttpMetricName): HttpRatio | undefined {
  const byRound = new Map(against.rounds.map(({ round, metrics }) => [round, metrics[name]]));
  const pairs = cell.rounds.flatMap(({ round, metrics }) => {
    const [numerator, denominator] = [metrics[name], byRound.get(round)];
    return numerator === undefined || denominator === undefined || numerator <= 0 || denominator <= 0 ? [] : [{ numerator, denominator }];
  });
  // A ratio with a zero on either side does not exist, and leaving such rounds out would choose the evidence.
  if (pairs.length === 0 || pairs.length < cell.rounds.filter(({ round }) => byRound.has(round)).length) return undefined;
  const { mean: ratio, ...bounds } = ratioInterval(pairs);
  return { reference: against.contender, ratio, ...bounds };
}
