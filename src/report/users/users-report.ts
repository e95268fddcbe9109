/**
 * What a load of users gave, as sections of its run's report: requests with their times, failures by name, what could
 * not be done, who the users were, and how it went over time.
 *
 * Times come twice: from the moment at which a request was due, which holds what its user had to wait for, and from the
 * moment at which it was sent, which is the server's alone.
 */
import { showText } from '../../foreign-text.ts';
import type { LatencySummary, UserRequestResult, UsersResults } from '../../model/users.ts';
import type { Block, ListItem, Section, TableCell } from '../document.ts';
import { details, paragraph, section } from '../parts/blocks.ts';
import { type ColumnOf, left, right, tabulate, tabulateGroups } from '../parts/table.ts';
import {
  formatBytes,
  formatCount,
  formatFinePercent,
  formatPerSecond,
  formatPercent,
  formatTime,
  nothing,
} from '../quantities.ts';
import { chartUsers } from './users-charts.ts';
import { tellWait } from './reference-tables.ts';
import { failuresOf, knownTime } from './users-answer.ts';

export function reportUsers(users: UsersResults): Section[] {
  const failed = tabulateFailures(users);
  return [
    section('Requests', [
      ...(users.timeline.length < 2 ? [] : chartUsers(users)),
      users.requests.length === 0 ? paragraph('No request was made.') : tabulateRequests(users),
    ]),
    ...(failed.length === 0 ? [] : [section('Failures', failed)]),
    ...(users.unavailable.length === 0 ? [] : [section('Not available on this server', [listUnavailable(users)])]),
    section('Users', [tabulateClasses(users), tabulateTasks(users)]),
    section('Load generator', [tabulateWorkers(users)]),
  ];
}

/** Lines of the legend. */
export function usersLegend(): ListItem[] {
  return [
    'p50, p95, p99, p99.9, max  from when a request was due to the end of its answer, of those that did not fail; nearest ranks, off by a thousandth at most',
    'service  the same from when it was sent',
    'failed  no answer, another status than 2xx, an error of JSON-RPC, a result that a tool calls an error, a list that had become empty, a body that was cut off',
    'lateness  how much later than planned requests left that no earlier answer held up: the load generator itself',
  ].map((text): ListItem => ({ text, tone: 'muted' }));
}

function tabulateRequests({ requests, total, elapsedMs }: UsersResults): Block {
  const groups = [...new Set(requests.map(({ userClass }) => userClass))].map((name) => ({
    label: { text: showText(name) },
    rows: requests.filter(({ userClass }) => userClass === name),
  }));
  const all = { ...total, userClass: '', task: '', request: 'all requests', method: '' };
  return tabulateGroups<UserRequestResult>([...groups, { label: { text: 'all classes' }, rows: [all] }], {
    caption: 'Requests by class',
    labelTitle: 'class',
    columns: requestColumns(elapsedMs),
  });
}

function requestColumns(elapsedMs: number): ColumnOf<UserRequestResult>[] {
  const time = (title: string, read: (result: UserRequestResult) => number | undefined): ColumnOf<UserRequestResult> =>
    right(title, (result) => timeCell(read(result)));
  const percentiles: readonly (readonly [string, keyof LatencySummary])[] = [
    ['p50', 'p50Ns'],
    ['p95', 'p95Ns'],
    ['p99', 'p99Ns'],
    ['p99.9', 'p999Ns'],
    ['max', 'maxNs'],
  ];
  return [
    left('request', ({ request }) => showText(request)),
    right('requests', ({ requests }) => ({ text: formatCount(requests), value: requests })),
    right('requests/s', ({ requests }) => {
      const perSec = (requests / Math.max(1, elapsedMs)) * 1000;
      return { text: formatPerSecond(perSec), value: perSec };
    }),
    right('failed', failedCell),
    ...percentiles.map(([title, key]) => time(title, (result) => knownTime(result, 'latency', key))),
    ...percentiles
      .slice(0, 3)
      .map(([title, key]) => time(`service ${title}`, (result) => knownTime(result, 'serviceTime', key))),
    right('wire', ({ wireBytes, requests }) => {
      const perRequest = requests === 0 ? 0 : wireBytes / requests;
      return { text: formatBytes(perRequest), value: perRequest };
    }),
  ];
}

