/**
 * The report of one run, as a format-neutral document: header, a section a suite, what was measured over HTTP, claims,
 * findings, legend.
 */
import { groupBy, medianOf, ratioOf, speedupOf } from '../../compare/cells.ts';
import type { Finding } from '../../compare/finding.ts';
import { findFindings } from '../../compare/findings.ts';
import { fewestForBounds } from '../../compare/ratios.ts';
import { findCertainty } from '../../compare/spread.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { Environment } from '../../model/environment.ts';
import { metricsOf } from '../../compare/metrics.ts';
import type { MetricInfo } from '../../model/metric.ts';
import type { Run } from '../../model/run.ts';
import { flagLegend, listContenders, type Metadata, outlineSuite, type SuiteOutline } from '../catalog.ts';
import { assignSlots } from '../charts/chart-scope.ts';
import { placeCharts } from '../charts/place-charts.ts';
import { reportClaims, reportHttpClaims } from './claims-report.ts';
import type { Answer, Block, Document, ListItem, Section } from '../document.ts';
import { answerOf, joinAnswers, tellStopped } from '../parts/answer.ts';
import { paragraph, remark, warning } from '../parts/blocks.ts';
import { tellCertainty } from '../parts/certainty-lines.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { noiseLegend, tellNoise } from '../parts/noise-lines.ts';
import { tellMachines, tellMissing, tellOwnShard } from '../parts/shard-lines.ts';
import { answerHttp } from '../http/http-answer.ts';
import { explainHttp, httpLegend, reportHttp, tellRounds } from '../http/http-report.ts';
import type { MeasuredHttp } from '../http/http-words.ts';
import { answerRun } from './run-answer.ts';
import { tellFinding } from './finding-sentences.ts';
import { tabulateObservations } from './observation-tables.ts';
import { formatCount, formatDuration, formatMoment, formatPercent, formatPlural } from '../quantities.ts';
import { tabulateSizesOfOutput } from './size-tables.ts';
import { tabulateMemory } from './memory-table.ts';
import { tabulateBySize, tabulateRepresentations } from './speed-tables.ts';
import { answerUsers, tellAskedLoad } from '../users/users-answer.ts';
import { reportUsers, usersLegend } from '../users/users-report.ts';
import { reportUndecided } from './undecided-section.ts';

export interface RunReportRequest {
  readonly run: Run;
  /** What bench/ holds today; ids stand in for what a run names and it lacks. */
  readonly registry: Metadata;
}

/** The whole report of a run; a run without any cell gives the header and says that nothing was measured. */
export function reportRun({ run, registry }: RunReportRequest): Document {
  const order = new Map(registry.suites.map(({ id, order: position }) => [id, position]));
  const suites = [...groupBy(run.cells, ({ id }) => id.suite).values()].toSorted(([a], [b]) => {
    // A suite that the registry does not know stands last.
    return (order.get(a.id.suite) ?? Number.MAX_VALUE) - (order.get(b.id.suite) ?? Number.MAX_VALUE);
  });
  const cells = suites.flat();
  const measured =
    run.http !== undefined && run.http.cells.length > 0
      ? { http: run.http, metrics: metricsOf(run, 'load') }
      : undefined;
  const all = [...cells, ...(measured?.http.cells ?? [])];
  const slots = assignSlots(all);
  const metrics = metricsOf(run, 'fork');
  const findings = findFindings(cells, registry);
  const sections = [
    ...suites.map((own) => reportSuite(own, { registry, slots, metrics })),
    ...(measured === undefined ? [] : reportHttp(measured, { slots })),
    ...(run.users === undefined ? [] : reportUsers(run.users)),
  ];
  const answers = [
    ...(run.users === undefined ? [] : answerUsers(run.users, sections)),
    ...answerRun({ run, registry, findings, sections }),
    ...(measured === undefined ? [] : answerHttp(measured, sections)),
  ];
  return {
    title: titleRun(run),
    blocks: [
      ...answerAll(answers, run),
      ...header(run, measured?.http),
      ...sections,
      ...reportClaims({ ...run, cells }, registry.claims ?? []),
      ...(measured === undefined ? [] : reportHttpClaims(run, registry.claims ?? [])),
      ...reportFindings(findings, registry),
      ...reportUndecided(run, (suite) => titleOf(registry, suite)),
      ...reportLegend({ run, measured, registry }),
    ],
    contenders: listContenders(
      registry,
      all.map(({ id }) => id.contender),
    ),
  };
}

