/**
 * What the recorded evidence says of the gate, beside what it is to reach, as a document.
 *
 * Every figure is computed from the recording; the goals are the project's own and are the only numbers written here.
 */
import type { InjectedChange, MachineLoad, PowerEvidence, PowerSummary, ReplayResult } from '../../model/gate.ts';
import type { Block, Document, Table, TableCell } from '../document.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { nameCell } from './gate-sentences.ts';
import {
  formatChange,
  formatChanges,
  formatCount,
  formatDuration,
  formatMoment,
  formatPercent,
  formatPlural,
  formatSetting,
} from '../quantities.ts';

/** What the gate is to reach. */
const goals = {
  falseFailures: 0.01,
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
interface GoalRow {
  readonly goal: string;
  readonly source: string;
  readonly figure: string;
  readonly wanted: string;
  readonly isMet: boolean;
  /** True where the line rests on fewer live sessions than it should, or its bound does not show the goal; it then counts as neither. */
  readonly isThin?: boolean;
}

/** The goals alone, for a document that is about something else. */
export function reportPowerGoals(summary: PowerSummary): Document {
  return { title: 'Goals of the gate', blocks: [goalTable(goalRows(summary))] };
}

/** Builds the report of a recording, finished or not. */
export function reportPower(evidence: PowerEvidence, summary: PowerSummary): Document {
  const rows = goalRows(summary);
  const met = rows.filter(({ isMet, isThin }) => isMet && isThin !== true).length;
  return {
    title: 'What the gate detects, and how often it cries wolf',
    blocks: [
      {
        kind: 'paragraph',
        text: `Both sides are the same commit, so every difference is chance or was put there on purpose. ${formatPlural(evidence.duets.length, 'recorded duet')} and ${formatPlural(evidence.sessions.length, 'live session')}; tolerance ${formatSetting(evidence.tolerance)}, ${evidence.screenForks} forks at first, ${evidence.confirmForks} fresh ones of suspects, failing by chance in at most ${formatSetting(evidence.falseAlarmRate)} of sessions. ${met} of ${rows.length} lines reach their goal${rows.some(({ isThin }) => isThin === true) ? '; "so far" stands beside what rests on too little to show the goal' : ''}.`,
      },
      goalTable(rows),
      ...curveTables(summary),
      ...liveTable(summary),
      ...injectedTable(summary),
      {
        kind: 'list',
        items: [
          ...independenceLines(summary),
          ...spreadLines(summary),
          { text: tellRuntime(evidence.environment) },
          { text: tellMachine(evidence.environment) },
          {
            text: `begun ${formatMoment(evidence.startedAt)}${evidence.environment.commit === undefined ? '' : `, commit ${evidence.environment.commit}`}`,
          },
        ],
      },
      {
        kind: 'note',
        tone: 'muted',
        text: 'Replayed sessions draw the forks of each cell, with replacement, from those recorded without a change, so they know no fork that was not recorded, and are no independent sessions. The bound behind a replayed share draws cells and their recorded forks anew, each with replacement, and is never closer than what so few independent sessions allow. A slowdown is put in by multiplying the times of one cell, another one in every session. Live sessions do every n-th operation of one cell twice; the bound behind a count is that of a 95% interval.',
      },
    ],
  };
}

function goalRows(summary: PowerSummary): GoalRow[] {
  return [
    ...falseFailureRows(summary),
    ...detectionRows(summary),
    ...untouchedRows(summary),
    ...orderRows(summary),
    ...busyRows(summary),
  ];
}

function goalTable(rows: readonly GoalRow[]): Table {
  return {
    kind: 'table',
    caption: 'Goals',
    columns: [
      { title: 'goal', align: 'left' },
      { title: 'from', align: 'left' },
      { title: 'figure', align: 'right' },
      { title: 'wanted', align: 'right' },
      { title: 'met', align: 'left' },
    ],
    groups: [
      {
        rows: rows.map((row): TableCell[] => [
          { text: row.goal },
          { text: row.source },
          { text: row.figure },
          { text: row.wanted },
          tellMet(row),
        ]),
      },
    ],
  };
}

function tellMet({ isMet, isThin }: GoalRow): TableCell {
  if (!isMet) return { text: 'no', tone: 'bad' };
  return isThin === true ? { text: 'so far', tone: 'warning' } : { text: 'yes', tone: 'good' };
}

function falseFailureRows({ live, replays }: PowerSummary): GoalRow[] {
  const counted = live.find((kind) => kind.load === 'quiet' && kind.injected.kind === 'none');
  const replayed = replays.quiet?.find(({ slowdown }) => slowdown === 0);
  return [
    ...(counted === undefined
      ? []
      : [
          {
            goal: 'sessions that fail without a change',
            source: 'live, small grid',
            figure: `${counted.falseFailures} of ${counted.sessions} (at most ${formatPercent(counted.falseFailureBounds.hi)})`,
            wanted: `none of ${goals.liveSessions.unchanged}`,
            isMet: counted.falseFailures === 0,
            isThin: counted.sessions < goals.liveSessions.unchanged,
          },
        ]),
    ...(replayed === undefined
      ? []
      : [
          {
            goal: 'sessions that fail without a change',
            source: 'replay, whole grid',
            figure: `${shareOf(replayed.falseFailures, replayed.sessions)}${tellUpper(replayed)}`,
            wanted: `at most ${formatSetting(goals.falseFailures)}`,
            isMet: replayed.falseFailures / replayed.sessions <= goals.falseFailures,
            isThin: (replayed.bounds?.falseFailures.hi ?? 0) > goals.falseFailures,
          },
        ]),
  ];
}

function tellUpper({ bounds }: ReplayResult): string {
  return bounds === undefined ? '' : `; at most ${formatPercent(bounds.falseFailures.hi)}`;
}

function detectionRows({ live, replays }: PowerSummary): GoalRow[] {
  return goals.detection.flatMap(({ slowdown, least }) => {
    const counted = live.find(
      ({ load, injected }) => load === 'quiet' && injected.kind === 'repeat' && injected.share === slowdown,
    );
    const replayed = replays.quiet?.find((result) => result.slowdown === slowdown);
    const goal = `a slowdown of ${formatSetting(slowdown)} in one cell is found`;
    const wanted = `at least ${formatSetting(least)}`;
    return [
      ...(counted === undefined
        ? []
        : [
            {
              goal,
              source: 'live, small grid',
              figure: `${counted.detected} of ${counted.sessions} (at least ${formatPercent(counted.detectionBounds.lo)})`,
              wanted,
              isMet: counted.detected / counted.sessions >= least,
              isThin: counted.sessions < goals.liveSessions.changed,
            },
          ]),
      ...(replayed === undefined
        ? []
        : [
            {
              goal,
              source: 'replay, whole grid',
              figure: `${shareOf(replayed.detected, replayed.sessions)}${replayed.bounds === undefined ? '' : `; at least ${formatPercent(replayed.bounds.detected.lo)}`}`,
              wanted,
              isMet: replayed.detected / replayed.sessions >= least,
              isThin: (replayed.bounds?.detected.lo ?? 1) < least,
            },
          ]),
    ];
  });
}

function untouchedRows({ replays }: PowerSummary): GoalRow[] {
  return goals.detection.flatMap(({ slowdown }) => {
    const replayed = replays.quiet?.find((result) => result.slowdown === slowdown);
    if (replayed === undefined) return [];
    const { cells, failed, inconclusive } = replayed.untouched;
    const green = 1 - (failed + inconclusive) / cells;
    return [
      {
        goal: `other cells stay green beside one slower by ${formatSetting(slowdown)}`,
        source: 'replay, whole grid',
        figure: formatFine(green),
        wanted: `at least ${formatSetting(goals.untouchedGreen)}`,
        isMet: green >= goals.untouchedGreen,
      },
    ];
  });
}

function orderRows({ spread, injected }: PowerSummary): GoalRow[] {
  const { quiet } = spread;
  const swapped = injected.filter(({ injected: change }) => change.kind === 'repeat' && change.side === 'baseline');
  return [
    ...(quiet === undefined
      ? []
      : [
          {
            goal: 'what the second side reads beside itself, median over the cells',
            source: 'duets without a change',
            figure: formatFine(Math.abs(quiet.medianDifference)),
            wanted: `below ${formatSetting(goals.orderBias)}`,
            isMet: Math.abs(quiet.medianDifference) < goals.orderBias,
          },
        ]),
    ...(swapped.length === 0
      ? []
      : [
          {
            goal: 'a slower baseline turns the sign of the effect',
            source: 'duets',
            figure: `${swapped.filter(({ measured }) => (measured.hi ?? 0) < 0).length} of ${swapped.length} cells`,
            wanted: 'all',
            isMet: swapped.every(({ measured }) => (measured.hi ?? 0) < 0),
          },
        ]),
  ];
}

function busyRows({ live, replays }: PowerSummary): GoalRow[] {
  const counted = live.find((kind) => kind.load === 'busy' && kind.injected.kind === 'none');
  const replayed = replays.busy?.find(({ slowdown }) => slowdown === 0);
  const inconclusiveRow = (
    source: string,
    { cells, inconclusive }: { cells: number; inconclusive: number },
  ): GoalRow => ({
    goal: 'cells that stay undecided under load',
    source,
    figure: shareOf(inconclusive, cells),
    wanted: `at most ${formatSetting(goals.busyInconclusive)}`,
    isMet: inconclusive / cells <= goals.busyInconclusive,
  });
  return [
    ...(counted === undefined
      ? []
      : [
          {
            goal: 'sessions that fail without a change, one core busy',
            source: 'live, small grid',
            figure: `${counted.falseFailures} of ${counted.sessions} (at most ${formatPercent(counted.falseFailureBounds.hi)})`,
            wanted: `none of ${goals.liveSessions.busy}`,
            isMet: counted.falseFailures === 0,
            isThin: counted.sessions < goals.liveSessions.busy,
          },
          {
            ...inconclusiveRow('live, small grid', counted.untouched),
            isThin: counted.sessions < goals.liveSessions.busy,
          },
        ]),
    ...(replayed === undefined
      ? []
      : [
          {
            goal: 'sessions that fail without a change, one core busy',
            source: 'replay, small grid',
            figure: `${shareOf(replayed.falseFailures, replayed.sessions)}${tellUpper(replayed)}`,
            wanted: `at most ${formatSetting(goals.busyFalseFailures)}`,
            isMet: replayed.falseFailures / replayed.sessions <= goals.busyFalseFailures,
            isThin: (replayed.bounds?.falseFailures.hi ?? 0) > goals.busyFalseFailures,
          },
          inconclusiveRow('replay, small grid', replayed.untouched),
        ]),
  ];
}

const loadNames: Readonly<Record<MachineLoad, string>> = { quiet: 'nothing else running', busy: 'one core busy' };

function curveTables({ replays, spread }: PowerSummary): Block[] {
  return (['quiet', 'busy'] as const).flatMap((load): Block[] => {
    const results = replays[load];
    if (results === undefined) return [];
    return [
      {
        kind: 'table',
        caption: `Replayed sessions of ${formatPlural(spread[load]?.cells ?? 0, 'cell')}, ${loadNames[load]}`,
        columns: [
          { title: 'slowdown of one cell', align: 'right' },
          { title: 'sessions', align: 'right' },
          { title: 'found', align: 'right' },
          { title: 'another cell failed', align: 'right' },
          { title: 'inconclusive sessions', align: 'right' },
          { title: 'suspects a session', align: 'right' },
        ],
        groups: [
          {
            rows: results.map((result): TableCell[] => [
              { text: formatSetting(result.slowdown), value: result.slowdown },
              { text: formatCount(result.sessions), value: result.sessions },
              result.slowdown === 0 ? { text: '–' } : share(result.detected, result.sessions),
              share(result.falseFailures, result.sessions),
              share(result.inconclusiveSessions, result.sessions),
              { text: result.suspects.toFixed(1), value: result.suspects },
            ]),
          },
        ],
      },
    ];
  });
}

function liveTable({ live }: PowerSummary): Block[] {
  if (live.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'Live sessions',
      columns: [
        { title: 'change in one cell', align: 'left' },
        { title: 'machine', align: 'left' },
        { title: 'sessions', align: 'right' },
        { title: 'found', align: 'right' },
        { title: 'another cell failed', align: 'right' },
        { title: 'inconclusive', align: 'right' },
        { title: 'longest', align: 'right' },
      ],
      groups: [
        {
          rows: live.map((kind): TableCell[] => [
            { text: tellInjected(kind.injected) },
            { text: loadNames[kind.load] },
            { text: formatCount(kind.sessions), value: kind.sessions },
            kind.injected.kind === 'none' ? { text: '–' } : { text: formatCount(kind.detected), value: kind.detected },
            { text: formatCount(kind.falseFailures), value: kind.falseFailures },
            { text: formatCount(kind.inconclusiveSessions), value: kind.inconclusiveSessions },
            { text: formatDuration(kind.longestMs), value: kind.longestMs },
          ]),
        },
      ],
    },
  ];
}

