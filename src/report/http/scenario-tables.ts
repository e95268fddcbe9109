/**
 * One scenario of a suite over HTTP: a table a load with every metric, and what went wrong.
 *
 * Deliberately absent: ratios across scenarios (http-summary.ts).
 */
import { groupBy } from '../../compare/cells.ts';
import { nameLoad } from '../../compare/http-cells.ts';
import type { HttpCell, HttpMetricName, HttpScenario, MeasuredHttpSuite } from '../../model/http.ts';
import type { Block, List, ListItem, Section, Table, TableCell } from '../document.ts';
import { formatCount, formatList, formatPlural, nothing } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { describeFigure, httpMetricLooks, lookOf, tellLoad, tellLoadShortly, titleOf } from './http-figures.ts';

export interface ScenarioRequest {
  readonly suite: MeasuredHttpSuite;
  /** Absent where the run does not know it. */
  readonly scenario: HttpScenario | undefined;
  /** Of the suite and scenario. */
  readonly cells: readonly [HttpCell, ...HttpCell[]];
}

/** Tables in the order of the cells. */
export function reportScenario({ suite, scenario, cells }: ScenarioRequest): Section {
  const tables = [...groupBy(cells, ({ load }) => nameLoad(load)).values()].map((own) => tabulate(own, suite));
  const where: Block[] =
    scenario === undefined
      ? []
      : [
          {
            kind: 'paragraph',
            text: `Where it occurs: ${showText(scenario.where)}; ${formatCount(scenario.items)} entities of each kind.`,
          },
        ];
  return {
    kind: 'section',
    title: showText(scenario?.title ?? cells[0].scenario),
    blocks: [...where, ...tables, ...listTroubles(cells, suite)],
  };
}

/** Metrics are rows, since figures with their ratios are too wide to stand side by side. */
function tabulate(cells: readonly [HttpCell, ...HttpCell[]], suite: MeasuredHttpSuite): Table {
  const used = httpMetricLooks.filter(({ name }) => cells.some(({ metrics }) => metrics[name] !== undefined));
  const rows = used.map((look): TableCell[] => [
    { text: look.title },
    ...cells.map((cell) =>
      cell.status === 'ok' ? describeFigure(cell, look) : { text: nothing, tone: 'muted' as const },
    ),
  ]);
  const states: TableCell[] = [
    { text: 'rounds' },
    ...cells.map(({ status, rounds }): TableCell =>
      status === 'ok' ? { text: formatCount(rounds.length), value: rounds.length } : { text: status, tone: 'bad' },
    ),
  ];
  return {
    kind: 'table',
    caption: tellLoad(cells[0].load),
    columns: [
      { title: 'metric', align: 'left' },
      ...cells.map(({ contender }) => ({ title: titleOf(suite, contender), align: 'left' as const, contender })),
    ],
    groups: [{ rows: [...rows, states] }],
  };
}

/** Reasons, failures and warnings, once each, and why figures are missing. */
function listTroubles(cells: readonly HttpCell[], suite: MeasuredHttpSuite): List[] {
  const troubles = cells.flatMap((cell) => troublesOf(cell).map((text) => ({ text, cell })));
  const items = [...groupBy(troubles, ({ text }) => text)].map(([text, own]): ListItem => ({
    text: showText(
      `${tellWhom(
        own.map(({ cell }) => cell),
        { cells, suite },
      )}: ${text}`,
    ),
    tone: own.some(({ cell }) => cell.status !== 'ok') ? 'bad' : 'warning',
  }));
  const all = [...items, ...tellAbsent(cells)];
  return all.length === 0 ? [] : [{ kind: 'list', items: all }];
}

function troublesOf({ status, reason, failures, warnings }: HttpCell): string[] {
  const told = [...(status === 'ok' ? [] : [`${status}: ${reason ?? 'no reason was given'}`]), ...new Set(warnings)];
  // A reason names its kinds of failures already.
  const untold = Object.entries(failures).filter(([kind]) => !told.some((text) => text.includes(kind)));
  return [...told, ...untold.map(([kind, count]) => `${kind}: ${formatPlural(count, 'request')}`)];
}

/** Contenders, each with the loads that it is about where these are not all of its loads. */
function tellWhom(
  own: readonly HttpCell[],
  { cells, suite }: { cells: readonly HttpCell[]; suite: MeasuredHttpSuite },
): string {
  if (own.length === cells.length && cells.length > 1) return 'every contender';
  const parts = [...groupBy(own, ({ contender }) => contender)].map(([contender, mine]) => {
    const title = titleOf(suite, contender);
    if (mine.length === cells.filter((cell) => cell.contender === contender).length) return title;
    return `${title} (${formatList(mine.map(({ load }) => tellLoadShortly(load)))})`;
  });
  return formatList(parts);
}

/** `–: p99 and p99.9: too few requests`. */
function tellAbsent(cells: readonly HttpCell[]): ListItem[] {
  const reasons = cells
    .filter(({ status }) => status === 'ok')
    .flatMap(({ absent, metrics }) =>
      (Object.entries(absent) as [HttpMetricName, string][])
        .filter(([name]) => metrics[name] === undefined)
        .map(([name, reason]) => ({ name, reason })),
    );
  return [...groupBy(reasons, ({ reason }) => reason)].map(([reason, own]) => {
    const names = new Set(own.map(({ name }) => name));
    const titles = httpMetricLooks.filter(({ name }) => names.has(name)).map(({ name }) => lookOf(name).title);
    return { text: showText(`${nothing}  ${formatList(titles)}: ${reason}`), tone: 'muted' };
  });
}
