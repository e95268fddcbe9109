/**
 * The tables that a suite over HTTP begins with: scenarios against contenders, a metric each, and what each contender changed.
 *
 * A scenario stands with its headline load. Deliberately absent: every other load and metric (scenario-tables.ts).
 */
import { groupBy } from '../../compare/cells.ts';
import { cellsByScenario, nameLoad, ratioOf, standingOf, takeHeadline } from '../../compare/http-cells.ts';
import { findHttpEffects, type HttpContenderEffects, type HttpEffect } from '../../compare/http-effects.ts';
import type { HttpCell, HttpMetricName, HttpResults, MeasuredHttpSuite } from '../../model/http.ts';
import type { Block, List, Table, TableCell } from '../document.ts';
import { formatChange, formatCount, formatList, formatPlural } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { describeFigure, type HttpMetricLook, lookOf, tellLoadShortly, titleOf } from './http-figures.ts';

/** What a reader asks first; the others follow below the sentences. */
const first: HttpMetricName = 'requestsPerSec';
const others: readonly HttpMetricName[] = ['cpuNsPerRequest', 'p95Ns', 'wireBytesPerRequest'];

/** What the sentences are about. */
const told: readonly HttpMetricName[] = ['requestsPerSec', 'cpuNsPerRequest', 'p95Ns'];

/** The first table, a sentence a contender, and the other tables; nothing for a suite without cells. */
export function summarizeSuite(http: HttpResults, suite: MeasuredHttpSuite): Block[] {
  const rows = cellsByScenario(http, suite.id).map(([scenario, cells]) => ({
    title: titleOfScenario(http, scenario),
    cells: takeHeadline(cells),
  }));
  if (rows.length === 0) return [];
  const summary = { suite, rows };
  return [
    tabulate(summary, lookOf(first)),
    ...tellEffects(http, suite),
    ...others.flatMap((name) => tabulateUnlessSame(summary, lookOf(name))),
  ];
}

/** A scenario's title as a report shows it; the id where the run does not know it. */
export function titleOfScenario({ scenarios }: Pick<HttpResults, 'scenarios'>, id: string): string {
  return showText(scenarios.find((scenario) => scenario.id === id)?.title ?? id);
}

interface Summary {
  readonly suite: MeasuredHttpSuite;
  readonly rows: readonly { readonly title: string; readonly cells: readonly HttpCell[] }[];
}

/** A metric that nobody changed, such as the bytes of equal answers, needs no table: those of the scenarios have it. */
function tabulateUnlessSame(summary: Summary, look: HttpMetricLook): Block[] {
  const all = summary.rows.flatMap(({ cells }) => cells);
  if (all.every(({ metrics }) => metrics[look.name] === undefined)) return [];
  const ratios = all.flatMap((cell) => ratioOf(cell, look.name) ?? []);
  const isSame = ratios.length > 0 && ratios.every((ratio) => standingOf(ratio) === 'same');
  return isSame
    ? [{ kind: 'note', tone: 'muted', text: `${look.title}: the same for every contender, in every scenario.` }]
    : [tabulate(summary, look)];
}

/** Columns are aligned to the left, so that a narrow screen may break figures from their ratios. */
function tabulate({ suite, rows }: Summary, look: HttpMetricLook): Table {
  const usual = usualLoad(rows.flatMap(({ cells }) => cells));
  return {
    kind: 'table',
    caption: `${look.title}${usual === undefined ? '' : `, ${tellLoadShortly(usual.load)}`}: ${look.better} is better`,
    columns: [
      { title: 'scenario', align: 'left' },
      ...suite.contenders.map(({ id }) => ({ title: titleOf(suite, id), align: 'left' as const, contender: id })),
    ],
    groups: [
      {
        rows: rows.map(({ title, cells }): TableCell[] => [
          { text: nameRow(title, cells[0], usual) },
          ...suite.contenders.map(({ id }) =>
            describeFigure(
              cells.find(({ contender }) => contender === id),
              look,
            ),
          ),
        ]),
      },
    ],
  };
}

/** The load of most rows, so that the caption can say it once. */
function usualLoad(cells: readonly HttpCell[]): HttpCell | undefined {
  const byLoad = [...groupBy(cells, ({ load }) => nameLoad(load)).values()];
  return byLoad.toSorted((a, b) => b.length - a.length)[0]?.[0];
}

function nameRow(title: string, cell: HttpCell | undefined, usual: HttpCell | undefined): string {
  if (cell === undefined || usual === undefined || nameLoad(cell.load) === nameLoad(usual.load)) return title;
  return `${title} (${tellLoadShortly(cell.load)})`;
}

function tellEffects(http: HttpResults, suite: MeasuredHttpSuite): List[] {
  const items = findHttpEffects({ http, suite, metrics: told }).map((effects) => ({
    text: tellContender(effects, suite),
  }));
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** `b against a: requests/s +47% to +49% in 2 of 3 scenarios, …; elsewhere nothing is shown to differ.` */
function tellContender({ contender, scenarios, effects }: HttpContenderEffects, suite: MeasuredHttpSuite): string {
  const start = `${titleOf(suite, contender)} against ${titleOf(suite, suite.reference)}: `;
  const known = effects.filter(({ unknown }) => unknown < scenarios);
  if (known.length === 0) return `${start}nothing can be said, since there are no intervals.`;
  const changed = known.filter(({ more, less }) => more.length + less.length > 0);
  const names = formatList(known.map(({ metric }) => lookOf(metric).title));
  if (changed.length === 0)
    return `${start}nothing is shown to differ in ${names}, in ${formatPlural(scenarios, 'scenario')}${tellUnknown(known)}.`;
  const parts = changed.map((effect) => tellEffect(effect, scenarios));
  const elsewhere = known.some(({ alike }) => alike > 0) ? '; elsewhere nothing is shown to differ' : '';
  return `${start}${parts.join('; ')}${elsewhere}${tellUnknown(known)}.`;
}

function tellEffect({ metric, more, less }: HttpEffect, scenarios: number): string {
  const parts = [more, less]
    .filter(({ length }) => length > 0)
    .map((ratios, index) => {
      if (ratios.length === scenarios) return `${tellRange(ratios)} in ${tellAll(scenarios)}`;
      return `${tellRange(ratios)} in ${formatCount(ratios.length)}${index === 0 ? ` of ${formatPlural(scenarios, 'scenario')}` : ''}`;
    });
  return `${lookOf(metric).title} ${formatList(parts)}`;
}

function tellAll(scenarios: number): string {
  return (
    ['no scenario', 'the only scenario', 'both scenarios'][scenarios] ?? `all ${formatPlural(scenarios, 'scenario')}`
  );
}

/** From the smallest change to the largest. */
function tellRange(ratios: readonly number[]): string {
  const changes = ratios.map((ratio) => ratio - 1).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const [smallest, largest] = [formatChange(changes[0] ?? Number.NaN), formatChange(changes.at(-1) ?? Number.NaN)];
  return smallest === largest ? smallest : `${smallest} to ${largest}`;
}

function tellUnknown(effects: readonly HttpEffect[]): string {
  const most = Math.max(...effects.map(({ unknown }) => unknown));
  return most === 0 ? '' : `; ${formatPlural(most, 'scenario')} without an interval`;
}
