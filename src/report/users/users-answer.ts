/**
 * The answer of a load of users, in a few sentences: what its generator could not do comes first, since nothing else is
 * to be believed then; after that rates, times and failures.
 */
import { showText } from '../../foreign-text.ts';
import type { LatencySummary, TimelineSlice, UserRequestResult, UsersResults } from '../../model/users.ts';
import type { Answer, Block, ListItem } from '../document.ts';
import { answerOf, findChart } from '../parts/answer.ts';
import {
  formatCount,
  formatDuration,
  formatFinePercent,
  formatList,
  formatPerSecond,
  formatPercent,
  formatPlural,
  formatTime,
} from '../quantities.ts';

/** Above this share of a processor a worker, and not the server, may be what limits the load. */
const saturatedShare = 0.9;
/** Lateness of requests that is of no account: what a timer is off by, and a tenth of the median it is part of. */
const harmlessLatenessNs = 5e6;
const harmlessShare = 0.1;
/** Below this share of the load that was asked for, it was another load. */
const keptUpShare = 0.95;

export function failuresOf({ failures }: Pick<UserRequestResult, 'failures'>): number {
  return Object.values(failures).reduce((sum, times) => sum + times, 0);
}

/** Of fewer requests than it takes a percentile would be the maximum. */
const fewestFor: Partial<Record<keyof LatencySummary, number>> = { p95Ns: 20, p99Ns: 100, p999Ns: 1000 };

/** @returns `undefined` where it lies beyond the evidence. */
export function knownTime(
  result: Omit<UserRequestResult, 'userClass' | 'task' | 'request' | 'method'>,
  of: 'latency' | 'serviceTime',
  key: keyof LatencySummary,
): number | undefined {
  return result.requests - failuresOf(result) < (fewestFor[key] ?? 1) ? undefined : result[of]?.[key];
}

/** What the load was asked to be, for the header. */
export function tellAskedLoad(users: UsersResults, seed: number): string {
  const { preset, users: asked, spawnRatePerSec, runTimeMs, weights, engine, target } = users;
  return [
    `load on ${showText(target)}`,
    ...(preset === undefined ? [] : [`preset ${showText(preset)}`]),
    formatPlural(asked, 'user'),
    `${formatCount(spawnRatePerSec)} more each second`,
    runTimeMs === undefined ? 'until somebody ended it' : `for ${formatDuration(runTimeMs)}`,
    `weights of ${weights === 'page' ? 'the reference page' : 'the code of ContextForge'}`,
    ...(engine === 'locust' ? ['dispatched by Locust'] : []),
    `seed ${seed}`,
  ].join(', ');
}

/** What the report begins with. @param sections the report's own, out of which the chart comes. */
export function answerUsers(users: UsersResults, sections: readonly Block[]): Answer[] {
  const bad = (text: string): ListItem => ({ text, tone: 'warning' });
  return answerOf(
    [
      ...tellLimits(users).map(bad),
      ...users.incomplete.map((text) => bad(`This load is incomplete: ${showText(text)}.`)),
      tellLoad(users),
      ...tellSlowest(users),
      ...tellFailures(users).map(bad),
      ...(users.unavailable.length === 0 ? [] : [bad(tellUnavailable(users))]),
    ],
    findChart(sections, ({ id }) => id === 'users-latency'),
  );
}

/** Which request people wait for longest, where there are several. */
function tellSlowest({ requests }: UsersResults): string[] {
  const known = requests.flatMap((result) => {
    const ns = knownTime(result, 'latency', 'p95Ns');
    return ns === undefined ? [] : [{ ...result, ns }];
  });
  const [slowest] = known.toSorted((a, b) => b.ns - a.ns);
  if (slowest === undefined || known.length < 2) return [];
  return [
    `Slowest is ${showText(slowest.request)} (${showText(slowest.userClass)}): 95% took less than ${formatTime(slowest.ns)}.`,
  ];
}

/** What the load generator could not do; empty where it did all. */
function tellLimits({ workers, total }: UsersResults): string[] {
  const busiest = Math.max(0, ...workers.map(({ cpuShare }) => cpuShare));
  const latestNs = Math.max(0, ...workers.map(({ latenessP99Ns }) => latenessP99Ns));
  const allowedNs = Math.max(harmlessLatenessNs, harmlessShare * (total.latency?.p50Ns ?? 0));
  return [
    ...(busiest > saturatedShare
      ? [
          `The load generator was saturated: a worker used ${formatPercent(busiest)} of a processor, so the server may be faster than this. Use more processes or machines.`,
        ]
      : []),
    ...(latestNs > allowedNs
      ? [
          `The load generator sent requests late (p99 ${formatTime(latestNs)} after they were due), and times from when they were due hold that. Use more processes or machines, or fewer users.`,
        ]
      : []),
  ];
}

function tellLoad(users: UsersResults): string {
  const { total, elapsedMs, timeline } = users;
  const present = Math.max(0, ...timeline.map((slice) => slice.users));
  const full = whileAllWereThere(timeline);
  const perSec =
    full.length === 0
      ? (total.requests / Math.max(1, elapsedMs)) * 1000
      : full.reduce((sum, { requests }) => sum + requests, 0) /
        (full.reduce((sum, { sliceMs }) => sum + sliceMs, 0) / 1000);
  const of = full.length === 0 ? '' : ' while all of them were there';
  const asked = present < keptUpShare * users.users ? ` of the ${formatCount(users.users)} that were asked for` : '';
  const known = (['p50Ns', 'p95Ns', 'p99Ns'] as const).flatMap((key, index) => {
    const ns = knownTime(total, 'latency', key);
    return ns === undefined ? [] : [`${['half of them', '95%', '99%'][index]} took less than ${formatTime(ns)}`];
  });
  const times = known.length === 0 ? 'none was answered as it should be' : formatList(known);
  return `${formatPlural(present, 'user')}${asked} made ${formatPlural(total.requests, 'request')} in ${formatDuration(elapsedMs)}, ${formatPerSecond(perSec)} a second${of}; ${times}.`;
}

/** Whole seconds with as many users as ever; without the last one, in which users leave. */
function whileAllWereThere(timeline: readonly TimelineSlice[]): readonly TimelineSlice[] {
  const most = Math.max(0, ...timeline.map(({ users }) => users));
  const full = timeline.filter(({ users }) => users === most && users > 0);
  // In the first of them the last users came.
  return full.slice(1);
}

function tellFailures({ total, unanswered }: UsersResults): string[] {
  const failed = failuresOf(total);
  const kinds = Object.entries(total.failures)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${formatCount(times)} x ${showText(kind)}`);
  return [
    ...(failed === 0
      ? []
      : [`${formatFinePercent(failed / total.requests)} of the requests failed: ${formatList(kinds)}.`]),
    ...(unanswered === 0
      ? []
      : [
          `${formatPlural(unanswered, 'request')} had no answer when the time for it was up, and ${unanswered === 1 ? 'counts' : 'count'} nowhere else.`,
        ]),
  ];
}

function tellUnavailable({ unavailable }: UsersResults): string {
  const tasks = unavailable.map(({ userClass, task }) => `${showText(userClass)}: ${showText(task)}`);
  const named = tasks.length > 3 ? [...tasks.slice(0, 3), `${tasks.length - 3} more`] : tasks;
  return `${formatPlural(unavailable.length, 'task')} took no part, since the server has nothing for ${unavailable.length === 1 ? 'it' : 'them'}: ${formatList(named)}.`;
}
