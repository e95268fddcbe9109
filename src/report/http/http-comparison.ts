/**
 * What several runs measured over HTTP, side by side: how well they agree, and a table a scenario with a column a run.
 *
 * Held against each other are ratios to the same reference. Deliberately absent: times and rates, which belong to one
 * machine.
 */
import { groupBy } from '../../compare/cells.ts';
import { nameLoad, ratioOf } from '../../compare/http-cells.ts';
import type { Agreement, HttpReading } from '../../compare/agreement.ts';
import {
  alignHttpCells,
  type AlignedHttpCell,
  compareAllHttpPairs,
  compareHttpIntervals,
} from '../../compare/side-by-side.ts';
import type { HttpCell, HttpMetricName, HttpResults, HttpScenario, MeasuredHttpSuite } from '../../model/http.ts';
import type { Block, Column, ListItem, RowGroup, Section, Table, TableCell } from '../document.ts';
import type { NamedRun } from '../named-run.ts';
import { formatCount, formatList, formatPercent, formatRatio, nothing } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { describeRatio, lookOf, tellLoadShortly, titleOf } from './http-figures.ts';

/** What a gateway's operator asks; the other metrics are in the runs' own reports. */
const compared: readonly HttpMetricName[] = ['requestsPerSec', 'cpuNsPerRequest', 'p95Ns'];

/** A table of every pair of runs, for the section on agreement; none where no run has anything over HTTP. */
export function tabulateHttpAgreement(runs: readonly NamedRun[]): Block[] {
  if (runs.every(({ run }) => cellsOf(run.http).length === 0)) return [];
  const groups = compareAllHttpPairs(runs.map(({ run }) => cellsOf(run.http))).map(
    ({ first, second, agreement }): RowGroup => {
      const label = { text: `${runs[first]?.name ?? ''}, ${runs[second]?.name ?? ''}` };
      if (agreement === undefined) {
        const none = [0, 1, 2].map((): TableCell => ({ text: nothing, tone: 'muted' }));
        return { label, rows: [[{ text: 'all' }, { text: '0', value: 0 }, ...none]] };
      }
      const rows = agreement.byMetric.map((own) => agreementRow(lookOf(own.metric).title, own.agreement));
      return { label, rows: [...rows, agreementRow('all', agreement.all)] };
    },
  );
  return [
    {
      kind: 'table',
      caption: 'Ratios over HTTP',
      labelTitle: 'runs',
      columns: [
        left('metric'),
        right('ratios in both'),
        right('median difference'),
        right('overlap'),
        left('farthest apart'),
      ],
      groups,
    },
  ];
}

/** A section a suite that any of the runs has cells of, in the order of first appearance. */
export function compareHttp(runs: readonly NamedRun[]): Section[] {
  const known = runs.flatMap(({ run }) => run.http ?? []);
  const suites = new Map(
    known
      .flatMap(({ suites: own }) => own)
      .toReversed()
      .map((suite) => [suite.id, suite]),
  );
  const scenarios = new Map(
    known
      .flatMap(({ scenarios: own }) => own)
      .toReversed()
      .map((scenario) => [scenario.id, scenario]),
  );
  const aligned = alignHttpCells(runs.map(({ run }) => cellsOf(run.http)));
  const names = runs.map(({ name }) => name);
  return [...groupBy(aligned, ({ id }) => id.suite)].map(([id, own]): Section => {
    const suite = suites.get(id) ?? { id, title: id, question: '', reference: '', contenders: [] };
    const order = [...groupBy(own, (one) => one.id.scenario)];
    const sections = order.map(([scenario, cells]) =>
      compareScenario({ suite, scenario: scenarios.get(scenario), aligned: cells, names }),
    );
    const question: Block[] = suite.question === '' ? [] : [{ kind: 'paragraph', text: showText(suite.question) }];
    return { kind: 'section', title: showText(suite.title), blocks: [...question, ...sections.flat()] };
  });
}

function cellsOf(http: HttpResults | undefined): readonly HttpCell[] {
  return http?.cells ?? [];
}