function injectedTable({ injected }: PowerSummary): Block[] {
  if (injected.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'What a change put in on purpose reads',
      columns: [
        { title: 'change', align: 'left' },
        { title: 'cell', align: 'left' },
        { title: 'forks', align: 'right' },
        { title: 'measured', align: 'right' },
        { title: '95% interval', align: 'right' },
      ],
      groups: [
        {
          rows: injected.map(({ cell, injected: change, forks, measured: { value, lo, hi } }): TableCell[] => [
            { text: tellInjected(change) },
            { text: nameCell(cell) },
            { text: formatCount(forks), value: forks },
            { text: formatChange(value), value },
            { text: lo === undefined || hi === undefined ? '–' : formatChanges({ lo, hi }) },
          ]),
        },
      ],
    },
  ];
}

/** What the number of replayed sessions must not be taken for. */
function independenceLines({ replays }: PowerSummary): { text: string }[] {
  return (['quiet', 'busy'] as const).flatMap((load) => {
    const independent = replays[load]?.find(({ bounds }) => bounds !== undefined)?.bounds?.independentSessions;
    if (independent === undefined) return [];
    return [
      {
        text: `forks recorded without a change, ${loadNames[load]}: as many as ${independent.toFixed(1)} independent sessions need; replays show what the decision makes of them and cannot bound a rate of ${formatSetting(goals.falseFailures)}, which only live sessions can`,
      },
    ];
  });
}

