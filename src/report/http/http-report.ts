/**
 * The report of a session over HTTP, as a format-neutral document: a table a scenario and load, and what failed.
 *
 * Ratios are against the reference and were formed inside rounds. Deliberately absent: statistics (src/load), and
 * anything about a micro-benchmark.
 */
import { groupBy } from '../../compare/cells.ts';
import type { HttpCell, HttpLoad, HttpMetricName, HttpScenario, HttpSession, HttpSummary } from '../../model/http.ts';
import type { Block, Column, Document, Section, Table, TableCell } from '../document.ts';
import { tellMachine, tellRuntime } from '../environment-lines.ts';
import { formatBytes, formatCount, formatDuration, formatInterval, formatMoment, formatPlural, formatRatio, formatTime, nothing } from '../quantities.ts';
import { showText } from '../visible-text.ts';

/** Metrics of the table with their titles, how they are written, and whether more is better. */
const shown: readonly { readonly name: HttpMetricName; readonly title: string; readonly better: 'higher' | 'lower'; readonly format: (value: number) => string }[] = [
  { name: 'requestsPerSec', title: 'requests/s', better: 'higher', format: formatCount },
  { name: 'p50Ns', title: 'p50', better: 'lower', format: formatTime },
  { name: 'p95Ns', title: 'p95', better: 'lower', format: formatTime },
  { name: 'p99Ns', title: 'p99', better: 'lower', format: formatTime },
  { name: 'p999Ns', title: 'p99.9', better: 'lower', format: formatTime },
  { name: 'cpuNsPerRequest', title: 'CPU a request', better: 'lower', format: formatTime },
  { name: 'eventLoopDelayP99Ns', title: 'loop delay p99', better: 'lower', format: formatTime },
  { name: 'wireBytesPerRequest', title: 'wire', better: 'lower', format: formatBytes },
  { name: 'peakMemoryBytes', title: 'memory', better: 'lower', format: formatBytes },
];

/** The whole report; a session without cells says that nothing was measured. */
export function reportHttp({ cells, scenarios, reference, environment, startedAt, durationMs, interrupted }: HttpSession): Document {
  const byScenario = groupBy(cells, ({ scenario }) => scenario);
  const sections = scenarios.flatMap((scenario) => {
    const own = byScenario.get(scenario.id);
    return own === undefined ? [] : [reportScenario(scenario, { cells: own, reference })];
  });
  const items = [
    { text: `${formatMoment(startedAt)}, took ${formatDuration(durationMs)}` },
    { text: tellRuntime(environment) },
    { text: tellMachine(environment) },
  ];
  const stopped = 'This session was stopped early: cells have fewer rounds than planned, or are missing altogether.';
  return {
    title: 'wirebench http',
    blocks: [
      { kind: 'list', items },
      ...(interrupted === true ? [{ kind: 'note' as const, tone: 'warning' as const, text: stopped }] : []),
      { kind: 'paragraph', text: sections.length === 0 ? 'Nothing was measured.' : explanation },
      ...sections,
    ],
  };
}

const explanation = [
  'Each figure is the median over rounds; behind it stands value / value of the reference with its interval, formed inside',
  'rounds by fresh server processes. More is better for requests a second, less for everything else. Where an interval',
  'holds 1, nothing is shown to differ. The load comes from another process of the same machine.',
].join(' ');

function reportScenario(scenario: HttpScenario, { cells, reference }: { cells: readonly HttpCell[]; reference: string }): Section {
  const tables = [...groupBy(cells, ({ load }) => JSON.stringify(load)).values()].map((own) => tabulate(own, reference));
  return {
    kind: 'section',
    title: showText(scenario.title),
    blocks: [{ kind: 'paragraph', text: `Where it occurs: ${showText(scenario.where)}; ${formatCount(scenario.items)} entities of each kind.` }, ...tables, ...listTroubles(cells)],
  };
}

/** Metrics are rows, since figures with their ratios are too wide to stand side by side. */
function tabulate(cells: readonly [HttpCell, ...HttpCell[]], reference: string): Table {
  const used = shown.filter(({ name }) => cells.some(({ metrics }) => metrics[name] !== undefined));
  const columns: Column[] = [
    { title: '', align: 'left' },
    ...cells.map(({ contender }): Column => ({ title: showText(contender), align: 'right', contender })),
  ];
  const rows = used.map(({ name, title, better, format }): TableCell[] => [
    { text: title },
    ...cells.map(({ contender, metrics }): TableCell => {
      const summary = metrics[name];
      return summary === undefined ? { text: nothing } : describeFigure(summary, { isReference: contender === reference, better, format });
    }),
  ]);
  const states: TableCell[] = [
    { text: 'rounds' },
    ...cells.map(({ status, rounds }): TableCell => (status === 'ok' ? { text: formatCount(rounds.length), value: rounds.length } : { text: status, tone: 'bad' })),
  ];
  return { kind: 'table', caption: tellLoad(cells[0].load), columns, groups: [{ rows: [...rows, states] }] };
}

function describeFigure(
  { median, ratio }: HttpSummary,
  { isReference, better, format }: { isReference: boolean; better: 'higher' | 'lower'; format: (value: number) => string },
): TableCell {
  if (isReference || ratio === undefined) return { text: format(median), value: median };
  const { lo, hi } = ratio;
  // The same in every round is no measurement worth an interval.
  if (lo === 1 && hi === 1) return { text: format(median), value: median };
  if (lo === undefined || hi === undefined) return { text: `${format(median)}, ${formatRatio(ratio.ratio)}`, value: median };
  const isMore = lo > 1;
  const isLess = hi < 1;
  const tone = isMore || isLess ? { tone: isMore === (better === 'higher') ? ('good' as const) : ('bad' as const) } : {};
  return { text: `${format(median)}, ${formatRatio(ratio.ratio)} (${formatInterval({ lo, hi })})`, value: median, ...tone };
}

function tellLoad(load: HttpLoad): string {
  const connections = formatPlural(load.connections, 'connection');
  return load.kind === 'closed' ? `${connections}, each asks again when it has its answer` : `${formatCount(load.requestsPerSec)} requests fall due each second, whatever became of earlier ones`;
}

/** Reasons, failures and warnings, once each. */
function listTroubles(cells: readonly HttpCell[]): Block[] {
  const texts = cells.flatMap(({ contender, status, reason, failures, warnings }) => [
    ...(status === 'ok' ? [] : [`${contender}: ${status}: ${reason ?? 'no reason was given'}`]),
    ...Object.entries(failures).map(([kind, count]) => `${contender}: ${kind}: ${formatPlural(count, 'request')}`),
    ...warnings.map((warning) => `${contender}: ${warning}`),
  ]);
  return texts.length === 0 ? [] : [{ kind: 'list', items: [...new Set(texts)].map((text) => ({ text: showText(text), tone: 'warning' as const })) }];
}