function agreementRow(
  title: string,
  { cells, medianDifference, overlapping, apart }: Agreement<HttpReading>,
): TableCell[] {
  const [farthest] = apart;
  return [
    { text: title },
    { text: formatCount(cells), value: cells },
    { text: formatPercent(medianDifference), value: medianDifference },
    { text: formatPercent(overlapping), value: overlapping },
    farthest === undefined ? { text: 'none apart', tone: 'muted' } : { text: tellFarthest(farthest) },
  ];
}

function tellFarthest({ cell: { cell, metric }, first, second }: Agreement<HttpReading>['apart'][number]): string {
  const { suite, scenario, contender, load } = cell;
  return showText(
    `${contender}, ${suite}, ${scenario}, ${nameLoad(load)}, ${lookOf(metric).title}: ${formatRatio(first)}, then ${formatRatio(second)}`,
  );
}

interface ScenarioRequest {
  readonly suite: MeasuredHttpSuite;
  readonly scenario: HttpScenario | undefined;
  readonly aligned: readonly [AlignedHttpCell, ...AlignedHttpCell[]];
  readonly names: readonly string[];
}

function compareScenario({ suite, scenario, aligned, names }: ScenarioRequest): Block[] {
  // The reference is 1 by definition, but what became of it is told below.
  const rivals = aligned.filter(({ id }) => id.contender !== suite.reference);
  const groups = rivals.map((one): RowGroup => ({
    label: { text: titleOf(suite, one.id.contender) },
    rows: compared.map((metric): TableCell[] => [
      { text: tellLoadShortly(one.id.load), contender: one.id.contender },
      { text: lookOf(metric).title },
      ...one.cells.map((cell) => placeRatio(cell, metric)),
      judge(one, metric),
    ]),
  }));
  const table: Table = {
    kind: 'table',
    caption: showText(scenario?.title ?? aligned[0].id.scenario),
    labelTitle: 'contender',
    columns: [left('load'), left('metric'), ...names.map(left), left('intervals')],
    groups,
  };
  const items = aligned.flatMap((one) => tellOddity(one, { suite, names }));
  return [...(groups.length === 0 ? [] : [table]), ...(items.length === 0 ? [] : [{ kind: 'list' as const, items }])];
}

function placeRatio(cell: HttpCell | undefined, metric: HttpMetricName): TableCell {
  if (cell === undefined) return { text: nothing, tone: 'muted' };
  if (cell.status !== 'ok') return { text: cell.status, tone: 'bad' };
  const ratio = ratioOf(cell, metric);
  if (ratio === undefined) return { text: nothing, tone: 'muted' };
  const told = describeRatio(ratio, lookOf(metric));
  return told.text === '' ? { ...told, text: 'the same' } : told;
}

function judge(aligned: AlignedHttpCell, metric: HttpMetricName): TableCell {
  const references = new Set(
    aligned.cells.flatMap((cell) => (cell === undefined ? [] : (ratioOf(cell, metric)?.reference ?? []))),
  );
  if (references.size > 1) return { text: 'other references', tone: 'warning' };
  const compatibility = compareHttpIntervals(aligned, metric);
  if (compatibility === 'unknown') return { text: '' };
  return compatibility === 'overlap' ? { text: 'overlap', tone: 'muted' } : { text: 'apart', tone: 'warning' };
}

/** What is not ok in some run, and what only some runs have. */
function tellOddity(
  { id, cells }: AlignedHttpCell,
  { suite, names }: { suite: MeasuredHttpSuite; names: readonly string[] },
): ListItem[] {
  const whom = `${titleOf(suite, id.contender)} (${tellLoadShortly(id.load)})`;
  const broken = cells.flatMap((cell, index): ListItem[] => {
    if (cell === undefined || cell.status === 'ok') return [];
    return [
      {
        text: showText(`${whom}: ${cell.status} in ${names[index] ?? ''}: ${cell.reason ?? 'no reason was given'}`),
        tone: 'bad',
      },
    ];
  });
  const present = names.filter((_name, index) => cells[index] !== undefined);
  return present.length === names.length
    ? broken
    : [...broken, { text: `${whom}: only in ${formatList(present)}`, tone: 'muted' }];
}

function left(title: string): Column {
  return { title, align: 'left' };
}

function right(title: string): Column {
  return { title, align: 'right' };
}
