/**
 * How speedups moved from run to run, as a document: what changed first, then every run of every cell, with charts.
 *
 * Names and versions come from files and are made visible before they are shown. Deliberately absent: statistics
 * (compare/history.ts), and times, which two runs cannot be compared by.
 */
import { groupBy, groupKey } from '../../compare/cells.ts';
import { changeLevel, fewestRuns } from '../../compare/history.ts';
import { standing } from '../../compare/speedup.ts';
import type { Difference, HistoryChange, HistoryPoint, HistorySeries } from '../../model/history.ts';
import { describeForm, describePayload, type Metadata } from '../catalog.ts';
import type { Block, Chart, ChartPoint, ChartSeries, Column, Document, Section, TableCell } from '../document.ts';
import {
  formatCount,
  formatInterval,
  formatList,
  formatMoment,
  formatPercent,
  formatPlural,
  formatRatio,
  formatSetting,
  nothing,
  tooFewRounds,
} from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

interface HistoryReportRequest {
  /** Every series that was asked for, in the order of the report. */
  readonly series: readonly HistorySeries[];
  /** Runs of the whole history. */
  readonly runs: number;
  /** What bench/ holds today; ids stand in for what it lacks. */
  readonly registry: Metadata;
}

/** Cells of one table: those of one group on one machine. */
type SeriesGroup = readonly [HistorySeries, ...HistorySeries[]];

/** The whole report; no series gives a document that says so. */
export function reportHistory({ series, runs, registry }: HistoryReportRequest): Document {
  const title = 'wirebench history';
  if (series.length === 0) {
    return {
      title,
      blocks: [
        { kind: 'paragraph', text: `None of the ${formatPlural(runs, 'run')} has a speedup of the cells asked for.` },
      ],
    };
  }
  const machines = new Map(
    [...new Set(series.map(({ machine }) => machine))].map((machine, index) => [machine, `machine ${index + 1}`]),
  );
  const suites = groupBy(series, ({ cell }) => cell.suite);
  const contenders = [...new Set(series.map(({ cell }) => cell.contender))];
  return {
    title,
    blocks: [
      ...tellScope(series, runs),
      ...tellMachines(machines, series),
      tellChanges(series, machines),
      ...[...suites].map(([suite, own]): Section => ({
        kind: 'section',
        title: registry.suites.find(({ id }) => id === suite)?.title ?? showText(suite),
        blocks: [
          ...groupBy(own, (one) =>
            JSON.stringify([groupKey({ ...one.cell, contender: '' }), one.reference, one.machine]),
          ).values(),
        ].flatMap((group) => reportGroup(group, { registry, machines, contenders })),
      })),
    ],
  };
}

function tellScope(series: readonly HistorySeries[], runs: number): Block[] {
  const moments = series.flatMap(({ points }) => points.map(({ startedAt }) => startedAt)).toSorted();
  const [first, last] = [moments[0], moments.at(-1)].map((moment) => formatMoment(showText(moment ?? '')));
  const level = series.find(({ confidence }) => confidence !== undefined)?.confidence;
  const span = first === last ? `of ${first}` : `from ${first} to ${last}`;
  return [
    {
      kind: 'list',
      items: [
        {
          text: `${formatCount(series.length)} series (a cell on one machine) ${span}, of ${formatPlural(runs, 'run')} in the history`,
        },
        ...(level === undefined
          ? []
          : [{ text: `intervals of ${formatPercent(level)}, from the rounds inside each run` }]),
      ],
    },
    {
      kind: 'paragraph',
      text: [
        'A speedup is time(reference) / time(contender) inside one run, more is better.',
        'Speedups of two runs may be compared, times may not: nobody knows what else the machine did that day.',
        'A speedup moves with its reference too, so when every contender moves at once, the reference is what changed.',
      ].join(' '),
    },
  ];
}

