/**
 * The report of one run, as a format-neutral document: header, a section a suite, what was measured over HTTP, claims,
 * findings, legend.
 *
 * Deliberately absent: statistics (compare and stats), widths and colours (formats), and any sentence about a
 * contender that was not computed from this run.
 */
import { type CellGroup, groupBy } from '../../compare/cells.ts';
import { findFindings } from '../../compare/findings.ts';
import { fewestForBounds } from '../../compare/speedup.ts';
import type { Cell } from '../../model/cell.ts';
import type { Environment } from '../../model/environment.ts';
import type { HttpResults } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import { flagLegend, listContenders, type Metadata, outlineSuite, type SuiteOutline } from '../catalog.ts';
import { assignSlots } from '../charts/chart-scope.ts';
import { placeCharts } from '../charts/place-charts.ts';
import { reportClaims } from './claims-report.ts';
import type { Block, Document, ListItem, Section } from '../document.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { reportHttpClaims } from '../http/http-claims.ts';
import { explainHttp, httpLegend, reportHttp, tellRounds } from '../http/http-report.ts';
import { tellFinding } from './finding-sentences.ts';
import { tabulateObservations } from './observation-tables.ts';
import { formatCount, formatDuration, formatMoment, formatPercent, formatPlural } from '../quantities.ts';
import { tabulateSizesOfOutput } from './size-tables.ts';
import { tabulateBySize, tabulateMemory, tabulateRepresentations } from './speed-tables.ts';

export interface RunReportRequest {
  readonly run: Run;
  /** What bench/ holds today; ids stand in for what a run names and it lacks. */
  readonly registry: Metadata;
}

/** The whole report of a run; a run without any cell gives the header and says that nothing was measured. */
export function reportRun({ run, registry }: RunReportRequest): Document {
  const order = new Map(registry.suites.map(({ id, order: position }) => [id, position]));
  const suites = [...groupBy(run.cells, ({ suite }) => suite).values()].toSorted(([a], [b]) => {
    // A suite that the registry does not know stands last.
    return (order.get(a.suite) ?? Number.MAX_VALUE) - (order.get(b.suite) ?? Number.MAX_VALUE);
  });
  const cells = suites.flat();
  const http = run.http !== undefined && run.http.cells.length > 0 ? run.http : undefined;
  const slots = assignSlots([...cells, ...(http?.cells ?? [])]);
  return {
    title: cells.length === 0 && http !== undefined ? 'wirebench http' : 'wirebench run',
    blocks: [
      ...header(run, http),
      ...suites.map((own) => reportSuite(own, { registry, slots })),
      ...(http === undefined ? [] : reportHttp(http, { slots })),
      ...reportClaims(cells, registry.claims ?? []),
      ...(http === undefined ? [] : reportHttpClaims(http, registry.claims ?? [])),
      ...reportFindings({ ...run, cells }, registry),
      ...reportLegend({ run, http, registry }),
    ],
    contenders: listContenders(
      registry,
      [...cells, ...(http?.cells ?? [])].map(({ contender }) => contender),
    ),
  };
}

/** @param http what was measured over HTTP, if anything was. */
function header(run: Run, http: HttpResults | undefined): Block[] {
  const { environment } = run;
  const evidence = [
    ...(run.cells.length > 0 || http === undefined ? [tellForks(run.cells)] : []),
    ...(http === undefined ? [] : [tellRounds(http)]),
  ];
  const items: ListItem[] = [
    { text: `${formatMoment(run.startedAt)}, took ${formatDuration(run.durationMs)}` },
    { text: [`profile ${run.profile}`, ...evidence, `seed ${run.seed}`].join(', ') },
    { text: tellRuntime(environment) },
    { text: tellMachine(environment) },
    ...(environment.commit === undefined ? [] : [{ text: `commit ${environment.commit}` }]),
    ...tellPackages(environment),
  ];
  const interrupted = `This run was interrupted: cells have fewer ${http === undefined ? 'forks' : 'rounds'} than planned, or are missing altogether.`;
  const explanations = [
    ...(run.cells.length === 0 ? [] : [explainIntervals(run.cells)]),
    ...(http === undefined ? [] : [explainHttp(http)]),
  ];
  return [
    { kind: 'list', items },
    ...(run.interrupted === true ? [{ kind: 'note' as const, tone: 'warning' as const, text: interrupted }] : []),
    ...(run.warnings ?? []).map((text): Block => ({ kind: 'note', tone: 'warning', text })),
    ...(explanations.length === 0 ? [{ kind: 'paragraph' as const, text: 'Nothing was measured.' }] : explanations),
  ];
}