/** One answer, whatever was measured; a load that was ended says so in its header, since its rounds are seconds. */
function answerAll(answers: readonly Answer[], { interrupted, users }: Run): Answer[] {
  const stopped = answers.length === 0 || users !== undefined ? [] : answerOf(tellStopped(interrupted));
  return joinAnswers([...stopped, ...answers]);
}

/** By the command that makes such a run. */
function titleRun({ cells, http, users }: Run): string {
  if (users !== undefined) return 'wirebench users';
  return cells.length === 0 && http !== undefined && http.cells.length > 0 ? 'wirebench http' : 'wirebench run';
}

const severalMachines =
  'Each group was measured on one machine, and groups on different ones: compare speedups from group to group, and not times.';

/** @param http what was measured over HTTP, if anything was. */
function header(run: Run, http: Run['http']): Block[] {
  const { environment } = run;
  const evidence = [
    ...(run.cells.length > 0 || (http === undefined && run.users === undefined) ? [tellEnsembles(run)] : []),
    ...(http === undefined ? [] : [tellRounds(http)]),
  ];
  const items: ListItem[] = [
    {
      text: `${formatMoment(run.startedAt)}, took ${formatDuration(run.durationMs)}${run.shards === undefined ? '' : ' in all'}`,
    },
    run.users === undefined
      ? { text: [`profile ${run.profile}`, ...evidence, `seed ${run.seed}`].join(', ') }
      : { text: tellAskedLoad(run.users, run.seed) },
    ...(run.shards === undefined
      ? [{ text: tellRuntime(environment) }, { text: tellMachine(environment) }]
      : tellMachines(run).map((text) => ({ text }))),
    ...(run.plan?.shard === undefined ? [] : [{ text: tellOwnShard(run.plan.shard, run.cells) }]),
    ...(environment.commit === undefined ? [] : [{ text: `commit ${environment.commit}` }]),
    ...tellPackages(environment),
  ];
  const interrupted =
    run.users === undefined
      ? 'This run was interrupted: cells have fewer rounds than planned, or are missing altogether.'
      : 'This load was ended before its time.';
  const missing = tellMissing(run);
  const explanations = [
    ...(run.cells.length === 0 ? [] : [explainIntervals(run.cells)]),
    ...(http === undefined ? [] : [explainHttp(http)]),
  ];
  const where = run.shards === undefined ? 'On this machine' : 'On these machines';
  return [
    { kind: 'list', items },
    ...tellNoise(run.noise, { of: 'ensembles', where }),
    ...tellNoise(http?.noise, { of: 'servers', where }),
    ...(run.interrupted === true ? [{ kind: 'note' as const, tone: 'warning' as const, text: interrupted }] : []),
    ...(run.shards !== undefined && tellMachines(run).length > 1 ? [remark(severalMachines)] : []),
    ...(missing === undefined ? [] : [warning(`This run is incomplete: ${missing}.`)]),
    ...(run.warnings ?? []).map((text): Block => ({ kind: 'note', tone: 'warning', text })),
    ...(explanations.length > 0 || run.users !== undefined ? explanations : [paragraph('Nothing was measured.')]),
  ];
}

/** Runs of earlier versions have rounds of processes that were measured one after the other. */
function tellEnsembles({ cells, noise }: Run): string {
  const timed = cells.filter((cell) => medianOf(cell, 'latencyNs') !== undefined);
  const counts = timed.map(({ rounds }) => rounds.length);
  if (counts.length === 0) return 'no timed cells';
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const told = formatPlural(most, noise === undefined ? 'round' : 'ensemble');
  return fewest === most ? `${told} a cell` : `${formatCount(fewest)} to ${told} a cell`;
}

function tellPackages({ packages }: Environment): ListItem[] {
  const names = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return names.length === 0 ? [] : [{ text: names.join(', '), tone: 'muted' }];
}