function tellMachines(machines: ReadonlyMap<string, string>, series: readonly HistorySeries[]): Block[] {
  const items = [...machines].map(([machine, name]) => {
    const count = new Set(
      series.filter((one) => one.machine === machine).flatMap(({ points }) => points.map(({ startedAt }) => startedAt)),
    ).size;
    return { text: `${machines.size === 1 ? 'machine' : name}: ${showText(machine)} (${formatPlural(count, 'run')})` };
  });
  const apart = [
    'Runs of different machines are series of their own:',
    'a ratio depends on the processor as well, and a change of machine must not pass for a change of code.',
  ].join(' ');
  return [
    { kind: 'list', items },
    ...(machines.size === 1 ? [] : [{ kind: 'note' as const, tone: 'warning' as const, text: apart }]),
  ];
}

function tellChanges(series: readonly HistorySeries[], machines: ReadonlyMap<string, string>): Section {
  const long = series.filter(({ comparable }) => comparable >= fewestRuns);
  const changed = long.flatMap((one) => one.changes.map((change) => ({ one, change })));
  const blocks: Block[] = [
    ...(long.length === 0 ? [] : [tellVerdict(changed.length, long.length)]),
    ...(changed.length === 0 ? [] : [tabulateChanges(changed, machines)]),
    ...(long.length === series.length ? [] : [tellTooShort(series)]),
  ];
  return { kind: 'section', title: 'Change points', blocks };
}

function tellVerdict(changes: number, series: number): Block {
  const found = changes === 0 ? 'No change point' : formatPlural(changes, 'change point');
  return {
    kind: 'paragraph',
    text: [
      `${found} in ${formatCount(series)} series. Found by E-divisive means on the logarithms of the speedups, with a permutation test`,
      `at ${formatSetting(changeLevel)} (Matteson and James 2014), and marked only where the runs' own intervals keep the two levels apart.`,
      `A series without any change has one marked in ${formatSetting(changeLevel)} of cases at most.`,
      'What differs at a change stands beside it; it is where to look first, and no proof.',
    ].join(' '),
  };
}

function tellTooShort(series: readonly HistorySeries[]): Block {
  const short = series.filter(({ comparable }) => comparable < fewestRuns);
  const most = Math.max(...short.map(({ comparable }) => comparable));
  const which =
    short.length === series.length
      ? 'No series is'
      : `${formatCount(short.length)} of ${formatCount(series.length)} series are not`;
  return {
    kind: 'note',
    tone: 'muted',
    text: [
      `${which} long enough for change points (the longest of them has ${formatPlural(most, 'run')} with an interval):`,
      `with fewer than ${fewestRuns} runs, even the clearest step is one of too few orders to be told from chance at ${formatSetting(changeLevel)}.`,
    ].join(' '),
  };
}

interface ChangedSeries {
  readonly one: HistorySeries;
  readonly change: HistoryChange;
}

/** The largest factor first. */
function tabulateChanges(changed: readonly ChangedSeries[], machines: ReadonlyMap<string, string>): Block {
  const sizeOf = ({ change }: ChangedSeries): number => Math.abs(Math.log(change.after.ratio / change.before.ratio));
  return {
    kind: 'table',
    caption: 'Change points, the largest first',
    columns: [
      left('contender'),
      left('cell'),
      ...(machines.size === 1 ? [] : [left('machine')]),
      left('since (UTC)'),
      right('change'),
      left('what differs'),
      right('speedup before'),
      right('speedup after'),
      right('p'),
      left('commit'),
    ],
    groups: [
      {
        rows: changed
          .toSorted((a, b) => sizeOf(b) - sizeOf(a))
          .map(({ one, change }): TableCell[] => {
            const { cell, machine, points } = one;
            const factor = change.after.ratio / change.before.ratio;
            return [
              nameContender(one),
              {
                text: showText(
                  `${cell.suite}, ${cell.payload}, ${formatCount(cell.items)} items, ${describeForm(cell)}`,
                ),
              },
              ...(machines.size === 1 ? [] : [{ text: machines.get(machine) ?? '' }]),
              { text: momentOf(points[change.at]) },
              { text: formatRatio(factor), value: factor, tone: factor > 1 ? 'good' : 'bad' },
              { text: tellDifferences(change.differences) },
              tellLevel(change.before),
              tellLevel(change.after),
              { text: change.pValue.toFixed(4), value: change.pValue, tone: 'muted' },
              { text: `${commitOf(points[change.at - 1])} -> ${commitOf(points[change.at])}` },
            ];
          }),
      },
    ],
  };
}

