/**
 * A load over time: requests a second with failures, failures by kind, times, users.
 */
import { showText } from '../../foreign-text.ts';
import type { TimelineSlice, UsersResults } from '../../model/users.ts';
import type { Axis, Chart, ChartSeries } from '../document.ts';
import { formatCount, formatPerSecond, formatTime } from '../quantities.ts';

/** Points of a line; more would not be told apart. Seconds are put together where there are more. */
const mostPoints = 600;

const time: Axis = { title: 'time (s)', scale: 'linear', unit: 'items' };

function perSec(count: number, { sliceMs }: TimelineSlice): number {
  return (count / sliceMs) * 1000;
}

/** @param users with a timeline of two seconds or more. */
export function chartUsers({ timeline }: UsersResults): Chart[] {
  const slices = thinOut(timeline);
  const line = (name: string, read: (slice: TimelineSlice) => number | undefined): ChartSeries[] => {
    const points = slices.flatMap((slice) => {
      const y = read(slice);
      return y === undefined ? [] : [{ x: slice.elapsedMs / 1000, y }];
    });
    return points.length === 0 ? [] : [{ name, points }];
  };
  const percentiles = [
    ...line('p50', ({ p50Ns }) => p50Ns),
    ...line('p95', ({ p95Ns }) => p95Ns),
    ...line('p99', ({ p99Ns }) => p99Ns),
  ];
  const [most, slowest] = [
    Math.max(0, ...slices.map((slice) => perSec(slice.requests, slice))),
    Math.max(0, ...slices.map(({ p99Ns = 0 }) => p99Ns)),
  ];
  const charts: Chart[] = [
    {
      kind: 'chart',
      id: 'users-requests',
      title: 'Requests a second',
      summary: `Requests a second over time, and failed ones among them; at most ${formatPerSecond(most)}.`,
      form: 'lines',
      x: time,
      y: { title: 'requests/s', scale: 'linear', unit: 'perSec' },
      series: [
        ...line('requests', (slice) => perSec(slice.requests, slice)),
        ...line('failed', (slice) => perSec(slice.failures, slice)),
      ],
    },
    ...chartFailures(slices),
    {
      kind: 'chart',
      id: 'users-latency',
      title: 'Latency',
      summary: `Percentiles of the times from when requests were due, second by second; at most ${formatTime(slowest)}.`,
      form: 'lines',
      x: time,
      y: { title: 'latency', scale: 'log', unit: 'nanoseconds' },
      series: percentiles,
    },
    {
      kind: 'chart',
      id: 'users-count',
      title: 'Users',
      summary: `Users over time; at most ${formatCount(Math.max(0, ...slices.map(({ users }) => users)))}.`,
      form: 'lines',
      x: time,
      y: { title: 'users', scale: 'linear', unit: 'items' },
      series: line('users', ({ users }) => users),
    },
  ];
  return charts.filter(({ series }) => series.length > 0);
}

/** Kinds that have a line of their own; the rarer ones share one. Arbitrary: more lines hide each other. */
const mostKinds = 5;
const otherKinds = 'other failures';

/** One line a kind, the most frequent first; none where nothing failed, and where no second says what did. */
function chartFailures(slices: readonly TimelineSlice[]): Chart[] {
  const totals = sumKinds(slices);
  const kinds = Object.keys(totals).toSorted((a, b) => (totals[b] ?? 0) - (totals[a] ?? 0));
  const [first] = kinds;
  if (first === undefined) return [];
  const own = kinds.length > mostKinds ? kinds.slice(0, mostKinds - 1) : kinds;
  const countOf = ({ failuresByKind = {} }: TimelineSlice, wanted: readonly string[]): number =>
    wanted.reduce((sum, kind) => sum + (failuresByKind[kind] ?? 0), 0);
  const lines = [
    ...own.map((kind) => ({ name: showText(kind), wanted: [kind] })),
    ...(own.length === kinds.length ? [] : [{ name: otherKinds, wanted: kinds.slice(own.length) }]),
  ];
  return [
    {
      kind: 'chart',
      id: 'users-failures',
      title: 'Failures by kind',
      summary: `Failures a second over time; the most frequent, ${formatCount(totals[first] ?? 0)} times, is ${showText(first)}.`,
      form: 'lines',
      x: time,
      y: { title: 'failures/s', scale: 'linear', unit: 'perSec' },
      series: lines.map(({ name, wanted }) => ({
        name,
        points: slices.map((slice) => ({ x: slice.elapsedMs / 1000, y: perSec(countOf(slice, wanted), slice) })),
      })),
    },
  ];
}

/** Several seconds as one where there are too many: counts are summed, and of percentiles the largest stays. */
function thinOut(timeline: readonly TimelineSlice[]): readonly TimelineSlice[] {
  const together = Math.ceil(timeline.length / mostPoints);
  if (together <= 1) return timeline;
  return Array.from({ length: Math.ceil(timeline.length / together) }, (_, index) => {
    const own = timeline.slice(index * together, (index + 1) * together);
    const last = own.at(-1) as TimelineSlice;
    const largest = (read: (slice: TimelineSlice) => number | undefined): number | undefined => {
      const values = own.flatMap((slice) => read(slice) ?? []);
      return values.length === 0 ? undefined : Math.max(...values);
    };
    const [p50Ns, p95Ns, p99Ns] = [largest((s) => s.p50Ns), largest((s) => s.p95Ns), largest((s) => s.p99Ns)];
    return {
      elapsedMs: last.elapsedMs,
      sliceMs: own.reduce((sum, slice) => sum + slice.sliceMs, 0),
      users: last.users,
      requests: own.reduce((sum, { requests }) => sum + requests, 0),
      failures: own.reduce((sum, { failures }) => sum + failures, 0),
      ...kindsOf(own),
      ...(p50Ns === undefined ? {} : { p50Ns }),
      ...(p95Ns === undefined ? {} : { p95Ns }),
      ...(p99Ns === undefined ? {} : { p99Ns }),
    };
  });
}

function kindsOf(slices: readonly TimelineSlice[]): Pick<TimelineSlice, 'failuresByKind'> {
  const failuresByKind = sumKinds(slices);
  return Object.keys(failuresByKind).length === 0 ? {} : { failuresByKind };
}

function sumKinds(slices: readonly TimelineSlice[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { failuresByKind = {} } of slices) {
    for (const [kind, times] of Object.entries(failuresByKind)) sums[kind] = (sums[kind] ?? 0) + times;
  }
  return sums;
}
