/**
 * What the gate is to reach, beside what the recorded evidence says of it: a row a goal and kind of evidence.
 *
 * The goals are the project's own and are the only numbers written here.
 */
import type { LiveCounts, PowerSummary, ReplayResult } from '../../model/gate.ts';
import type { Table, TableCell } from '../document.ts';
import { left, right, tabulate } from '../parts/table.ts';
import { formatCount, formatFinePercent, formatPercent, formatSetting } from '../quantities.ts';

/** How often a session without a change may fail. */
export const falseFailureGoal = 0.01;

const goals = {
  detection: [
    { slowdown: 0.1, least: 0.99 },
    { slowdown: 0.05, least: 0.8 },
  ],
  untouchedGreen: 0.99,
  orderBias: 0.003,
  busyFalseFailures: 0.01,
  busyInconclusive: 0.2,
  /** Live sessions that a line about them rests on at least. */
  liveSessions: { unchanged: 60, changed: 10, busy: 10 },
} as const;

/** One goal with what was measured. */
export interface GoalRow {
  readonly goal: string;
  readonly source: string;
  readonly figure: string;
  readonly wanted: string;
  readonly isMet: boolean;
  /** True where the line rests on fewer live sessions than it should, or its bound does not show the goal; it then counts as neither. */
  readonly isThin?: boolean;
}

/** A row for every goal that there is evidence for. */
export function goalRows(summary: PowerSummary): GoalRow[] {
  const rows = [
    ...unchangedRows(summary),
    ...goals.detection.flatMap((goal) => detectionRows(summary, goal)),
    ...goals.detection.map(({ slowdown }) => untouchedRow(summary, slowdown)),
    orderRow(summary),
    swappedRow(summary),
    ...busyRows(summary),
  ];
  return rows.filter((row) => row !== undefined);
}

export function goalTable(rows: readonly GoalRow[]): Table {
  return tabulate(rows, {
    caption: 'Goals',
    columns: [
      left('goal', ({ goal }) => goal),
      left('from', ({ source }) => source),
      right('figure', ({ figure }) => figure),
      right('wanted', ({ wanted }) => wanted),
      left('met', metCell),
    ],
  });
}

function metCell({ isMet, isThin }: GoalRow): TableCell {
  if (!isMet) return { text: 'no', tone: 'bad' };
  return isThin === true ? { text: 'so far', tone: 'warning' } : { text: 'yes', tone: 'good' };
}

type Rows = (GoalRow | undefined)[];

function unchangedRows({ live, replays }: PowerSummary): Rows {
  const goal = 'sessions that fail without a change';
  return [
    failuresLive(
      live.find(({ load, injected }) => load === 'quiet' && injected.kind === 'none'),
      { goal, sessions: goals.liveSessions.unchanged },
    ),
    failuresReplayed(replayOf(replays.quiet, 0), { goal, source: 'replay, whole grid', most: falseFailureGoal }),
  ];
}

function busyRows({ live, replays }: PowerSummary): Rows {
  const goal = 'sessions that fail without a change, one core busy';
  const sessions = goals.liveSessions.busy;
  const counted = live.find(({ load, injected }) => load === 'busy' && injected.kind === 'none');
  const replayed = replayOf(replays.busy, 0);
  return [
    failuresLive(counted, { goal, sessions }),
    counted && { ...undecidedRow('live, small grid', counted), isThin: counted.sessions < sessions },
    failuresReplayed(replayed, { goal, source: 'replay, small grid', most: goals.busyFalseFailures }),
    replayed && undecidedRow('replay, small grid', replayed),
  ];
}

function replayOf(results: readonly ReplayResult[] | undefined, slowdown: number): ReplayResult | undefined {
  return results?.find((result) => result.slowdown === slowdown);
}

function failuresLive(
  counted: LiveCounts | undefined,
  { goal, sessions }: { goal: string; sessions: number },
): GoalRow | undefined {
  if (counted === undefined) return undefined;
  const { falseFailures, falseFailureBounds } = counted;
  return {
    goal,
    source: 'live, small grid',
    figure: `${falseFailures} of ${counted.sessions} (at most ${formatPercent(falseFailureBounds.hi)})`,
    wanted: `none of ${sessions}`,
    isMet: falseFailures === 0,
    isThin: counted.sessions < sessions,
  };
}