function tellLevel({ ratio, lo, hi, runs }: HistoryChange['before']): TableCell {
  return { text: `${formatRatio(ratio)} (${formatInterval({ lo, hi })}, ${formatPlural(runs, 'run')})`, value: ratio };
}

/** `fast-json 6.0.1 -> 7.3.6, node 24.1.0 -> 26.0.0`. */
function tellDifferences(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'nothing but the commit and the day';
  return differences
    .map(({ what, before, after }) => showText(`${what} ${before ?? 'absent'} -> ${after ?? 'absent'}`))
    .join(', ');
}

interface Context {
  readonly registry: Metadata;
  readonly machines: ReadonlyMap<string, string>;
  /** Every contender of the report; its place gives it one colour in all charts. */
  readonly contenders: readonly string[];
}

function reportGroup(group: SeriesGroup, context: Context): Block[] {
  const caption = captionOf(group, context);
  const chart = drawGroup({ group, caption, contenders: context.contenders });
  return [...(chart === undefined ? [] : [chart]), tabulateGroup(group, caption)];
}

function captionOf([{ cell, machine, reference }]: SeriesGroup, { registry, machines }: Context): string {
  const where = machines.size === 1 ? '' : `, ${machines.get(machine) ?? ''}`;
  return showText(
    `${describePayload(registry, cell.payload)}, ${formatCount(cell.items)} items (${describeForm(cell)}), over ${reference}${where}`,
  );
}

function tabulateGroup(group: SeriesGroup, caption: string): Block {
  const runs = runsOf(group);
  return {
    kind: 'table',
    caption,
    columns: [
      left('contender'),
      right('run'),
      left('date (UTC)'),
      left('commit'),
      left('node'),
      left('version'),
      right('speedup'),
      right('interval'),
      left('change'),
    ],
    groups: group.map((one) => ({ rows: one.points.map((point, index) => pointRow({ one, point, index, runs })) })),
  };
}

function pointRow({
  one,
  point,
  index,
  runs,
}: {
  one: HistorySeries;
  point: HistoryPoint;
  index: number;
  runs: readonly string[];
}): TableCell[] {
  const change = one.changes.find(({ at }) => at === index);
  const run = runs.indexOf(point.startedAt) + 1;
  return [
    nameContender(one),
    { text: `${run}`, value: run },
    { text: momentOf(point) },
    { text: commitOf(point) },
    { text: showText(point.node) },
    { text: showText(point.packageVersion ?? '') },
    ...tellSpeedup(point),
    change === undefined
      ? { text: '' }
      : { text: `change point: ${tellDifferences(change.differences)}`, tone: 'warning' },
  ];
}

/** The figure and its interval; of a run in which the cell did not come out well, its status. */
function tellSpeedup({ status, ratio, lo, hi }: HistoryPoint): [TableCell, TableCell] {
  if (ratio === undefined) return [tellStatus(status), { text: '' }];
  if (lo === undefined || hi === undefined)
    return [
      { text: formatRatio(ratio), tone: 'muted', value: ratio },
      { text: tooFewRounds, tone: 'muted' },
    ];
  const verdict = standing({ lo, hi });
  const interval: TableCell = { text: formatInterval({ lo, hi }), tone: 'muted' };
  if (verdict === 'no-difference') return [{ text: 'no difference', tone: 'muted', value: ratio }, interval];
  return [{ text: formatRatio(ratio), tone: verdict === 'faster' ? 'good' : 'bad', value: ratio }, interval];
}

