/**
 * The text of a load's report, and of its settings: what was sent, what came of it, and what each figure means here.
 *
 * Pure: all of it comes from the result. Sentences are formed of that load's own figures.
 */
import { showText, toOneLine } from '../foreign-text.ts';
import {
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatFinePercent,
  formatInterval,
  formatList,
  formatPercent,
  formatPerSecond,
  formatPlural,
  formatRatio,
  formatTime,
  nothing,
} from '../report/quantities.ts';
import type { Interval } from '../stats/intervals.ts';
import { failedOf, type LoadFigures, percentileNs, percents, perSecOf } from './figures.ts';
import type { Overhead } from './overhead.ts';
import type { LoadShape } from './plan.ts';
import type { HeyResult, ShownSide, ShownTarget } from './result.ts';

/** From this share on, what makes the load may be what limits it. */
const limitShare = 0.9;

/** The report, lines with a line end each. */
export function describeResult(result: HeyResult): string {
  const sides = [result.asked, ...(result.direct === undefined ? [] : [result.direct])];
  return toText([
    ...describeGenerator(result),
    ...(result.interrupted ? ['Interrupted: what was measured until then.'] : []),
    ...describeSides(sides),
    ...describeUse(result),
    ...sides.flatMap(({ figures }, index) => describeFailures(figures, sides.length === 1 ? '' : columnTitles[index])),
    ...(result.overhead === undefined ? [] : describeOverhead(result, result.overhead)),
    '',
    ...describeMeaning(result),
    ...result.engine.limits.map((limit) => `Mind: ${limit}.`),
  ]);
}

/** What the load was made with; of a dry run, what it would be made with. */
export function describeSettings(request: {
  shape: LoadShape;
  asked: ShownTarget;
  direct?: ShownTarget | undefined;
  engine: string;
}): string {
  const { shape, asked, direct, engine } = request;
  const { connections, volume, timeoutMs, mostPerSec, keepsAlive } = shape;
  const much =
    volume.kind === 'time'
      ? `as many as there is time for in ${formatDuration(volume.ms)}`
      : formatCount(volume.requests);
  return toText([
    ...describeTarget(asked),
    row('requests', `${much}${direct === undefined ? '' : ' to each of both'}`),
    row('over', `${formatPlural(connections, 'connection')}${keepsAlive ? '' : ', a new one for each request'}`),
    row('time limit', timeoutMs === 0 ? 'none' : `${timeoutMs / 1000} s for each request`),
    ...(mostPerSec === undefined ? [] : [row('at most', `${mostPerSec} a second over each connection`)]),
    row('engine', engine),
    ...(direct === undefined ? [] : ['', 'Directly:', ...describeTarget(direct)]),
  ]);
}

const columnTitles = ['by the gateway', 'directly'];

/** Wide enough for every name of a row. */
const nameWidth = 12;
const columnWidth = 17;

function row(name: string, value: string): string {
  return `${name.padEnd(nameWidth)}${value}`;
}

function toColumns(texts: readonly string[]): string {
  return texts.map((text) => text.padEnd(columnWidth)).join(' ');
}

function toText(lines: readonly string[]): string {
  // Names of tools, headers and messages are those of others.
  return lines.map((line) => `${showText(line.trimEnd())}\n`).join('');
}

function describeTarget({ url, method, headers, payload }: ShownTarget): string[] {
  return [
    row(method, url),
    ...headers.map((header, index) => row(index === 0 ? 'headers' : '', header)),
    row('payload', payload ?? 'none'),
  ];
}

/** First of all where the figures are not the server's. */
function describeGenerator(result: HeyResult): string[] {
  const { cpuShare = 0, busyShare = 0 } = result;
  if (cpuShare >= limitShare) {
    return [
      `The load generator used ${formatPercent(cpuShare)} of its processor: these figures are its limit, and the server may be faster.`,
    ];
  }
  if (busyShare >= limitShare) {
    return [
      `The load generator was busy ${formatPercent(busyShare)} of the time and had ${formatPercent(cpuShare)} of a processor: it shares one, so these figures are of both together.`,
    ];
  }
  return [];
}

function describeUse({ cpuShare, busyShare }: HeyResult): string[] {
  if (cpuShare === undefined) return [];
  const busy = busyShare === undefined ? '' : `, busy ${formatPercent(busyShare)} of the time`;
  return [row('generator', `${formatPercent(cpuShare)} of its processor time${busy}`)];
}

