/**
 * The tables that a suite over HTTP begins with: scenarios against contenders, a metric each, and what each contender
 * changed.
 *
 * A scenario stands with its headline load; every other load is in scenario-tables.ts.
 */
import { groupBy, nameLoad, ratioOf } from '../../compare/cells.ts';
import { type Effect, findEffects } from '../../compare/effects.ts';
import { infoOf } from '../../compare/metrics.ts';
import { isSame } from '../../compare/ratios.ts';
import { cellsByScenario, takeHeadline } from '../../compare/scenarios.ts';
import type { HttpCell, MeasuredHttpSuite } from '../../model/http.ts';
import type { MetricInfo } from '../../model/metric.ts';
import type { Block, List, Table } from '../document.ts';
import { list, remark } from '../parts/blocks.ts';
import { betterWord, metricCell, pickMetrics } from '../parts/metric-cells.ts';
import { left, tabulate } from '../parts/table.ts';
import { formatAll, formatChange, formatCount, formatList, formatPlural } from '../quantities.ts';
import { type MeasuredHttp, tellLoadShortly, titleOf, titleOfScenario } from './http-words.ts';

/** What a reader asks first; the others follow below the sentences. */
const first = 'requestsPerSec';
const others = ['cpuNsPerRequest', 'p95Ns', 'wireBytesPerRequest'];

/** What the sentences are about. */
const told = ['requestsPerSec', 'cpuNsPerRequest', 'p95Ns'];

/** The first table, a sentence a contender, and the other tables; nothing for a suite without cells. */
export function summarizeSuite({ http, metrics }: MeasuredHttp, suite: MeasuredHttpSuite): Block[] {
  const rows = cellsByScenario(http, suite.id).map(([scenario, cells]) => ({
    title: titleOfScenario(http, scenario),
    cells: takeHeadline(cells),
  }));
  if (rows.length === 0) return [];
  const summary = { suite, rows, metrics };
  return [
    tabulateMetric(summary, infoOf(first, metrics)),
    ...tellEffects(summary),
    ...pickMetrics(others, metrics).flatMap((info) => tabulateUnlessSame(summary, info)),
  ];
}

/** A scenario. */
interface ScenarioRow {
  readonly title: string;
  readonly cells: readonly HttpCell[];
}

interface SuiteSummary {
  readonly suite: MeasuredHttpSuite;
  readonly rows: readonly ScenarioRow[];
  readonly metrics: readonly MetricInfo[];
}

/** A metric that nobody changed, such as the bytes of equal answers, needs no table: those of the scenarios have it. */
function tabulateUnlessSame(summary: SuiteSummary, info: MetricInfo): Block[] {
  const all = summary.rows.flatMap(({ cells }) => cells);
  if (all.every(({ metrics }) => metrics[info.name]?.summary === undefined)) return [];
  const ratios = all.flatMap((cell) => ratioOf(cell, info.name) ?? []);
  const isUnchanged = ratios.length > 0 && ratios.every(isSame);
  return isUnchanged
    ? [remark(`${info.title}: the same for every contender, in every scenario.`)]
    : [tabulateMetric(summary, info)];
}

/** Columns are aligned to the left, so that a narrow screen may break figures from their ratios. */
function tabulateMetric({ suite, rows }: SuiteSummary, info: MetricInfo): Table {
  const usual = usualLoad(rows.flatMap(({ cells }) => cells));
  const under = usual === undefined ? '' : `, ${tellLoadShortly(usual.id.load)}`;
  return tabulate(rows, {
    caption: `${info.title}${under}: ${betterWord(info)} is better`,
    columns: [
      left('scenario', ({ title, cells }) => nameRow(title, cells[0], usual)),
      ...suite.contenders.map(({ id: contender }) =>
        left<ScenarioRow>(
          titleOf(suite, contender),
          ({ cells }) =>
            metricCell(
              cells.find(({ id }) => id.contender === contender),
              info,
            ),
          { contender },
        ),
      ),
    ],
  });
}

/** The load of most rows, so that the caption can say it once. */
function usualLoad(cells: readonly HttpCell[]): HttpCell | undefined {
  const byLoad = [...groupBy(cells, ({ id }) => nameLoad(id.load)).values()];
  return byLoad.toSorted((a, b) => b.length - a.length)[0]?.[0];
}

function nameRow(title: string, cell: HttpCell | undefined, usual: HttpCell | undefined): string {
  if (cell === undefined || usual === undefined || nameLoad(cell.id.load) === nameLoad(usual.id.load)) return title;
  return `${title} (${tellLoadShortly(cell.id.load)})`;
}

/** Every contender but the reference. */
function tellEffects({ suite, rows, metrics }: SuiteSummary): List[] {
  const rivals = suite.contenders.filter(({ id }) => id !== suite.reference);
  return list(
    rivals.map(({ id: contender }) => {
      const cells = rows.map((row) => row.cells.find(({ id }) => id.contender === contender));
      const start = `${titleOf(suite, contender)} against ${titleOf(suite, suite.reference)}: `;
      return start + tellChanges(findEffects(cells, told), { scenarios: rows.length, metrics });
    }),
  );
}

/** `requests/s +47% to +49% in 2 of 3 scenarios, …; elsewhere nothing is shown to differ.` */
function tellChanges(
  effects: readonly Effect[],
  { scenarios, metrics }: { scenarios: number; metrics: readonly MetricInfo[] },
): string {
  const known = effects.filter(({ unknown }) => unknown < scenarios);
  if (known.length === 0) return 'nothing can be said, since there are no intervals.';
  const changed = known.filter(({ more, less }) => more.length + less.length > 0);
  const names = formatList(known.map(({ metric }) => infoOf(metric, metrics).title));
  if (changed.length === 0)
    return `nothing is shown to differ in ${names}, in ${formatPlural(scenarios, 'scenario')}${tellUnknown(known)}.`;
  const parts = changed.map((effect) => `${infoOf(effect.metric, metrics).title} ${tellEffect(effect, scenarios)}`);
  const elsewhere = known.some(({ alike }) => alike > 0) ? '; elsewhere nothing is shown to differ' : '';
  return `${parts.join('; ')}${elsewhere}${tellUnknown(known)}.`;
}

function tellEffect({ more, less }: Effect, scenarios: number): string {
  const parts = [more, less]
    .filter(({ length }) => length > 0)
    .map((ratios, index) => {
      if (ratios.length === scenarios) return `${tellRange(ratios)} in ${formatAll(scenarios, 'scenario')}`;
      return `${tellRange(ratios)} in ${formatCount(ratios.length)}${index === 0 ? ` of ${formatPlural(scenarios, 'scenario')}` : ''}`;
    });
  return formatList(parts);
}

/** From the smallest change to the largest. */
function tellRange(ratios: readonly number[]): string {
  const changes = ratios.map((ratio) => ratio - 1).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const [smallest, largest] = [formatChange(changes[0] ?? Number.NaN), formatChange(changes.at(-1) ?? Number.NaN)];
  return smallest === largest ? smallest : `${smallest} to ${largest}`;
}

function tellUnknown(effects: readonly Effect[]): string {
  const most = Math.max(...effects.map(({ unknown }) => unknown));
  return most === 0 ? '' : `; ${formatPlural(most, 'scenario')} without an interval`;
}
