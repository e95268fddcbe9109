/**
 * What was measured over HTTP as lines: against items, for scenarios that ask for the same at several sizes, and against
 * connections, for scenarios that were measured under several closed loops.
 *
 * A point is a median over rounds with its interval. Deliberately absent: ratios, which the tables have, and open loops,
 * whose rate is given.
 */
import { groupBy } from '../../compare/cells.ts';
import { cellsByScenario, takeHeadline } from '../../compare/http-cells.ts';
import type { HttpCell, HttpMetricName, HttpResults, HttpScenario, MeasuredHttpSuite } from '../../model/http.ts';
import type { Axis, Block, Chart, ChartPoint, ChartSeries } from '../document.ts';
import { lookOf, tellLoadShortly, titleOf } from './http-figures.ts';
import { formatList, formatPlural } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { nameChart } from '../charts/chart-scope.ts';

export interface HttpChartScope {
  readonly http: HttpResults;
  readonly suite: MeasuredHttpSuite;
  /** Of every contender of the run; see assignSlots. */
  readonly slots: ReadonlyMap<string, number>;
}

const againstItems: readonly HttpMetricName[] = ['requestsPerSec', 'p95Ns', 'cpuNsPerRequest'];
const againstConnections: readonly HttpMetricName[] = ['requestsPerSec', 'p95Ns'];

/** Charts of one suite: those against items stand open, those against connections are folded; none where there is one size and one load. */
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
  const byLoad = scenarios.flatMap(([id, all]) => {
    const cells = all.filter(({ load }) => load.kind === 'closed');
    const title = showText(scope.http.scenarios.find((scenario) => scenario.id === id)?.title ?? id);
    return chartEach(scope, {
      metrics: againstConnections,
      cells,
      name: ['connections', id],
      along: alongConnections,
      title,
    });
  });
  if (byLoad.length === 0) return bySize;
  return [
    ...bySize,
    { kind: 'details', summary: `${formatPlural(byLoad.length, 'more chart')}, by connections`, blocks: byLoad },
  ];
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
  readonly read: (cell: HttpCell) => number;
}

const alongItems: Along = {
  noun: 'item',
  axis: { title: 'items', scale: 'log', unit: 'items' },
  read: ({ items }) => items,
};
const alongConnections: Along = {
  noun: 'connection',
  axis: { title: 'connections', scale: 'log', unit: 'connections' },
  read: ({ load }) => load.connections,
};

interface Family {
  readonly metrics: readonly HttpMetricName[];
  readonly cells: readonly HttpCell[];
  readonly name: readonly string[];
  readonly along: Along;
  /** What is asked for. */
  readonly title: string;
}

function chartEach(scope: HttpChartScope, family: Family): Chart[] {
  return family.metrics.flatMap((metric) => chartMetric(scope, { ...family, metric }) ?? []);
}

/** @returns `undefined` where no contender has two points, which a line needs. */
function chartMetric(
  { suite, slots }: HttpChartScope,
  { metric, cells, name, along, title }: Family & { metric: HttpMetricName },
): Chart | undefined {
  const look = lookOf(metric);
  const drawn = cells.filter(({ status, metrics }) => status === 'ok' && metrics[metric] !== undefined);
  const series = suite.contenders.flatMap(({ id }): ChartSeries[] => {
    const points = drawn.filter(({ contender }) => contender === id).map((cell) => pointOf(cell, metric, along));
    const slot = slots.get(id);
    if (points.length === 0) return [];
    return [
      {
        name: titleOf(suite, id),
        contender: id,
        ...(slot === undefined ? {} : { slot }),
        points: points.toSorted((a, b) => Number(a.x) - Number(b.x)),
      },
    ];
  });
  if (!series.some(({ points }) => points.length > 1)) return undefined;
  const load = along === alongItems && drawn[0] !== undefined ? `, ${tellLoadShortly(drawn[0].load)}` : '';
  return {
    kind: 'chart',
    id: nameChart(['chart', 'http', suite.id, ...name, metric.toLowerCase()]),
    title: `${look.title} by ${along.axis.title}: ${title}${load}`,
    summary: summarize(series, { along, format: look.format, better: look.better }) + tellLeftOut(cells, suite),
    form: 'lines',
    x: along.axis,
    y: { title: `${look.title}, ${look.better} is better`, scale: 'log', unit: look.unit },
    series,
  };
}

function pointOf({ metrics, ...cell }: HttpCell, metric: HttpMetricName, { read }: Along): ChartPoint {
  const { median = Number.NaN, lo, hi } = metrics[metric] ?? {};
  return { x: read({ metrics, ...cell }), y: median, ...(lo === undefined || hi === undefined ? {} : { lo, hi }) };
}

interface Wording {
  readonly along: Along;
  readonly format: (value: number) => string;
  readonly better: 'more' | 'less';
}

/** The best and the worst contender by their medians at both ends of the axis. */
function summarize(series: readonly ChartSeries[], { along, format, better }: Wording): string {
  const all = series.flatMap(({ points }) => points.map(({ x }) => Number(x)));
  const ends = [...new Set([Math.min(...all), Math.max(...all)])];
  const parts = ends.map((end) => {
    const here = series.flatMap(({ name, points }) =>
      points.filter(({ x }) => x === end).map(({ y }) => ({ name, y })),
    );
    const order = here.toSorted((a, b) => (better === 'more' ? b.y - a.y : a.y - b.y));
    const [best, worst] = [order[0], order.at(-1)];
    const at = `at ${formatPlural(end, along.noun)}`;
    if (best === undefined || worst === undefined) return at;
    return best === worst
      ? `${at} ${format(best.y)} (${best.name})`
      : `${at} from ${format(best.y)} (${best.name}) to ${format(worst.y)} (${worst.name})`;
  });
  return `Medians over rounds with their intervals, best first: ${parts.join('; ')}.`;
}

/** Who has no place in the picture, as a sentence that begins with a space. */
function tellLeftOut(cells: readonly HttpCell[], suite: MeasuredHttpSuite): string {
  const out = [...groupBy(cells, ({ contender }) => contender)].flatMap(([contender, own]): string[] => {
    const missing = own.filter(({ status }) => status !== 'ok');
    if (missing.length === 0) return [];
    const reasons = formatList([...new Set(missing.map(({ status }) => status))]);
    return [`${titleOf(suite, contender)} (${reasons}${missing.length < own.length ? ' in part' : ''})`];
  });
  return out.length === 0 ? '' : ` Not drawn: ${out.join(', ')}.`;
}
