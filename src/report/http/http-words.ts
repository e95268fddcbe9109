/**
 * What suites, servers, scenarios and loads over HTTP are called.
 */
import type { HttpLoad, HttpResults, MeasuredHttpSuite } from '../../model/http.ts';
import type { MetricInfo } from '../../model/metric.ts';
import { showText } from '../../foreign-text.ts';
import { formatCount, formatList, formatPlural } from '../quantities.ts';

/** What a run measured over HTTP. */
export interface MeasuredHttp {
  readonly http: HttpResults;
  /** Those of loads, in the order of reports. */
  readonly metrics: readonly MetricInfo[];
}

/** A contender's title as a report shows it; the id where the suite does not know it. */
export function titleOf({ contenders }: Pick<MeasuredHttpSuite, 'contenders'>, id: string): string {
  return showText(contenders.find((contender) => contender.id === id)?.title ?? id);
}

/** A scenario's title as a report shows it; the id where the run does not know it. */
export function titleOfScenario({ scenarios }: Pick<HttpResults, 'scenarios'>, id: string): string {
  return showText(scenarios.find((scenario) => scenario.id === id)?.title ?? id);
}

/** What a table under one load says of it. */
export function tellLoad(load: HttpLoad): string {
  const connections = formatPlural(load.connections, 'connection');
  if (load.kind === 'closed') return `${connections}, each asks again when it has its answer`;
  return `${formatCount(load.requestsPerSec)} requests fall due each second, whatever became of earlier ones`;
}

/** The same in two words, for a list. */
export function tellLoadShortly(load: HttpLoad): string {
  if (load.kind === 'closed') return formatPlural(load.connections, 'connection');
  return load.isNamed === true ? `${formatCount(load.requestsPerSec)} requests a second` : 'at a fixed rate';
}

/** Several of them, each once, in the order of their first appearance: `10, 4 and 2 connections`. */
export function tellLoadsShortly(loads: readonly HttpLoad[]): string {
  const [first, ...others] = [...new Map(loads.map((load) => [tellLoadShortly(load), load])).values()];
  if (first === undefined) return '';
  if (others.length === 0) return tellLoadShortly(first);
  return `${formatList([first, ...others].map(({ connections }) => formatCount(connections)))} connections`;
}
