/**
 * The report of several runs side by side, as a format-neutral document: what differs, how well they agree, tables.
 *
 * Held against each other are speedups, outputs and statuses, which mean the same on every machine; times do not.
 */
import { groupBy, isTimed } from '../../compare/cells.ts';
import { compareSettings, type Setting } from '../../compare/settings.ts';
import { alignCells, type AlignedCell, compareAllPairs } from '../../compare/side-by-side.ts';
import { metricsOfAll } from '../../compare/metrics.ts';
import type { MicroCell } from '../../model/cell.ts';
import { flagLegend, listContenders, type Metadata, outlineSuite } from '../catalog.ts';
import { agreementColumns, type AgreementRow } from '../parts/aside-cells.ts';
import { list, paragraph, remark, section, warning } from '../parts/blocks.ts';
import { noFigure, toned } from '../parts/figure-cells.ts';
import { farthestTwin } from '../parts/noise-lines.ts';
import { tellMissing } from '../parts/shard-lines.ts';
import { left, tabulate } from '../parts/table.ts';
import { tabulateObservationsAside, tabulateSizesAside, tabulateSpeedupsAside } from './comparison-tables.ts';
import type { Block, Document, Section, Table } from '../document.ts';
import type { NamedRun } from '../named-run.ts';
import { compareHttp, tabulateHttpAgreement } from '../http/http-comparison.ts';
import { formatCount, formatDuration, formatList, formatMoment, formatPercent, nothing } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

/** More columns than this fit no screen; with each further one the chance grows that some intervals lie apart by it. */
export const mostRuns = 6;

export interface ComparisonRequest {
  /** Two to `mostRuns`, each with a name of its own. */
  readonly runs: readonly NamedRun[];
  /** What bench/ holds today; ids stand in for what a run names and it lacks. */
  readonly registry: Metadata;
}

/** The whole report; runs that have no cell in common get tables with empty places, and that is said. */
export function reportComparison({ runs, registry }: ComparisonRequest): Document {
  const shown = runs.map(({ name, run }) => ({ name: showText(name), run }));
  const aligned = alignCells(shown.map(({ run }) => run.cells));
  return {
    title: `wirebench: ${runs.length} runs side by side`,
    blocks: [
      ...reportSettings(shown),
      ...reportAgreement(shown),
      ...reportSuites({ aligned, runs: shown, registry }),
      ...compareHttp(shown),
      ...reportLegend(shown, registry),
    ],
    contenders: listContenders(
      registry,
      shown.flatMap(({ run }) => [...run.cells, ...(run.http?.cells ?? [])].map(({ id }) => id.contender)),
    ),
  };
}

/** What a field is called in the table; packages have their own names. */
const labels: Readonly<Record<string, string>> = {
  node: 'node',
  v8: 'V8',
  os: 'system',
  arch: 'architecture',
  cpuModel: 'processor',
  cores: 'cores',
  commit: 'commit',
  profile: 'profile',
  seed: 'seed',
};

function labelOf({ field }: Setting): string {
  return labels[field] ?? showText(field.replace(/^packages\./, ''));
}

function reportSettings(runs: readonly NamedRun[]): Block[] {
  const { differing, same } = compareSettings(runs.map(({ run }) => run));
  const rows: Setting[] = [
    { field: 'measured', values: runs.map(({ run }) => formatMoment(showText(run.startedAt))) },
    { field: 'took', values: runs.map(({ run }) => formatDuration(run.durationMs)) },
    ...listNoise(runs),
    ...differing,
  ];
  const table = tabulate(rows, {
    columns: [
      left<Setting>('', (setting) =>
        toned({ text: labelOf(setting) }, differing.includes(setting) ? 'strong' : undefined),
      ),
      ...runs.map(({ name }, index) =>
        left<Setting>(name, ({ values }) => {
          const value = values[index];
          return value === undefined ? noFigure : showText(value);
        }),
      ),
    ],
  });
  const equal = same.flatMap((setting) =>
    setting.values[0] === undefined ? [] : [`${labelOf(setting)} ${showText(setting.values[0])}`],
  );
  return [
    section('What differs between the runs', [
      table,
      ...(differing.length === 0 ? [paragraph('Nothing that is recorded of their circumstances differs.')] : []),
      ...(equal.length === 0 ? [] : [remark(`The same in all of them: ${equal.join(', ')}.`)]),
    ]),
    ...warnOfMethods(runs),
    ...runs.flatMap(warnAbout),
  ];
}

/** What each run says of its own noise; no row where none of them does. */
function listNoise(runs: readonly NamedRun[]): Setting[] {
  const rows: Setting[] = [
    {
      field: 'identical code read within',
      values: runs.map(({ run: { noise } }) =>
        noise === undefined || noise.twins.length === 0 ? undefined : formatPercent(farthestTwin(noise.twins)),
      ),
    },
    {
      field: 'turns at the floor of the processor',
      values: runs.map(({ run: { noise } }) =>
        noise?.cleanShare === undefined ? undefined : formatPercent(noise.cleanShare),
      ),
    },
  ];
  return rows.filter(({ values }) => values.some((value) => value !== undefined));
}

