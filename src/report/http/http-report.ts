/**
 * What a run measured over HTTP, as sections of its report: a suite each, with its summary, charts and scenarios.
 *
 * Ratios are against the suite's reference and were formed inside rounds.
 */
import { fewestForBounds } from '../../compare/ratios.ts';
import { cellsByScenario } from '../../compare/scenarios.ts';
import { findCertainty } from '../../compare/spread.ts';
import type { HttpContender, HttpResults, MeasuredHttpSuite, ServerSettings } from '../../model/http.ts';
import { chartHttp } from './http-charts.ts';
import type { Block, ListItem, Section } from '../document.ts';
import { tellCertainty } from '../parts/certainty-lines.ts';
import { formatPercent, formatPlural } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { tellCarried } from './carried.ts';
import { summarizeSuite } from './http-summary.ts';
import { type MeasuredHttp, titleOf } from './http-words.ts';
import { reportScenario } from './scenario-tables.ts';

/** A section a suite that has cells, in the order of the run. */
export function reportHttp(measured: MeasuredHttp, { slots }: { slots: ReadonlyMap<string, number> }): Section[] {
  const { http, metrics } = measured;
  return http.suites.flatMap((suite) => {
    const scenarios = cellsByScenario(http, suite.id);
    if (scenarios.length === 0) return [];
    const blocks: Block[] = [
      { kind: 'paragraph', text: showText(suite.question) },
      ...tellCarried(http, suite),
      ...summarizeSuite(measured, suite),
      ...listSettings(suite),
      ...chartHttp({ ...measured, suite, slots }),
      ...scenarios.map(([id, cells]) =>
        reportScenario({ suite, scenario: http.scenarios.find((scenario) => scenario.id === id), cells, metrics }),
      ),
    ];
    return [{ kind: 'section', title: showText(suite.title), blocks }];
  });
}

/** What the header says of how much was measured: `3 rounds a cell`, `2 to 5 rounds a cell`. */
export function tellRounds({ cells }: HttpResults): string {
  const counts = cells.filter(({ status }) => status === 'ok').map(({ rounds }) => rounds.length);
  if (counts.length === 0) return 'no cell that came out well';
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most
    ? `${formatPlural(most, 'round')} a cell`
    : `${fewest} to ${formatPlural(most, 'round')} a cell`;
}

/** What the figures and ratios of the tables are. */
export function explainHttp({ cells }: HttpResults): Block {
  const names = [...new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)))];
  const isShared = findCertainty(cells, names).length > 0;
  const level = cells.flatMap(({ metrics }) =>
    Object.values(metrics).flatMap(({ ratio }) => ratio?.confidence ?? []),
  )[0];
  const text = [
    'Over HTTP each figure is the median over rounds; behind it stands value / value of the reference, whose own column has none.',
    'A ratio is formed inside rounds, each measured on fresh server processes' +
      `${isShared ? '; how far it varies is estimated from all ratios of its suite (see the legend)' : ''};`,
    level === undefined
      ? `an interval takes ${fewestForBounds} rounds of both sides, which no ratio has.`
      : `its interval holds the true ratio in ${formatPercent(level)} of such runs if rounds vary as assumed.`,
    'More is better for requests a second, less for everything else. Where an interval holds 1, the cell says "no difference"; without a',
    'ratio a figure was the same in every round, and beside a time below the resolution of its clock stands the difference. Where each connection asks again when it has its answer, the mean latency is connections /',
    'requests a second, and p95 says how evenly the answers were shared out. The load comes from another process of the same machine.',
  ];
  return { kind: 'paragraph', text: text.join(' ') };
}

/** Lines of the legend. */
export function httpLegend({ http, metrics }: MeasuredHttp): ListItem[] {
  const meanings = metrics.flatMap(({ title, meaning }): ListItem[] =>
    meaning === undefined ? [] : [{ text: `${title}  ${meaning}`, tone: 'muted' }],
  );
  const certainty = findCertainty(
    http.cells,
    metrics.map(({ name }) => name),
  );
  const titles = new Map(http.suites.map(({ id, title }) => [id, title]));
  return [...meanings, ...tellCertainty(certainty, (suite) => showText(titles.get(suite) ?? suite))];
}

function listSettings(suite: MeasuredHttpSuite): Block[] {
  const items = suite.contenders.map((contender) => ({
    text: `${titleOf(suite, contender.id)}: ${tellSettings(contender)}`,
    tone: 'muted' as const,
  }));
  return [{ kind: 'list', items }];
}

function tellSettings({ settings }: HttpContender): string {
  if (settings === undefined) return 'a server that ran already; its settings are its own';
  return [`serializer ${showText(settings.serializer)}`, ...tellFlags(settings)].join(', ');
}

function tellFlags({ compression, cache, closesConnections, authentication, bare }: ServerSettings): string[] {
  return [
    ...(compression === undefined ? [] : [`compression ${showText(compression)}`]),
    ...(cache === true ? ['whole responses are kept until something of their kind changes'] : []),
    ...(closesConnections === true ? ['each connection is closed after its answer'] : []),
    ...(authentication === true ? ['each request carries a token that the gateway verifies'] : []),
    ...(bare === true ? ['the handlers alone answer, without router, validation and hooks'] : []),
  ];
}