function timeCell(ns: number | undefined): TableCell {
  return ns === undefined ? { text: nothing } : { text: formatTime(ns), value: ns };
}

function failedCell(result: Pick<UserRequestResult, 'failures' | 'requests'>): TableCell {
  const failed = failuresOf(result);
  if (failed === 0) return { text: '0', value: 0 };
  return {
    text: `${formatCount(failed)} (${formatFinePercent(failed / result.requests)})`,
    value: failed,
    tone: 'bad',
  };
}

function tabulateFailures({ requests }: UsersResults): Block[] {
  const rows = requests
    .flatMap(({ userClass, request, failures, requests: made }) =>
      Object.entries(failures).map(([kind, count]) => ({ userClass, request, kind, count, share: count / made })),
    )
    .toSorted((a, b) => b.count - a.count);
  if (rows.length === 0) return [];
  return [
    tabulate(rows, {
      caption: 'Failures by kind, most frequent first',
      columns: [
        left('failure', ({ kind }) => showText(kind)),
        left('request', ({ request }) => showText(request)),
        left('class', ({ userClass }) => showText(userClass)),
        right('times', ({ count }) => ({ text: formatCount(count), value: count })),
        right('of its requests', ({ share }) => ({ text: formatFinePercent(share), value: share })),
      ],
    }),
  ];
}

function listUnavailable({ unavailable }: UsersResults): Block {
  return tabulate(unavailable, {
    caption: 'Tasks that took no part',
    columns: [
      left('class', ({ userClass }) => showText(userClass)),
      left('task', ({ task }) => showText(task)),
      left('why', ({ reason }) => showText(reason)),
    ],
  });
}

function tabulateClasses({ classes }: UsersResults): Block {
  const [weights, users] = [
    classes.reduce((sum, { weight }) => sum + weight, 0),
    classes.reduce((sum, own) => sum + own.users, 0),
  ];
  return tabulate(classes, {
    caption: 'Users by class',
    columns: [
      left('class', ({ name }) => showText(name)),
      left('who that is', ({ title }) => showText(title)),
      left('wait', ({ wait }) => tellWait(wait)),
      right('weight', ({ weight }) => ({ text: formatCount(weight), value: weight })),
      right('share by weight', ({ weight }) => shareCell(weight / Math.max(1, weights))),
      right('users', (own) => ({ text: formatCount(own.users), value: own.users })),
      right('share of users', (own) => shareCell(own.users / Math.max(1, users))),
    ],
  });
}

function tabulateTasks({ classes }: UsersResults): Block {
  const groups = classes.map(({ name, tasks }) => {
    const [weights, begun] = [
      tasks.reduce((sum, { weight }) => sum + weight, 0),
      tasks.reduce((sum, task) => sum + task.begun, 0),
    ];
    const rows = tasks.map((task) => ({
      ...task,
      planned: task.weight / Math.max(1, weights),
      done: task.begun / Math.max(1, begun),
    }));
    return { label: { text: showText(name) }, rows };
  });
  return details('Tasks by class: their share by weight, and as they were done', [
    tabulateGroups(groups, {
      caption: 'Tasks by class',
      labelTitle: 'class',
      columns: [
        left('task', ({ name }) => showText(name)),
        right('weight', ({ weight }) => ({ text: formatCount(weight), value: weight })),
        right('share by weight', ({ planned }) => shareCell(planned)),
        right('begun', ({ begun }) => ({ text: formatCount(begun), value: begun })),
        right('share', ({ done }) => shareCell(done)),
      ],
    }),
  ]);
}

function shareCell(share: number): TableCell {
  return { text: formatFinePercent(share), value: share };
}

function tabulateWorkers({ workers, engine }: UsersResults): Block {
  return tabulate(workers, {
    caption: engine === 'local' ? 'Processes on this machine' : 'Workers under a master of Locust',
    columns: [
      left('worker', ({ id }) => showText(id)),
      left('state', ({ state }) => (state === 'lost' ? { text: state, tone: 'bad' } : state)),
      right('users', (worker) => ({ text: formatCount(worker.users), value: worker.users })),
      right('requests', ({ requests }) => ({ text: formatCount(requests), value: requests })),
      right('processor, at most', ({ cpuShare }) => ({ text: formatPercent(cpuShare), value: cpuShare })),
      right('lateness p99', ({ latenessP99Ns }) => timeCell(latenessP99Ns)),
    ],
  });
}