function describeSides(sides: readonly ShownSide[]): string[] {
  const [first] = sides as [ShownSide];
  const { url, method, payload } = first.target;
  const figures = sides.map((side) => side.figures);
  const each = (name: string, format: (side: LoadFigures) => string): string =>
    row(name, toColumns(figures.map(format)));
  return [
    `${method} ${url}${payload === undefined ? '' : ` (${payload})`}`,
    ...sides
      .slice(1)
      .map(({ target }) => `and directly ${target.url}${target.payload === undefined ? '' : ` (${target.payload})`}`),
    '',
    ...(sides.length === 1 ? [] : [row('', toColumns(columnTitles))]),
    each('sent', ({ sent }) => formatCount(sent)),
    each('answered', ({ answered }) => formatCount(answered)),
    each('failed', (side) => formatCount(failedOf(side))),
    ...(figures.some(({ abandoned }) => abandoned > 0)
      ? [each('abandoned', ({ abandoned }) => formatCount(abandoned))]
      : []),
    each('time', ({ elapsedNs }) => formatTime(elapsedNs)),
    each('requests/s', (side) => formatPerSecond(perSecOf(side))),
    each('received', ({ receivedBytes }) => formatBytes(receivedBytes)),
    each('statuses', ({ statuses }) => describeStatuses(statuses)),
    '',
    each('fastest', ({ latencies }) => formatTime(latencies?.fastestNs ?? Number.NaN)),
    each('mean', ({ latencies }) => formatTime(latencies?.meanNs ?? Number.NaN)),
    ...percents.map((percent) => each(`p${percent}`, (side) => describePercentile(side, percent))),
    each('slowest', ({ latencies }) => formatTime(latencies?.slowestNs ?? Number.NaN)),
  ];
}

function describePercentile(side: LoadFigures, percent: number): string {
  const ns = percentileNs(side, percent);
  if (ns !== undefined) return formatTime(ns);
  return side.answered === 0 ? nothing : 'not known';
}

function describeStatuses(statuses: LoadFigures['statuses']): string {
  const parts = Object.entries(statuses).map(([status, count]) => `${formatCount(count)} x ${status}`);
  return parts.length === 0 ? nothing : parts.join(', ');
}

function describeFailures({ failures }: LoadFigures, title = ''): string[] {
  if (failures.length === 0) return [];
  return [
    '',
    `Failed${title === '' ? '' : ` ${title}`}:`,
    ...failures.map(({ kind, count, example }) => {
      const said = example === undefined ? '' : `, e.g. "${toOneLine(example, 120)}"`;
      return `  ${formatCount(count)} x ${toOneLine(kind)}${said}`;
    }),
  ];
}

function describeOverhead({ asked, shape }: HeyResult, overhead: Overhead): string[] {
  const { rate, medianNs, added } = overhead;
  const windows = formatPlural(asked.figures.windows.length, 'window');
  const tails = added
    .filter(({ percent }) => percent > 50)
    .map(({ percent, addedNs }) => `${describeAdded(addedNs)} to p${percent}`);
  return [
    '',
    `The gateway adds ${describeAdded(medianNs.mean)} to the median${boundsOf(medianNs, describeAdded)}${tails.length === 0 ? '' : `, ${formatList(tails)}`},`,
    `and answers ${formatRatio(rate.mean)} as many a second (${formatChange(rate.mean - 1)}${describeRateBounds(rate)}), over ${formatPlural(shape.connections, 'connection')}.`,
    `Measured in ${windows} of each, which alternated, after a rehearsal of one window each that does not count.`,
  ];
}

function describeAdded(ns: number): string {
  return ns < 0 ? `-${formatTime(-ns)}` : formatTime(ns);
}

function boundsOf({ lo, hi }: Interval, format: (value: number) => string): string {
  return lo === undefined || hi === undefined ? '' : ` (${format(lo)} to ${format(hi)})`;
}

function describeRateBounds({ lo, hi }: Interval): string {
  return lo === undefined || hi === undefined ? '' : `; ${formatInterval({ lo, hi })}`;
}

/** One for each metric that people look at first, of the load on the address that was asked for. */
function describeMeaning({ asked: { figures }, shape, engine }: HeyResult): string[] {
  const { answered, sent, latencies, statuses } = figures;
  const [p95, p99] = [95, 99].map((percent) => percentileNs(figures, percent));
  const responses = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const other =
    responses -
    Object.entries(statuses).reduce((sum, [status, count]) => sum + (status.startsWith('2') ? count : 0), 0);
  const inside = failedOf(figures) - other;
  const clients = formatPlural(shape.connections, 'connection');
  return [
    `requests/s: ${formatPerSecond(perSecOf(figures))} proper answers a second, over ${clients} that each wait for an answer before they ask again.`,
    '            Failed requests are not in it; more connections give more only while the server has capacity left.',
    ...(p95 === undefined || p99 === undefined || latencies === undefined
      ? [`p95, p99:   not known from ${formatPlural(answered, 'answer')}: the 99th percentile takes 100.`]
      : [
          `p95, p99:   5 in 100 answers took longer than ${formatTime(p95)}, 1 in 100 longer than ${formatTime(p99)}, the mean being ${formatTime(latencies.meanNs)}.`,
          '            Waiting for the requests of the other connections is in it: with fewer connections both are shorter.',
        ]),
    `non-2xx:    ${formatCount(other)} of ${formatPlural(sent, 'request')} (${formatFinePercent(sent === 0 ? 0 : other / sent)}); ${
      engine.name === 'hey'
        ? 'what is inside a 200 was not looked at.'
        : `${formatCount(inside)} failed without such a status: no answer, or an error inside a 2xx.`
    }`,
  ];
}