function explainIntervals(cells: readonly MicroCell[]): Block {
  const [level] = cells.flatMap((cell) => speedupOf(cell)?.confidence ?? []);
  if (level === undefined) {
    const definition = 'A speedup is time(reference) / time(contender), more is better.';
    const isCompared = cells.some((cell) => ratioOf(cell, 'latencyNs') !== undefined);
    const missing = ` An interval takes ${fewestForBounds} rounds in which both sides were measured, which no speedup has.`;
    return {
      kind: 'paragraph',
      text: isCompared
        ? definition + missing
        : 'No contender was timed beside its reference, so there are no speedups. The time is the median over the rounds.',
    };
  }
  const percent = formatPercent(level);
  const isShared = findCertainty(cells, ['latencyNs']).length > 0;
  const text = [
    'A speedup is time(reference) / time(contender), more is better, and the percent behind it (t_ref - t) / t.',
    'Its interval comes from the ratios of single rounds, each measured by fresh processes' +
      `${isShared ? ', and from how far those of the whole suite vary (see the legend)' : ''};`,
    `it holds the true ratio in ${percent} of such runs if rounds vary as assumed.`,
    'Where it holds 1, the row says "no difference". The time is the median over the rounds.',
  ];
  return { kind: 'paragraph', text: text.join(' ') };
}

interface SuiteContext {
  readonly registry: Metadata;
  readonly slots: ReadonlyMap<string, number>;
  /** Those of forks. */
  readonly metrics: readonly MetricInfo[];
}

function reportSuite(cells: readonly [MicroCell, ...MicroCell[]], { registry, slots, metrics }: SuiteContext): Section {
  const outline = outlineSuite(registry, cells);
  const question: Block[] = outline.question === undefined ? [] : [{ kind: 'paragraph', text: outline.question }];
  const tables = tabulateSuite(outline, { cells, registry, metrics });
  const charts = placeCharts({ cells, outline, metadata: registry, slots });
  return { kind: 'section', title: outline.title, blocks: [...question, ...charts, ...tables] };
}

function tabulateSuite(
  outline: SuiteOutline,
  { cells, registry, metrics }: Omit<SuiteContext, 'slots'> & { cells: readonly MicroCell[] },
): Block[] {
  if (outline.method === 'observation') return tabulateObservations(cells);
  if (outline.method === 'size') {
    return tabulateSizesOfOutput({ cells, metadata: registry, reference: outline.reference });
  }
  if (outline.layout === 'by-representation') return tabulateRepresentations(cells, registry);
  return [...tabulateBySize(cells, registry), ...tabulateMemory({ cells, metadata: registry, metrics })];
}

function reportFindings(findings: readonly Finding[], registry: Metadata): Section[] {
  const bySuite = groupBy(findings, ({ suite }) => suite);
  const blocks = [...bySuite].map(([suite, own]): Block => ({
    kind: 'section',
    title: titleOf(registry, suite),
    blocks: [{ kind: 'list', items: own.map(tellFinding) }],
  }));
  return blocks.length === 0 ? [] : [{ kind: 'section', title: 'Findings', blocks }];
}

function titleOf({ suites }: Metadata, suite: string): string {
  return suites.find(({ id }) => id === suite)?.title ?? suite;
}

function reportLegend({
  run: { cells, noise, users },
  measured,
  registry,
}: {
  run: Run;
  measured: MeasuredHttp | undefined;
  registry: Metadata;
}): Section[] {
  if (cells.length === 0 && measured === undefined && users === undefined) return [];
  const flags = flagLegend(registry, new Set(cells.map(({ id }) => id.contender)));
  const names = cells.length === 0 ? 'KB and MB' : 'KB, MB and MB/s';
  const units: ListItem = { text: `${names} are powers of ${formatCount(1000)}.`, tone: 'muted' };
  const items = [
    ...flags.map((text): ListItem => ({ text, tone: 'muted' })),
    ...(measured === undefined ? [] : httpLegend(measured)),
    ...(users === undefined ? [] : usersLegend()),
    ...noiseLegend([
      ...(noise === undefined ? [] : (['ensembles'] as const)),
      ...(measured?.http.noise === undefined ? [] : (['servers'] as const)),
    ]),
    ...tellCertainty(findCertainty(cells, ['latencyNs']), (suite) => titleOf(registry, suite)),
    units,
  ];
  return [{ kind: 'section', title: 'Legend', blocks: [{ kind: 'list', items }] }];
}