function spreadLines({ spread }: PowerSummary): { text: string }[] {
  return (['quiet', 'busy'] as const).flatMap((load) => {
    const found = spread[load];
    if (found === undefined) return [];
    return [
      {
        text: `spread between forks without a change, ${loadNames[load]}: ${formatFine(found.medianSpread)} in the middle of ${found.cells} cells, ${formatFine(found.largestSpread)} at most`,
      },
    ];
  });
}

function tellInjected(change: InjectedChange): string {
  switch (change.kind) {
    case 'none':
      return 'none';
    case 'repeat':
      return `${formatSetting(change.share)} of the ${change.side}'s operations done twice`;
    case 'mutant':
      return `mutant ${change.mutant}`;
  }
}

function share(count: number, of: number): TableCell {
  return { text: formatFine(count / of), value: count / of };
}

function shareOf(count: number, of: number): string {
  return `${formatFine(count / of)} (${formatCount(count)} of ${formatCount(of)})`;
}

/** A percent with the decimals that tell 99.6% from 100%; what is not all or none is never rounded to it. */
function formatFine(value: number): string {
  const percent = value * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  const rounded = percent.toFixed(percent < 1 || percent > 99 ? 2 : 1);
  if (Number(rounded) === 0) return 'below 0.01%';
  return Number(rounded) === 100 ? 'above 99.99%' : `${rounded}%`;
}
