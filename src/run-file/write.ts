/**
 * From a run as it is worked with to run.json: the same fields as ever, and metrics beside them that these do not know.
 */
import { encodedMetrics, encodedSizesOf, medianOf, speedupOf } from '../compare/cells.ts';
import type { Fork, MicroCell } from '../model/cell.ts';
import type { HttpCell } from '../model/http.ts';
import type { Metric } from '../model/metric.ts';
import type { Run } from '../model/run.ts';
import type { HttpCellRecord, MicroCellRecord, RunRecord, SummaryRecord } from './records.ts';
import { tellWarning } from './warnings.ts';

/** Metrics of micro-benchmarks that are a field of the cell, as one number. */
export const plainFields = [
  'outputBytes',
  'throughputBytesPerSec',
  'allocatedBytesPerOp',
  'gcTimeShare',
  'peakBlockNs',
  'compileNs',
] as const;

export function toRecord({ cells, http, users, metrics, warnings, noise, ...run }: Run): RunRecord {
  const { startedAt, durationMs, seed, profile, interrupted, environment, plan, shards } = run;
  return {
    schemaVersion: 1,
    startedAt,
    durationMs,
    seed,
    profile,
    ...(interrupted === undefined ? {} : { interrupted }),
    environment,
    ...(plan === undefined ? {} : { plan }),
    ...(shards === undefined ? {} : { shards }),
    metrics,
    cells: cells.map(toMicroRecord),
    ...(http === undefined
      ? {}
      : {
          http: {
            suites: http.suites,
            scenarios: http.scenarios,
            cells: http.cells.map((cell) =>
              toHttpRecord(cell, http.scenarios.find(({ id }) => id === cell.id.scenario)?.items ?? 0),
            ),
            ...(http.plan === undefined ? {} : { plan: http.plan }),
            ...(http.noise === undefined ? {} : { noise: http.noise }),
          },
        }),
    ...(users === undefined ? {} : { users }),
    ...(warnings === undefined ? {} : { warnings }),
    ...(noise === undefined ? {} : { noise }),
  };
}

export function toMicroRecord(cell: MicroCell): MicroCellRecord {
  const { id, status, reason, metrics, rounds, warnings, observations, example, lost } = cell;
  const { suite, contender, payload, items, variant, sink } = id;
  const time = metrics['latencyNs']?.summary;
  const encoded = encodedSizesOf(cell);
  const others = listOthers(cell);
  const speedup = speedupOf(cell);
  return {
    suite,
    contender,
    payload,
    items,
    variant,
    sink,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(time === undefined ? {} : { latencyNs: time }),
    ...Object.fromEntries(
      plainFields.flatMap((name) => {
        const value = medianOf(cell, name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    ...(encoded === undefined ? {} : { encoded }),
    ...(others.length === 0 ? {} : { metrics: Object.fromEntries(others) }),
    forks: rounds.flatMap(({ fork }): Fork[] => (fork === undefined ? [] : [fork])),
    ...(observations === undefined ? {} : { observations }),
    ...(example === undefined ? {} : { example }),
    ...(lost === undefined ? {} : { lost }),
    warnings: warnings.map(tellWarning),
    ...(speedup === undefined ? {} : { speedup }),
  };
}

function listOthers({ metrics }: MicroCell): [string, NonNullable<MicroCellRecord['metrics']>[string]][] {
  const known = new Set<string>(['latencyNs', ...plainFields]);
  for (const { encoding, level } of encodedSizesOf({ metrics }) ?? []) {
    for (const name of Object.values(encodedMetrics({ encoding, level }))) known.add(name);
  }
  return Object.entries(metrics).flatMap(([name, metric]) =>
    known.has(name) ? [] : toSummaries(metric).map((summary) => [name, { ...summary, rounds: metric.values }] as const),
  ) as [string, NonNullable<MicroCellRecord['metrics']>[string]][];
}

export function toHttpRecord(cell: HttpCell, items: number): HttpCellRecord {
  const { id, status, reason, metrics, rounds, warnings, failures } = cell;
  const { suite, scenario, contender, load } = id;
  const entries = Object.entries(metrics);
  return {
    suite,
    scenario,
    contender,
    load,
    items,
    status,
    ...(reason === undefined ? {} : { reason }),
    metrics: Object.fromEntries(
      entries.flatMap(([name, metric]) => toSummaries(metric).map((summary) => [name, summary])),
    ),
    absent: Object.fromEntries(entries.flatMap(([name, { absent }]) => (absent === undefined ? [] : [[name, absent]]))),
    failures,
    rounds: rounds.map(({ round, requests = 0, shares, warnings: told }) => ({
      round,
      metrics: Object.fromEntries(
        entries.flatMap(([name, { values }]) => {
          const own = values.find((one) => one.round === round);
          return own === undefined ? [] : [[name, own.value]];
        }),
      ),
      requests,
      ...(shares === undefined ? {} : { shares }),
      ...(told === undefined ? {} : { warnings: told }),
    })),
    warnings: warnings.map(tellWarning),
  };
}

/** One, or none where not every round has a value. */
function toSummaries({ summary, ratio, difference }: Metric): SummaryRecord[] {
  if (summary === undefined) return [];
  return [
    { ...summary, ...(ratio === undefined ? {} : { ratio }), ...(difference === undefined ? {} : { difference }) },
  ];
}
