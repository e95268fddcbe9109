/**
 * What was measured over HTTP as lines: against items, for scenarios that ask for the same at several sizes, against
 * connections, for scenarios that were measured under several closed loops, and against rates of arrival.
 *
 * A point is a median over rounds with its interval. Ratios are in the tables.
 */
import { groupBy } from '../../compare/cells.ts';
import { infoOf } from '../../compare/metrics.ts';
import { cellsByScenario, takeHeadline } from '../../compare/scenarios.ts';
import type { HttpCell, HttpScenario, MeasuredHttpSuite } from '../../model/http.ts';
import type { MetricInfo } from '../../model/metric.ts';
import { nameChart, tellLeftOut, tellRange } from '../charts/chart-scope.ts';
import type { Axis, Block, Chart, ChartPoint, ChartSeries } from '../document.ts';
import { details } from '../parts/blocks.ts';
import { axisUnitOf, betterWord, formatMetric } from '../parts/metric-cells.ts';
import { formatList, formatPlural } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { type MeasuredHttp, tellLoadsShortly, titleOf, titleOfScenario } from './http-words.ts';

export interface HttpChartScope extends MeasuredHttp {
  readonly suite: MeasuredHttpSuite;
  /** Of every contender of the run; see assignSlots. */
  readonly slots: ReadonlyMap<string, number>;
}

const againstItems = ['requestsPerSec', 'p95Ns', 'cpuNsPerRequest'];
const againstConnections = ['requestsPerSec', 'p95Ns'];
const againstRates = ['p95Ns', 'p99Ns', 'cpuNsPerRequest'];

/**
 * Charts of one suite: those against items stand open, those against connections are folded; none where there is one
 * size and one load.
 */
export function chartHttp(scope: HttpChartScope): Block[] {
  const scenarios = cellsByScenario(scope.http, scope.suite.id);
  const bySize = listFamilies(
    scope.http.scenarios,
    scenarios.map(([id]) => id),
  ).flatMap((family) => {
    const cells = family.flatMap(({ id }) => takeHeadline(scenarios.find(([own]) => own === id)?.[1] ?? []));
    return chartEach(scope, {
      metrics: againstItems,
      cells,
      name: ['items', family[0].id],
      along: alongItems,
      title: titleOfFamily(family),
    });
  });
  const byRate = scenarios.flatMap(([id, all]) =>
    chartEach(scope, {
      metrics: againstRates,
      cells: all.filter(({ id: { load } }) => load.kind === 'open'),
      name: ['rates', id],
      along: alongRates,
      title: titleOfScenario(scope.http, id),
    }),
  );
  const byLoad = scenarios.flatMap(([id, all]) => {
    return chartEach(scope, {
      metrics: againstConnections,
      cells: all.filter(({ id: { load } }) => load.kind === 'closed'),
      name: ['connections', id],
      along: alongConnections,
      title: titleOfScenario(scope.http, id),
    });
  });
  const open = [...bySize, ...byRate];
  if (byLoad.length === 0) return open;
  return [...open, details(`${formatPlural(byLoad.length, 'more chart')}, by connections`, byLoad)];
}

/** Scenarios that ask for the same requests in the same way, at two numbers of items or more; by rising items. */
function listFamilies(all: readonly HttpScenario[], measured: readonly string[]): [HttpScenario, ...HttpScenario[]][] {
  const families = groupBy(
    all.filter(({ id }) => measured.includes(id)),
    ({ client, requests }) => JSON.stringify([client, requests]),
  );
  return [...families.values()]
    .filter((family) => new Set(family.map(({ items }) => items)).size > 1)
    .map((family) => family.toSorted((a, b) => a.items - b.items) as [HttpScenario, ...HttpScenario[]]);
}

/** The paths that are asked for, since titles of single sizes name those sizes. */
function titleOfFamily([{ requests }]: readonly [HttpScenario, ...HttpScenario[]]): string {
  return showText(formatList(requests.map(({ method, path }) => `${method} ${path}`)));
}

/** What stands along the bottom. */
interface Along {
  /** One of what is counted. */
  readonly noun: string;
  readonly axis: Axis;
  readonly read: (cell: HttpCell, scenarios: readonly HttpScenario[]) => number;
}