function tellStatus(status: HistoryPoint['status']): TableCell {
  if (status === 'ok') return { text: nothing, tone: 'muted' };
  return { text: status, tone: status === 'incorrect' || status === 'failed' ? 'bad' : 'muted' };
}

/** Speedup against the number of the run; `undefined` where there is one run only, which makes no line. */
function drawGroup({
  group,
  caption,
  contenders,
}: {
  group: SeriesGroup;
  caption: string;
  contenders: readonly string[];
}): Chart | undefined {
  const runs = runsOf(group);
  if (runs.length < 2) return undefined;
  const series = group.map(({ cell, points }): ChartSeries => ({
    name: showText(cell.contender),
    contender: cell.contender,
    slot: contenders.indexOf(cell.contender),
    points: points.flatMap(({ startedAt, ratio, lo, hi }): ChartPoint[] => {
      if (ratio === undefined) return [];
      return [
        { x: runs.indexOf(startedAt) + 1, y: ratio, ...(lo === undefined || hi === undefined ? {} : { lo, hi }) },
      ];
    }),
  }));
  const changes = group.flatMap((one) => one.changes.map((change) => ({ one, change })));
  return {
    kind: 'chart',
    id: chartId(group[0]),
    title: caption,
    summary: summarize(group, runs.length),
    form: 'lines',
    x: { title: 'run, the oldest first', scale: 'linear', unit: 'items' },
    y: { title: 'speedup', scale: 'log', unit: 'ratio' },
    series,
    marks: [
      { axis: 'y', at: 1, label: showText(group[0].reference) },
      // A change lies between two runs.
      ...changes.map(({ one, change }) => ({
        axis: 'x' as const,
        at: runs.indexOf(one.points[change.at]?.startedAt ?? '') + 0.5,
        label: `${showText(one.cell.contender)}: ${tellDifferences(change.differences)}`,
      })),
    ],
  };
}

/** Kebab-case, and different for series that differ in anything but the contender. */
function chartId({ cell, reference, machine }: HistorySeries): string {
  const name = [cell.suite, cell.payload, cell.items, cell.variant, cell.sink]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return `history-${name}-${checksum(JSON.stringify([groupKey({ ...cell, contender: '' }), reference, machine]))}`;
}

/** FNV-1a: names that become the same in kebab-case stay apart. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of text) hash = Math.imul(hash ^ (byte.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}

function summarize(group: SeriesGroup, runs: number): string {
  const sentences = group.flatMap(({ cell, points, changes }) => {
    const ratios = points.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio]));
    const [first, last] = [ratios[0], ratios.at(-1)];
    if (first === undefined || last === undefined) return [];
    const path = ratios.length === 1 ? formatRatio(first) : `from ${formatRatio(first)} to ${formatRatio(last)}`;
    return [
      `${showText(cell.contender)} ${path}${changes.length === 0 ? '' : ` with ${formatPlural(changes.length, 'change point')}`}`,
    ];
  });
  return `Speedup over ${showText(group[0].reference)} in ${formatPlural(runs, 'run')}: ${formatList(sentences)}.`;
}

/** Starts of the runs that any series of the group has a point in, ascending. */
function runsOf(group: SeriesGroup): string[] {
  return [...new Set(group.flatMap(({ points }) => points.map(({ startedAt }) => startedAt)))].toSorted();
}

function nameContender({ cell }: HistorySeries): TableCell {
  return { text: showText(cell.contender), contender: cell.contender };
}

/** In UTC, which the column's title says. */
function momentOf(point: HistoryPoint | undefined): string {
  return formatMoment(showText(point?.startedAt ?? '')).replace(/ UTC$/, '');
}

function commitOf(point: HistoryPoint | undefined): string {
  return showText(point?.commit ?? nothing);
}

function left(title: string): Column {
  return { title, align: 'left' };
}

function right(title: string): Column {
  return { title, align: 'right' };
}
