/**
 * What the recorded evidence says of the gate, as a document: its goals, curves of replayed sessions, live sessions, and
 * what changes put in on purpose read. Every figure is computed from the recording.
 */
import type { InjectedChange, MachineLoad, PowerEvidence, PowerSummary, ReplayResult } from '../../model/gate.ts';
import type { Block, Document, TableCell } from '../document.ts';
import { list, paragraph, remark } from '../parts/blocks.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { figure, intervalTitle, noFigure } from '../parts/figure-cells.ts';
import { left, right, tabulate } from '../parts/table.ts';
import {
  formatChange,
  formatCount,
  formatDuration,
  formatFinePercent,
  formatMoment,
  formatPlural,
  formatSetting,
} from '../quantities.ts';
import { changeBoundsCell } from './change-cells.ts';
import { showCell } from './gate-sentences.ts';
import { falseFailureGoal, type GoalRow, goalRows, goalTable } from './power-goals.ts';

/** The goals alone, for a document that is about something else. */
export function reportPowerGoals(summary: PowerSummary): Document {
  return { title: 'Goals of the gate', blocks: [goalTable(goalRows(summary))] };
}

/** Builds the report of a recording, finished or not. */
export function reportPower(evidence: PowerEvidence, summary: PowerSummary): Document {
  const rows = goalRows(summary);
  const { environment, startedAt } = evidence;
  return {
    title: 'What the gate detects, and how often it cries wolf',
    blocks: [
      paragraph(introduce(evidence, rows)),
      goalTable(rows),
      ...curveTables(summary),
      ...liveTable(summary),
      ...injectedTable(summary),
      ...list([
        ...independenceLines(summary),
        ...spreadLines(summary),
        tellRuntime(environment),
        tellMachine(environment),
        `begun ${formatMoment(startedAt)}${environment.commit === undefined ? '' : `, commit ${environment.commit}`}`,
      ]),
      remark(
        [
          'Replayed sessions draw the duets of each cell, with replacement, from those recorded without a change, so they know no duet that was not recorded, and are no independent sessions.',
          'The bound behind a replayed share draws cells and their recorded duets anew, each with replacement, and is never closer than what so few independent sessions allow.',
          'The two copies of the baseline in a duet, which are one code, change places by chance.',
          'A slowdown is put in by multiplying the times of one cell, another one in every session.',
          'Live sessions do every n-th operation of one cell twice; the bound behind a count is that of a 95% interval.',
        ].join(' '),
      ),
    ],
  };
}

function introduce(evidence: PowerEvidence, rows: readonly GoalRow[]): string {
  const { duets, sessions, tolerance, screenForks, confirmForks, looks = [confirmForks], falseAlarmRate } = evidence;
  const met = rows.filter(({ isMet, isThin }) => isMet && isThin !== true).length;
  const thin = rows.some(({ isThin }) => isThin === true)
    ? '; "so far" stands beside what rests on too little to show the goal'
    : '';
  return [
    'Both sides are the same commit, so every difference is chance or was put there on purpose.',
    `${formatPlural(duets.length, 'recorded duet')} and ${formatPlural(sessions.length, 'live session')};`,
    `tolerance ${formatSetting(tolerance)}, ${screenForks} duets at first, ${new Intl.ListFormat('en', { type: 'disjunction' }).format(looks.map(String))} fresh ones of suspects,`,
    `failing by chance in at most ${formatSetting(falseAlarmRate)} of sessions.`,
    `${met} of ${rows.length} lines reach their goal${thin}.`,
  ].join(' ');
}

const loads: readonly MachineLoad[] = ['quiet', 'busy'];
const loadNames: Readonly<Record<MachineLoad, string>> = { quiet: 'nothing else running', busy: 'one core busy' };

function curveTables({ replays, spread }: PowerSummary): Block[] {
  return loads.flatMap((load): Block[] => {
    const results = replays[load];
    if (results === undefined) return [];
    const table = tabulate(results, {
      caption: `Replayed sessions of ${formatPlural(spread[load]?.cells ?? 0, 'cell')}, ${loadNames[load]}`,
      columns: [
        right('slowdown of one cell', ({ slowdown }) => figure(slowdown, formatSetting)),
        right('sessions', ({ sessions }) => figure(sessions, formatCount)),
        right('found', (result) => (result.slowdown === 0 ? noFigure : share(result.detected, result))),
        right('another cell failed', (result) => share(result.falseFailures, result)),
        right('inconclusive sessions', (result) => share(result.inconclusiveSessions, result)),
        right('suspects a session', ({ suspects }) => figure(suspects, (count) => count.toFixed(1))),
        right('their fresh duets', ({ freshDuets }) => figure(freshDuets, (count) => count.toFixed(0))),
      ],
    });
    return [table];
  });
}

function share(count: number, { sessions }: ReplayResult): TableCell {
  return figure(count / sessions, formatFinePercent);
}

function liveTable({ live }: PowerSummary): Block[] {
  if (live.length === 0) return [];
  const table = tabulate(live, {
    caption: 'Live sessions',
    columns: [
      left('change in one cell', ({ injected }) => tellInjected(injected)),
      left('machine', ({ load }) => loadNames[load]),
      right('sessions', ({ sessions }) => figure(sessions, formatCount)),
      right('found', ({ injected, detected }) => (injected.kind === 'none' ? noFigure : figure(detected, formatCount))),
      right('another cell failed', ({ falseFailures }) => figure(falseFailures, formatCount)),
      right('inconclusive', ({ inconclusiveSessions }) => figure(inconclusiveSessions, formatCount)),
      right('longest', ({ longestMs }) => figure(longestMs, formatDuration)),
    ],
  });
  return [table];
}

function injectedTable({ injected }: PowerSummary): Block[] {
  if (injected.length === 0) return [];
  const table = tabulate(injected, {
    caption: 'What a change put in on purpose reads',
    columns: [
      left('change', ({ injected: change }) => tellInjected(change)),
      left('cell', ({ cell }) => showCell(cell)),
      right('duets', ({ forks }) => figure(forks, formatCount)),
      right('measured', ({ measured }) => figure(measured.value, formatChange)),
      right(intervalTitle(0.95), ({ measured }) => changeBoundsCell(measured)),
    ],
  });
  return [table];
}

/** What the number of replayed sessions must not be taken for. */
function independenceLines({ replays }: PowerSummary): string[] {
  return loads.flatMap((load) => {
    const independent = replays[load]?.find(({ bounds }) => bounds !== undefined)?.bounds?.independentSessions;
    if (independent === undefined) return [];
    return [
      `duets recorded without a change, ${loadNames[load]}: as many as ${independent.toFixed(1)} independent sessions need; replays show what the decision makes of them and cannot bound a rate of ${formatSetting(falseFailureGoal)}, which only live sessions can`,
    ];
  });
}

function spreadLines({ spread }: PowerSummary): string[] {
  return loads.flatMap((load) => {
    const found = spread[load];
    if (found === undefined) return [];
    return [
      `spread between duets without a change, ${loadNames[load]}: ${formatFinePercent(found.medianSpread)} in the middle of ${found.cells} cells, ${formatFinePercent(found.largestSpread)} at most`,
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
