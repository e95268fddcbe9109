/**
 * What is known of metrics: as their files say it, as run files keep it, and as names tell it.
 */
import type { MetricInfo } from '../model/metric.ts';
import type { KnownMetric } from '../model/metric-definition.ts';

/** What run files and reports need of metrics, without how they are read; in the order of reports. */
export function describeMetrics(metrics: readonly KnownMetric[], source: MetricInfo['source']): MetricInfo[] {
  const own = metrics.filter((metric) => metric.source === source).toSorted((a, b) => a.order - b.order);
  return own.map(({ read: _read, derive: _derive, summarize: _how, hasBounds: _bounds, ...info }) => info);
}

/** Those of one kind of cell. */
export function metricsOf({ metrics }: MeasuredMetrics, source: MetricInfo['source']): MetricInfo[] {
  return metrics.filter((info) => info.source === source);
}

/** The same for several runs together; of what they say differently the first one counts. */
export function metricsOfAll(runs: readonly MeasuredMetrics[], source: MetricInfo['source']): MetricInfo[] {
  const first = new Map<string, MetricInfo>();
  for (const info of runs.flatMap((run) => metricsOf(run, source))) {
    if (!first.has(info.name)) first.set(info.name, info);
  }
  return [...first.values()].toSorted((a, b) => a.order - b.order);
}

/** A run, as far as its metrics go. */
interface MeasuredMetrics {
  readonly metrics: readonly MetricInfo[];
}

/**
 * What a metric is; where nobody knows it any more, what its name says, which ends in its unit.
 * @param infos of metrics of one source.
 */
export function infoOf(name: string, infos: readonly MetricInfo[]): MetricInfo {
  return infos.find((info) => info.name === name) ?? guessInfo(name);
}

const units: readonly (readonly [ending: string, unit: MetricInfo['unit'], better: MetricInfo['better']])[] = [
  ['BytesPerSec', 'bytesPerSec', 'higher'],
  ['PerSec', 'perSec', 'higher'],
  ['Ns', 'nanoseconds', 'lower'],
  ['NsPerRequest', 'nanoseconds', 'lower'],
  ['BytesPerRequest', 'bytes', 'lower'],
  ['Bytes', 'bytes', 'lower'],
  ['Share', 'share', 'lower'],
];

function guessInfo(name: string): MetricInfo {
  const [, unit, better] = units.find(([ending]) => name.endsWith(ending)) ?? ['', 'count', 'lower'];
  const source = name.endsWith('PerRequest') ? 'load' : 'fork';
  return { name, source, title: name, unit, better, order: Number.MAX_SAFE_INTEGER };
}
