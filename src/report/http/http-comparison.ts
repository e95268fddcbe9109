/**
 * What several runs measured over HTTP, side by side: how well they agree, and a table a scenario with a column a run.
 *
 * Held against each other are ratios to the same reference; times and rates belong to one machine.
 */
import { groupBy, nameLoad, ratioOf } from '../../compare/cells.ts';
import { metricsOfAll } from '../../compare/metrics.ts';
import { alignCells, type AlignedCell, compareAllPairs } from '../../compare/side-by-side.ts';
import type { HttpCell, HttpResults, HttpScenario, MeasuredHttpSuite } from '../../model/http.ts';
import type { MetricInfo } from '../../model/metric.ts';
import type { Block, ListItem, Section, TableCell } from '../document.ts';
import type { NamedRun } from '../named-run.ts';
import { agreementColumns, type AgreementRow, compatibilityCell, tellMissing } from '../parts/aside-cells.ts';
import { list, paragraph, section } from '../parts/blocks.ts';
import { noFigure } from '../parts/figure-cells.ts';
import { metricRatioCell, pickMetrics } from '../parts/metric-cells.ts';
import { left, tabulateGroups } from '../parts/table.ts';
import { showText } from '../../foreign-text.ts';
import { tellLoadShortly, titleOf } from './http-words.ts';

/** What a gateway's operator asks; the other metrics are in the runs' own reports. */
const compared = ['requestsPerSec', 'cpuNsPerRequest', 'p95Ns'];

/** A table of every pair of runs, for the section on agreement; none where no run has anything over HTTP. */
export function tabulateHttpAgreement(runs: readonly NamedRun[]): Block[] {
  if (runs.every(({ run }) => cellsOf(run.http).length === 0)) return [];
  const pairs = compareAllPairs(
    runs.map(({ run }) => cellsOf(run.http)),
    metricsIn(runs),
  );
  const groups = pairs.map(({ first, second, agreement }) => ({
    label: { text: `${runs[first]?.name ?? ''}, ${runs[second]?.name ?? ''}` },
    rows: [
      ...(agreement?.byMetric ?? []).map((own) => ({ title: own.metric.title, agreement: own.agreement })),
      { title: 'all', agreement: agreement?.all },
    ],
  }));
  return [
    tabulateGroups<MetricRow>(groups, {
      caption: 'Ratios over HTTP',
      labelTitle: 'runs',
      columns: [
        left('metric', ({ title }) => title),
        ...agreementColumns<HttpCell, MetricRow>('ratios in both', ({ cell: { id }, metric }) =>
          [id.contender, id.suite, id.scenario, nameLoad(id.load), metric.title].join(', '),
        ),
      ],
    }),
  ];
}

/** How two runs agree in one metric, or in all. */
interface MetricRow extends AgreementRow<HttpCell> {
  readonly title: string;
}

/** A section a suite that any of the runs has cells of, in the order of first appearance. */
export function compareHttp(runs: readonly NamedRun[]): Section[] {
  const known = runs.flatMap(({ run }) => run.http ?? []);
  const suites = firstById(known.flatMap((http) => http.suites));
  const scenarios = firstById(known.flatMap((http) => http.scenarios));
  const aligned = alignCells(runs.map(({ run }) => cellsOf(run.http)));
  const metrics = metricsIn(runs);
  const names = runs.map(({ name }) => name);
  return [...groupBy(aligned, ({ id }) => id.suite)].map(([id, own]): Section => {
    const suite = suites.get(id) ?? { id, title: id, question: '', reference: '', contenders: [] };
    const sections = [...groupBy(own, (one) => one.id.scenario)].map(([scenario, cells]) =>
      compareScenario({ suite, scenario: scenarios.get(scenario), aligned: cells, names, metrics }),
    );
    const question: Block[] = suite.question === '' ? [] : [paragraph(showText(suite.question))];
    return section(showText(suite.title), [...question, ...sections.flat()]);
  });
}

function metricsIn(runs: readonly NamedRun[]): MetricInfo[] {
  return metricsOfAll(
    runs.map(({ run }) => run),
    'load',
  );
}

function cellsOf(http: HttpResults | undefined): readonly HttpCell[] {
  return http?.cells ?? [];
}

function firstById<T extends { readonly id: string }>(values: readonly T[]): Map<string, T> {
  return new Map(values.toReversed().map((value) => [value.id, value]));
}

interface ScenarioAsideRequest {
  readonly suite: MeasuredHttpSuite;
  readonly scenario: HttpScenario | undefined;
  readonly aligned: readonly [AlignedCell<HttpCell>, ...AlignedCell<HttpCell>[]];
  readonly names: readonly string[];
  readonly metrics: readonly MetricInfo[];
}

/** One metric of one server in all runs. */
interface ServerRow {
  readonly aligned: AlignedCell<HttpCell>;
  readonly info: MetricInfo;
}

function compareScenario({ suite, scenario, aligned, names, metrics }: ScenarioAsideRequest): Block[] {
  // The reference is 1 by definition, but what became of it is told below.
  const rivals = aligned.filter(({ id }) => id.contender !== suite.reference);
  const groups = rivals.map((one) => ({
    label: { text: titleOf(suite, one.id.contender) },
    rows: pickMetrics(compared, metrics).map((info): ServerRow => ({ aligned: one, info })),
  }));
  const table = tabulateGroups(groups, {
    caption: showText(scenario?.title ?? aligned[0].id.scenario),
    labelTitle: 'contender',
    columns: [
      left<ServerRow>('load', ({ aligned: { id } }) => ({ text: tellLoadShortly(id.load), contender: id.contender })),
      left('metric', ({ info }) => info.title),
      ...names.map((name, index) => left<ServerRow>(name, ({ aligned: one, info }) => runCell(one.cells[index], info))),
      left('intervals', ({ aligned: one, info }) => compatibilityCell(one, info.name)),
    ],
  });
  const items = aligned.flatMap((one) => tellOddity(one, { suite, names }));
  return [...(groups.length === 0 ? [] : [table]), ...list(items)];
}

function runCell(cell: HttpCell | undefined, info: MetricInfo): TableCell {
  if (cell === undefined) return noFigure;
  if (cell.status !== 'ok') return { text: cell.status, tone: 'bad' };
  const ratio = ratioOf(cell, info.name);
  return ratio === undefined ? noFigure : metricRatioCell(ratio, info);
}

/** What is not ok in some run, and what only some runs have. */
function tellOddity(
  aligned: AlignedCell<HttpCell>,
  { suite, names }: { suite: MeasuredHttpSuite; names: readonly string[] },
): ListItem[] {
  const { id, cells } = aligned;
  const whom = `${titleOf(suite, id.contender)} (${tellLoadShortly(id.load)})`;
  const broken = cells.flatMap((cell, index): ListItem[] => {
    if (cell === undefined || cell.status === 'ok') return [];
    const reason = cell.reason ?? 'no reason was given';
    return [{ text: showText(`${whom}: ${cell.status} in ${names[index] ?? ''}: ${reason}`), tone: 'bad' }];
  });
  const missing = tellMissing(aligned, names).map((item) => ({ ...item, text: `${whom}: ${item.text}` }));
  return [...broken, ...missing];
}