/** Runs of version 0.1 know nothing of their noise, by which they can be told. */
function warnOfMethods(runs: readonly NamedRun[]): Block[] {
  const timed = runs.filter(({ run }) => run.cells.some(isTimed));
  const earlier = timed.filter(({ run }) => run.noise === undefined).map(({ name }) => name);
  if (earlier.length === 0 || earlier.length === timed.length) return [];
  return [
    warning(
      `${formatList(earlier)} ${earlier.length === 1 ? 'was' : 'were'} measured by an earlier method, one process after the other, and with the median of blocks that garbage was collected before. Now it is the mean, with the collections that happen: ratios of contenders that allocate much differ for that reason alone.`,
    ),
  ];
}

function warnAbout({ name, run }: NamedRun): Block[] {
  const interrupted =
    run.interrupted === true
      ? ['it was interrupted: cells have fewer rounds than planned, or are missing altogether']
      : [];
  const missing = [tellMissing(run)].flatMap((text) => (text === undefined ? [] : [`it is incomplete: ${text}`]));
  const empty = run.cells.length === 0 && !isHttpAlone(run) ? ['nothing was measured'] : [];
  return [...interrupted, ...empty, ...missing, ...(run.warnings ?? [])].map((text) =>
    warning(`${name}: ${showText(text)}`),
  );
}

function isHttpAlone({ cells, http }: NamedRun['run']): boolean {
  return cells.length === 0 && (http?.cells.length ?? 0) > 0;
}

const explainSpeedups = [
  'A speedup is time(reference) / time(contender), more is better. Both times are of one run, so a speedup can be held against that of',
  'another machine or another Node; a time cannot, so there are none here.',
];

const explainRatios = [
  'A ratio over HTTP is value / value of the reference: more is better for requests a second, less for everything else. Both values are of one',
  'run, so a ratio can be held against that of another machine.',
];

function reportAgreement(runs: readonly NamedRun[]): Block[] {
  const overHttp = tabulateHttpAgreement(runs);
  // Runs without anything have a table that says so.
  const tables =
    runs.every(({ run }) => run.cells.length === 0) && overHttp.length > 0 ? [] : [tabulateAgreement(runs)];
  const text = [
    ...(tables.length === 0 ? [] : explainSpeedups),
    ...(overHttp.length === 0 ? [] : explainRatios),
    'Two intervals overlap where they have a point in common. That is a look, not a test: some of many intervals lie apart by chance alone, and',
    'overlapping ones do not prove that nothing changed.',
  ];
  return [section('How well they agree', [paragraph(text.join(' ')), ...tables, ...overHttp])];
}

/** How two runs agree. */
interface PairRow extends AgreementRow<MicroCell> {
  readonly first: string;
  readonly second: string;
}

function tabulateAgreement(runs: readonly NamedRun[]): Table {
  const nameOf = (index: number): string => runs[index]?.name ?? '';
  const all = runs.map(({ run }) => run);
  const pairs = compareAllPairs(
    all.map(({ cells }) => cells),
    metricsOfAll(all, 'fork'),
  );
  const rows = pairs.map(({ first, second, agreement }): PairRow => ({
    first: nameOf(first),
    second: nameOf(second),
    agreement: agreement?.byMetric.find(({ metric }) => metric.name === 'latencyNs')?.agreement,
  }));
  return tabulate(rows, {
    columns: [
      left('first', ({ first }) => first),
      left('second', ({ second }) => second),
      ...agreementColumns<MicroCell, PairRow>('speedups in both', ({ cell: { id } }) => {
        const { contender, payload, items, variant, sink } = id;
        return `${contender}, ${payload}, ${formatCount(items)} items, ${variant}, ${sink}`;
      }),
    ],
  });
}

interface SuitesRequest extends ComparisonRequest {
  readonly aligned: readonly AlignedCell<MicroCell>[];
}

function reportSuites({ aligned, runs, registry }: SuitesRequest): Section[] {
  const order = new Map(registry.suites.map(({ id, order: position }) => [id, position]));
  const suites = [...groupBy(aligned, ({ id }) => id.suite).values()].toSorted(([a], [b]) => {
    // A suite that the registry does not know stands last.
    return (order.get(a.id.suite) ?? Number.MAX_VALUE) - (order.get(b.id.suite) ?? Number.MAX_VALUE);
  });
  return suites.map((own) => reportSuite({ aligned: own, runs, registry }));
}

function reportSuite({ aligned, runs, registry }: SuitesRequest): Section {
  const [first, ...others] = aligned.flatMap(({ cells }) => cells.filter((cell) => cell !== undefined));
  if (first === undefined) throw new Error('a suite without cells has no section');
  const { title, question, method } = outlineSuite(registry, [first, ...others]);
  const names = runs.map(({ name }) => name);
  const tables = { latency: tabulateSpeedupsAside, size: tabulateSizesAside, observation: tabulateObservationsAside }[
    method
  ];
  return section(showText(title), [
    ...(question === undefined ? [] : [paragraph(question)]),
    ...tables({ aligned, names, metadata: registry }),
  ]);
}

function reportLegend(runs: readonly NamedRun[], registry: Metadata): Section[] {
  const contenders = new Set(runs.flatMap(({ run }) => run.cells.map(({ id }) => id.contender)));
  if (contenders.size === 0 && !runs.some(({ run }) => isHttpAlone(run))) return [];
  const lines = [
    ...flagLegend(registry, contenders),
    `${nothing}  not measured in that run (${formatList(runs.map(({ name }) => name))})`,
    `KB and MB are powers of ${formatCount(1000)}.`,
  ];
  return [section('Legend', list(lines.map((text) => ({ text, tone: 'muted' }))))];
}
