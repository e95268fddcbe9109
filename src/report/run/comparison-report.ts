/**
 * The report of several runs side by side, as a format-neutral document: what differs, how well they agree, tables.
 *
 * Held against each other are speedups, outputs and statuses, which mean the same on every machine. Deliberately absent:
 * times, which do not; and any sentence that was not computed from these runs.
 */
import { groupBy } from '../../compare/cells.ts';
import { compareSettings, type Setting } from '../../compare/settings.ts';
import { alignCells, type AlignedCell, compareAllPairs } from '../../compare/side-by-side.ts';
import type { Cell } from '../../model/cell.ts';
import { flagLegend, listContenders, type Metadata, outlineSuite } from '../catalog.ts';
import { tabulateObservationsAside, tabulateSizesAside, tabulateSpeedupsAside } from './comparison-tables.ts';
import type { Block, Document, List, Section, Table, TableCell } from '../document.ts';
import type { NamedRun } from '../named-run.ts';
import { compareHttp, tabulateHttpAgreement } from '../http/http-comparison.ts';
import {
  formatCount,
  formatDuration,
  formatList,
  formatMoment,
  formatPercent,
  formatRatio,
  nothing,
} from '../quantities.ts';
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
      shown.flatMap(({ run }) => [...run.cells, ...(run.http?.cells ?? [])].map(({ contender }) => contender)),
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
  const always: TableCell[][] = [
    [{ text: 'measured' }, ...runs.map(({ run }) => ({ text: formatMoment(showText(run.startedAt)) }))],
    [{ text: 'took' }, ...runs.map(({ run }) => ({ text: formatDuration(run.durationMs) }))],
  ];
  const rows = differing.map((setting): TableCell[] => [
    { text: labelOf(setting), tone: 'strong' },
    ...setting.values.map((value) =>
      value === undefined ? { text: nothing, tone: 'muted' as const } : { text: showText(value) },
    ),
  ]);
  const equal = same.flatMap((setting) =>
    setting.values[0] === undefined ? [] : [`${labelOf(setting)} ${showText(setting.values[0])}`],
  );
  const section: Section = {
    kind: 'section',
    title: 'What differs between the runs',
    blocks: [
      {
        kind: 'table',
        columns: [{ title: '', align: 'left' }, ...runs.map(({ name }) => ({ title: name, align: 'left' as const }))],
        groups: [{ rows: [...always, ...rows] }],
      },
      ...(differing.length === 0
        ? [{ kind: 'paragraph' as const, text: 'Nothing that is recorded of their circumstances differs.' }]
        : []),
      ...(equal.length === 0
        ? []
        : [{ kind: 'note' as const, tone: 'muted' as const, text: `The same in all of them: ${equal.join(', ')}.` }]),
    ],
  };
  return [section, ...runs.flatMap(warnAbout)];
}

function warnAbout({ name, run }: NamedRun): Block[] {
  const evidence = isHttpAlone(run) ? 'rounds' : 'forks';
  const interrupted =
    run.interrupted === true
      ? [`it was interrupted: cells have fewer ${evidence} than planned, or are missing altogether`]
      : [];
  const empty = run.cells.length === 0 && !isHttpAlone(run) ? ['nothing was measured'] : [];
  return [...interrupted, ...empty, ...(run.warnings ?? [])].map((text): Block => {
    return { kind: 'note', tone: 'warning', text: `${name}: ${showText(text)}` };
  });
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
  return [
    {
      kind: 'section',
      title: 'How well they agree',
      blocks: [{ kind: 'paragraph', text: text.join(' ') }, ...tables, ...overHttp],
    },
  ];
}

function tabulateAgreement(runs: readonly NamedRun[]): Table {
  const rows = compareAllPairs(runs.map(({ run }) => run.cells)).map(({ first, second, agreement }): TableCell[] => {
    const names = [{ text: runs[first]?.name ?? '' }, { text: runs[second]?.name ?? '' }];
    if (agreement === undefined)
      return [...names, { text: '0', value: 0 }, ...[0, 1, 2].map(() => ({ text: nothing, tone: 'muted' as const }))];
    const { cells, medianDifference, overlapping, apart } = agreement;
    const [farthest] = apart;
    return [
      ...names,
      { text: formatCount(cells), value: cells },
      { text: formatPercent(medianDifference), value: medianDifference },
      { text: formatPercent(overlapping), value: overlapping },
      farthest === undefined ? { text: 'none apart', tone: 'muted' } : { text: tellFarthest(farthest) },
    ];
  });
  return {
    kind: 'table',
    columns: [
      { title: 'first', align: 'left' },
      { title: 'second', align: 'left' },
      { title: 'speedups in both', align: 'right' },
      { title: 'median difference', align: 'right' },
      { title: 'overlap', align: 'right' },
      { title: 'farthest apart', align: 'left' },
    ],
    groups: [{ rows }],
  };
}

function tellFarthest({ cell, first, second }: { cell: Cell; first: number; second: number }): string {
  const { contender, payload, items, variant, sink } = cell;
  return `${showText(`${contender}, ${payload}, ${formatCount(items)} items, ${variant}, ${sink}`)}: ${formatRatio(first)}, then ${formatRatio(second)}`;
}

interface SuitesRequest extends ComparisonRequest {
  readonly aligned: readonly AlignedCell[];
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
  return {
    kind: 'section',
    title: showText(title),
    blocks: [
      ...(question === undefined ? [] : [{ kind: 'paragraph' as const, text: question }]),
      ...tables({ aligned, names, metadata: registry }),
    ],
  };
}

function reportLegend(runs: readonly NamedRun[], registry: Metadata): Section[] {
  const contenders = new Set(runs.flatMap(({ run }) => run.cells.map(({ contender }) => contender)));
  if (contenders.size === 0 && !runs.some(({ run }) => isHttpAlone(run))) return [];
  const list: List = {
    kind: 'list',
    items: [
      ...flagLegend(registry, contenders).map((text) => ({ text, tone: 'muted' as const })),
      { text: `${nothing}  not measured in that run (${formatList(runs.map(({ name }) => name))})`, tone: 'muted' },
      { text: `KB and MB are powers of ${formatCount(1000)}.`, tone: 'muted' },
    ],
  };
  return [{ kind: 'section', title: 'Legend', blocks: [list] }];
}