const alongItems: Along = {
  noun: 'item',
  axis: { title: 'items', scale: 'log', unit: 'items' },
  read: ({ id }, scenarios) => scenarios.find((scenario) => scenario.id === id.scenario)?.items ?? Number.NaN,
};
const alongRates: Along = {
  noun: 'request a second',
  axis: { title: 'requests/s that fall due', scale: 'linear', unit: 'perSec' },
  read: ({ id: { load } }) => (load.kind === 'open' ? load.requestsPerSec : Number.NaN),
};
const alongConnections: Along = {
  noun: 'connection',
  axis: { title: 'connections', scale: 'log', unit: 'connections' },
  read: ({ id }) => id.load.connections,
};

interface Family {
  readonly metrics: readonly string[];
  readonly cells: readonly HttpCell[];
  readonly name: readonly string[];
  readonly along: Along;
  /** What is asked for. */
  readonly title: string;
}

function chartEach(scope: HttpChartScope, family: Family): Chart[] {
  return family.metrics.flatMap((name) => chartMetric(scope, { ...family, info: infoOf(name, scope.metrics) }) ?? []);
}

/** @returns `undefined` where no contender has two points, which a line needs. */
function chartMetric(
  { suite, slots, http }: HttpChartScope,
  { info, cells, name, along, title }: Family & { info: MetricInfo },
): Chart | undefined {
  const series = suite.contenders.flatMap(({ id: contender }): ChartSeries[] => {
    const points = cells.flatMap((cell): ChartPoint[] => {
      const summary = cell.metrics[info.name]?.summary;
      if (cell.status !== 'ok' || cell.id.contender !== contender || summary === undefined) return [];
      const { median: y, lo, hi } = summary;
      return [{ x: along.read(cell, http.scenarios), y, ...(lo === undefined || hi === undefined ? {} : { lo, hi }) }];
    });
    const slot = slots.get(contender);
    if (points.length === 0) return [];
    return [
      {
        name: titleOf(suite, contender),
        contender,
        ...(slot === undefined ? {} : { slot }),
        points: points.toSorted((a, b) => Number(a.x) - Number(b.x)),
      },
    ];
  });
  if (!series.some(({ points }) => points.length > 1)) return undefined;
  const shown = cells.filter(({ status, metrics }) => status === 'ok' && metrics[info.name]?.summary !== undefined);
  const load = along === alongItems ? `, ${tellLoadsShortly(shown.map(({ id }) => id.load))}` : '';
  const leftOut = tellLeftOut(cells, { nameOf: (contender) => titleOf(suite, contender) });
  return {
    kind: 'chart',
    id: nameChart(['chart', 'http', suite.id, ...name, info.name.toLowerCase()]),
    title: `${info.title} by ${along.axis.title}: ${title}${load}`,
    summary: summarize(series, { along, info }) + leftOut,
    form: 'lines',
    x: along.axis,
    y: { title: `${info.title}, ${betterWord(info)} is better`, scale: 'log', unit: axisUnitOf(info) },
    series,
  };
}

/** The best and the worst contender by their medians at both ends of the axis. */
function summarize(series: readonly ChartSeries[], { along, info }: { along: Along; info: MetricInfo }): string {
  const all = series.flatMap(({ points }) => points.map(({ x }) => Number(x)));
  const ends = [...new Set([Math.min(...all), Math.max(...all)])];
  const sign = info.better === 'higher' ? -1 : 1;
  const parts = ends.map((end) => {
    const here = series.flatMap(({ name, points }) =>
      points.filter(({ x }) => x === end).map(({ y }) => ({ name, y })),
    );
    const range = tellRange(
      here.toSorted((a, b) => sign * (a.y - b.y)),
      ({ y, name }) => `${formatMetric(y, info)} (${name})`,
    );
    return `at ${along === alongRates ? `${end} requests a second` : formatPlural(end, along.noun)}${range === '' ? '' : ` ${range}`}`;
  });
  return `Medians over rounds with their intervals, best first: ${parts.join('; ')}.`;
}
