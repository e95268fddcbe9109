/**
 * One scenario of a suite over HTTP: a table a load with every metric, and what went wrong.
 */
import { groupBy, nameLoad } from '../../compare/cells.ts';
import type { HttpCell, HttpScenario, MeasuredHttpSuite } from '../../model/http.ts';
import type { MetricInfo } from '../../model/metric.ts';
import { tellWarning } from '../../run-file/warnings.ts';
import type { Block, List, ListItem, Section, Table, TableCell } from '../document.ts';
import { list, paragraph, section } from '../parts/blocks.ts';
import { noFigure } from '../parts/figure-cells.ts';
import { metricCell } from '../parts/metric-cells.ts';
import { left, tabulate } from '../parts/table.ts';
import { formatCount, formatList, formatPlural, nothing } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { tellLoad, tellLoadShortly, titleOf } from './http-words.ts';

export interface ScenarioRequest {
  readonly suite: MeasuredHttpSuite;
  /** Absent where the run does not know it. */
  readonly scenario: HttpScenario | undefined;
  /** Of the suite and scenario. */
  readonly cells: readonly [HttpCell, ...HttpCell[]];
  readonly metrics: readonly MetricInfo[];
}

/** Tables in the order of the cells. */
export function reportScenario(request: ScenarioRequest): Section {
  const { suite, scenario, cells } = request;
  const tables = [...groupBy(cells, ({ id }) => nameLoad(id.load)).values()].map((own) =>
    tabulateLoad({ ...request, cells: own }),
  );
  // What a server that somebody else runs holds is not known.
  const isFilled = suite.contenders.some(({ settings }) => settings !== undefined);
  const items = isFilled ? `; ${formatCount(scenario?.items ?? 0)} entities of each kind` : '';
  const where: Block[] =
    scenario === undefined ? [] : [paragraph(`Where it occurs: ${showText(scenario.where)}${items}.`)];
  return section(showText(scenario?.title ?? cells[0].id.scenario), [
    ...where,
    ...tables,
    ...listTroubles(request, suite),
  ]);
}

/**
 * Metrics are rows, since figures with their ratios are too wide to stand side by side; how many rounds there were
 * comes last.
 */
function tabulateLoad({ suite, cells, metrics }: ScenarioRequest): Table {
  const used = metrics.filter(({ name }) => cells.some((cell) => cell.metrics[name]?.summary !== undefined));
  const read = (cell: HttpCell, info: MetricInfo | undefined): TableCell => {
    const { status, rounds } = cell;
    if (info !== undefined) return status === 'ok' ? metricCell(cell, info) : noFigure;
    return status === 'ok' ? { text: formatCount(rounds.length), value: rounds.length } : { text: status, tone: 'bad' };
  };
  return tabulate<MetricInfo | undefined>([...used, undefined], {
    caption: tellLoad(cells[0].id.load),
    columns: [
      left('metric', (info) => info?.title ?? 'rounds'),
      ...cells.map((cell) =>
        left<MetricInfo | undefined>(titleOf(suite, cell.id.contender), (info) => read(cell, info), {
          contender: cell.id.contender,
        }),
      ),
    ],
  });
}

/** Reasons, failures and warnings, once each, and why figures are missing. */
function listTroubles({ cells, metrics }: ScenarioRequest, suite: MeasuredHttpSuite): List[] {
  const troubles = cells.flatMap((cell) => troublesOf(cell).map((text) => ({ text, cell })));
  const items = [...groupBy(troubles, ({ text }) => text)].map(([text, own]): ListItem => {
    const whom = tellWhom(
      own.map(({ cell }) => cell),
      { cells, suite },
    );
    return {
      text: showText(`${whom}: ${text}`),
      tone: own.some(({ cell }) => cell.status !== 'ok') ? 'bad' : 'warning',
    };
  });
  return list([...items, ...tellAbsent(cells, metrics)]);
}

function troublesOf({ status, reason, failures, warnings }: HttpCell): string[] {
  const warned = new Set(warnings.map(tellWarning));
  const told = [...(status === 'ok' ? [] : [`${status}: ${reason ?? 'no reason was given'}`]), ...warned];
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
  const parts = [...groupBy(own, ({ id }) => id.contender)].map(([contender, mine]) => {
    const title = titleOf(suite, contender);
    if (mine.length === cells.filter(({ id }) => id.contender === contender).length) return title;
    return `${title} (${formatList(mine.map(({ id }) => tellLoadShortly(id.load)))})`;
  });
  return formatList(parts);
}

/** `–: p99 and p99.9: too few requests`. */
function tellAbsent(cells: readonly HttpCell[], metrics: readonly MetricInfo[]): ListItem[] {
  const reasons = cells
    .filter(({ status }) => status === 'ok')
    .flatMap((cell) =>
      Object.entries(cell.metrics).flatMap(([name, { summary, absent }]) =>
        summary !== undefined || absent === undefined ? [] : [{ name, reason: absent }],
      ),
    );
  return [...groupBy(reasons, ({ reason }) => reason)].map(([reason, own]) => {
    const titles = metrics.filter(({ name }) => own.some((one) => one.name === name)).map(({ title }) => title);
    return { text: showText(`${nothing}  ${formatList(titles)}: ${reason}`), tone: 'muted' };
  });
}