function tellForks(cells: readonly Cell[]): string {
  const counts = cells.filter(({ latencyNs }) => latencyNs !== undefined).map(({ forks }) => forks.length);
  if (counts.length === 0) return 'no timed cells';
  const fewest = Math.min(...counts);
  const most = Math.max(...counts);
  return fewest === most ? `${formatPlural(most, 'fork')} a cell` : `${fewest} to ${formatPlural(most, 'fork')} a cell`;
}

function tellPackages({ packages }: Environment): ListItem[] {
  const names = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return names.length === 0 ? [] : [{ text: names.join(', '), tone: 'muted' }];
}

function explainIntervals(cells: readonly Cell[]): Block {
  const level = cells.find(({ speedup }) => speedup?.confidence !== undefined)?.speedup?.confidence;
  if (level === undefined) {
    const definition = 'A speedup is time(reference) / time(contender), more is better.';
    const isCompared = cells.some(({ contender, speedup }) => speedup !== undefined && speedup.reference !== contender);
    const missing = ` An interval takes ${fewestForBounds} rounds in which both sides were measured, which no speedup has.`;
    return {
      kind: 'paragraph',
      text: isCompared
        ? definition + missing
        : 'No contender was timed beside its reference, so there are no speedups. The time is the median over the forks.',
    };
  }
  const percent = formatPercent(level);
  const text = [
    'A speedup is time(reference) / time(contender), more is better, and the percent behind it (t_ref - t) / t.',
    'Its interval comes from the ratios of single rounds, each measured by fresh processes;',
    `it holds the true ratio in ${percent} of such runs if forks vary as assumed.`,
    'Where it holds 1, the row says "no difference". The time is the median over the forks.',
  ];
  return { kind: 'paragraph', text: text.join(' ') };
}

function reportSuite(
  cells: CellGroup,
  { registry, slots }: { registry: Metadata; slots: ReadonlyMap<string, number> },
): Section {
  const outline = outlineSuite(registry, cells);
  const question: Block[] = outline.question === undefined ? [] : [{ kind: 'paragraph', text: outline.question }];
  const tables = tabulateSuite(outline, { cells, registry });
  const charts = placeCharts({ cells, outline, metadata: registry, slots });
  return { kind: 'section', title: outline.title, blocks: [...question, ...charts, ...tables] };
}

function tabulateSuite(outline: SuiteOutline, { cells, registry }: { cells: CellGroup; registry: Metadata }): Block[] {
  if (outline.method === 'observation') return tabulateObservations(cells);
  if (outline.method === 'size') {
    return tabulateSizesOfOutput({ cells, metadata: registry, reference: outline.reference });
  }
  if (outline.layout === 'by-representation') return tabulateRepresentations(cells, registry);
  return [...tabulateBySize(cells, registry), ...tabulateMemory(cells, registry)];
}

function reportFindings({ cells }: Run, registry: Metadata): Section[] {
  const findings = groupBy(findFindings(cells, registry), ({ suite }) => suite);
  const blocks = [...findings].map(([suite, own]): Block => ({
    kind: 'section',
    title: registry.suites.find(({ id }) => id === suite)?.title ?? suite,
    blocks: [{ kind: 'list', items: own.map(tellFinding) }],
  }));
  return blocks.length === 0 ? [] : [{ kind: 'section', title: 'Findings', blocks }];
}

function reportLegend({
  run: { cells },
  http,
  registry,
}: {
  run: Run;
  http: HttpResults | undefined;
  registry: Metadata;
}): Section[] {
  if (cells.length === 0 && http === undefined) return [];
  const flags = flagLegend(registry, new Set(cells.map(({ contender }) => contender)));
  const names = cells.length === 0 ? 'KB and MB' : 'KB, MB and MB/s';
  const units: ListItem = { text: `${names} are powers of ${formatCount(1000)}.`, tone: 'muted' };
  const items = [
    ...flags.map((text): ListItem => ({ text, tone: 'muted' })),
    ...(http === undefined ? [] : httpLegend()),
    units,
  ];
  return [{ kind: 'section', title: 'Legend', blocks: [{ kind: 'list', items }] }];
}
