/**
 * From run.json to a run as it is worked with, files of every released version included.
 */
import { encodedMetrics } from '../compare/cells.ts';
import { infoOf } from '../compare/metrics.ts';
import type { Cell, Fork, MicroCell } from '../model/cell.ts';
import type { HttpCell } from '../model/http.ts';
import type { Metric, MetricInfo, Metrics } from '../model/metric.ts';
import type { Run } from '../model/run.ts';
import type { HttpCellRecord, MicroCellRecord, RunRecord, SummaryRecord } from './records.ts';
import { readWarning } from './warnings.ts';
import { plainFields } from './write.ts';

/**
 * @param known what metrics are, for those that the file has and does not explain; of those that nobody knows the names
 * tell.
 */
export function fromRecord(record: RunRecord, known: readonly MetricInfo[]): Run {
  const { schemaVersion: _version, metrics: told = [], cells, http, ...run } = record;
  const of = (source: MetricInfo['source']): MetricInfo[] => {
    const isTold = ({ name }: MetricInfo): boolean => told.some((one) => one.name === name && one.source === source);
    return [...told, ...known.filter((info) => !isTold(info))].filter((info) => info.source === source);
  };
  const [forkInfos, loadInfos] = [of('fork'), of('load')];
  const microCells = cells.map((cell) => fromMicroRecord(cell, forkInfos));
  const httpCells = http?.cells.map((cell) => fromHttpRecord(cell, loadInfos));
  const metrics = [...namedBy(microCells, forkInfos), ...namedBy(httpCells ?? [], loadInfos), ...told];
  return {
    ...run,
    metrics: [...new Set(metrics)].toSorted((a, b) => a.order - b.order),
    cells: microCells,
    ...(http === undefined || httpCells === undefined ? {} : { http: { ...http, cells: httpCells } }),
  };
}

/** Those that any cell has, so that a metric that came later changes no report of an earlier run. */
function namedBy(cells: readonly Cell[], infos: readonly MetricInfo[]): MetricInfo[] {
  const names = new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)));
  return infos.filter(({ name }) => names.has(name));
}

export function fromMicroRecord(record: MicroCellRecord, infos: readonly MetricInfo[]): MicroCell {
  const { suite, contender, payload, items, variant, sink, status, reason } = record;
  const { latencyNs, encoded, forks, observations, example, lost, speedup, warnings } = record;
  const valuesOf = (read: (fork: Fork) => number | undefined): Metric['values'] =>
    forks.flatMap((fork) => {
      const value = read(fork);
      return value === undefined ? [] : [{ round: fork.round, value }];
    });
  const metrics: Record<string, Metric> = {};
  const add = (name: string, metric: Omit<Metric, 'unit' | 'better'>): void => {
    const { unit, better } = infoOf(name, infos);
    metrics[name] = { unit, better, ...metric };
  };
  const times = valuesOf((fork) => fork.latencyNs);
  if (latencyNs !== undefined)
    add('latencyNs', { values: times, summary: latencyNs, ...(speedup === undefined ? {} : { ratio: speedup }) });
  for (const name of plainFields) {
    const median = record[name];
    // The bytes a second are of the medians and of no single fork.
    const values = name === 'throughputBytesPerSec' ? [] : valuesOf((fork) => fork[name]);
    if (median !== undefined) add(name, { values, summary: { median } });
  }
  for (const size of encoded ?? []) {
    const names = encodedMetrics(size);
    add(names.sizeBytes, { values: [], summary: { median: size.sizeBytes } });
    add(names.latencyNs, { values: [], summary: { median: size.latencyNs } });
  }
  for (const [name, { rounds, ...summary }] of Object.entries(record.metrics ?? {}))
    add(name, { values: rounds, ...fromSummary(summary) });
  return {
    id: { suite, contender, payload, items, variant, sink },
    status,
    ...(reason === undefined ? {} : { reason }),
    metrics,
    rounds: forks.map((fork) => ({ round: fork.round, fork })),
    warnings: warnings.map(readWarning),
    failures: {},
    ...(observations === undefined ? {} : { observations }),
    ...(example === undefined ? {} : { example }),
    ...(lost === undefined ? {} : { lost }),
  };
}

export function fromHttpRecord(record: HttpCellRecord, infos: readonly MetricInfo[]): HttpCell {
  const { suite, scenario, contender, load, status, reason, rounds, absent, failures, warnings } = record;
  const names = new Set([
    ...Object.keys(record.metrics),
    ...rounds.flatMap((round) => Object.keys(round.metrics)),
    ...Object.keys(absent),
  ]);
  const metrics = [...names].map((name): [string, Metric] => {
    const { unit, better } = infoOf(name, infos);
    const values = rounds.flatMap(({ round, metrics: { [name]: value } }) =>
      value === undefined ? [] : [{ round, value }],
    );
    const summary = record.metrics[name];
    const why = absent[name];
    return [
      name,
      {
        unit,
        better,
        values,
        ...(summary === undefined ? {} : fromSummary(summary)),
        ...(why === undefined ? {} : { absent: why }),
      },
    ];
  });
  return {
    id: { suite, scenario, contender, load },
    status,
    ...(reason === undefined ? {} : { reason }),
    metrics: Object.fromEntries(metrics) as Metrics,
    rounds: rounds.map(({ metrics: _metrics, ...round }) => round),
    warnings: warnings.map(readWarning),
    failures,
  };
}

function fromSummary({
  ratio,
  difference,
  ...summary
}: SummaryRecord): Pick<Metric, 'summary' | 'ratio' | 'difference'> {
  return {
    summary,
    ...(ratio === undefined ? {} : { ratio }),
    ...(difference === undefined ? {} : { difference }),
  };
}