function failuresReplayed(
  replayed: ReplayResult | undefined,
  { goal, source, most }: { goal: string; source: string; most: number },
): GoalRow | undefined {
  if (replayed === undefined) return undefined;
  const { falseFailures, sessions, bounds } = replayed;
  const upper = bounds === undefined ? '' : `; at most ${formatPercent(bounds.falseFailures.hi)}`;
  return {
    goal,
    source,
    figure: shareOf(falseFailures, sessions) + upper,
    wanted: `at most ${formatSetting(most)}`,
    isMet: falseFailures / sessions <= most,
    isThin: (bounds?.falseFailures.hi ?? 0) > most,
  };
}

function detectionRows({ live, replays }: PowerSummary, { slowdown, least }: (typeof goals.detection)[number]): Rows {
  const goal = `a slowdown of ${formatSetting(slowdown)} in one cell is found`;
  const wanted = `at least ${formatSetting(least)}`;
  const counted = live.find(
    ({ load, injected }) => load === 'quiet' && injected.kind === 'repeat' && injected.share === slowdown,
  );
  const replayed = replayOf(replays.quiet, slowdown);
  const lower = replayed?.bounds?.detected.lo;
  return [
    counted && {
      goal,
      source: 'live, small grid',
      figure: `${counted.detected} of ${counted.sessions} (at least ${formatPercent(counted.detectionBounds.lo)})`,
      wanted,
      isMet: counted.detected / counted.sessions >= least,
      isThin: counted.sessions < goals.liveSessions.changed,
    },
    replayed && {
      goal,
      source: 'replay, whole grid',
      figure: `${shareOf(replayed.detected, replayed.sessions)}${lower === undefined ? '' : `; at least ${formatPercent(lower)}`}`,
      wanted,
      isMet: replayed.detected / replayed.sessions >= least,
      isThin: (lower ?? 1) < least,
    },
  ];
}

function untouchedRow({ replays }: PowerSummary, slowdown: number): GoalRow | undefined {
  const replayed = replayOf(replays.quiet, slowdown);
  if (replayed === undefined) return undefined;
  const { cells, failed, inconclusive } = replayed.untouched;
  const green = 1 - (failed + inconclusive) / cells;
  return {
    goal: `other cells stay green beside one slower by ${formatSetting(slowdown)}`,
    source: 'replay, whole grid',
    figure: formatFinePercent(green),
    wanted: `at least ${formatSetting(goals.untouchedGreen)}`,
    isMet: green >= goals.untouchedGreen,
  };
}

function orderRow({ spread: { quiet } }: PowerSummary): GoalRow | undefined {
  if (quiet === undefined) return undefined;
  const bias = Math.abs(quiet.medianDifference);
  return {
    goal: 'what the second side reads beside itself, median over the cells',
    source: 'duets without a change',
    figure: formatFinePercent(bias),
    wanted: `below ${formatSetting(goals.orderBias)}`,
    isMet: bias < goals.orderBias,
  };
}

function swappedRow({ injected }: PowerSummary): GoalRow | undefined {
  const swapped = injected.filter(({ injected: change }) => change.kind === 'repeat' && change.side === 'baseline');
  if (swapped.length === 0) return undefined;
  const turned = swapped.filter(({ measured }) => (measured.hi ?? 0) < 0);
  return {
    goal: 'a slower baseline turns the sign of the effect',
    source: 'duets',
    figure: `${turned.length} of ${swapped.length} cells`,
    wanted: 'all',
    isMet: turned.length === swapped.length,
  };
}

function undecidedRow(source: string, { untouched }: Pick<LiveCounts, 'untouched'>): GoalRow {
  const { cells, inconclusive } = untouched;
  return {
    goal: 'cells that stay undecided under load',
    source,
    figure: shareOf(inconclusive, cells),
    wanted: `at most ${formatSetting(goals.busyInconclusive)}`,
    isMet: inconclusive / cells <= goals.busyInconclusive,
  };
}

function shareOf(count: number, of: number): string {
  return `${formatFinePercent(count / of)} (${formatCount(count)} of ${formatCount(of)})`;
}
