/**
 * The report of one gate session, as a format-neutral document: verdict, table by severity, counts, how to repeat a
 * cell, what was compared, and what the session could not see.
 */
import { groupBy } from '../../compare/cells.ts';
import type { CountChange, GateCell, GateSession, Side, Verdict } from '../../model/gate.ts';
import type { Block, Document, ListItem, Section, Table, TableCell, Tone } from '../document.ts';
import { answerOf } from '../parts/answer.ts';
import { command, details, list, paragraph, section, warning } from '../parts/blocks.ts';
import { tellMachine, tellRuntime, tellWhen } from '../parts/environment-lines.ts';
import { figure, intervalTitle, toned } from '../parts/figure-cells.ts';
import { left, right, tabulate, tabulateGroups } from '../parts/table.ts';
import { formatChange, formatCount, formatPercent, formatPlural, formatSetting, nothing } from '../quantities.ts';
import { changeBoundsCell } from './change-cells.ts';
import { chartChanges } from './change-chart.ts';
import {
  showCell,
  showCellBreakably,
  sortBySeverity,
  summarizeGate,
  tellGateCell,
  titleGate,
} from './gate-sentences.ts';
import { tellRepeatCommand } from './repeat-command.ts';

/** The whole report of a session; one without cells says that nothing was measured, and what it would have compared. */
export function reportGate(session: GateSession): Document {
  const cells = sortBySeverity(session.cells);
  return {
    title: titleGate(session),
    blocks: [
      ...answerOf(answerGate(session, cells), chartChanges(cells)),
      ...warnOfTroubles(session),
      ...tabulateCells(cells),
      ...listWarnings(cells),
      ...tabulateCounts(cells),
      ...reportRepeats(session, cells),
      reportLimits(session),
      reportSides(session),
    ],
  };
}

/** The verdict, what moved most, what the session could have seen, and how often it is wrong. */
function answerGate(session: GateSession, cells: readonly GateCell[]): string[] {
  const told = [summarizeGate(session), ...tellLargestGain(cells)];
  if (cells.length === 0) return told;
  const open = cells.filter(({ verdict }) => verdict === 'inconclusive').length;
  const repeat =
    open === 0
      ? []
      : [
          `${formatPlural(open, 'cell')} could not be decided; a command to repeat ${open === 1 ? 'it' : 'each'} stands below.`,
        ];
  return [...told, ...repeat, ...tellDetectable(cells), tellAlarm(session)];
}

/** Regressions are named in the verdict. */
function tellLargestGain(cells: readonly GateCell[]): string[] {
  const best = cells.find(({ verdict }) => verdict === 'improvement');
  return best === undefined ? [] : [`Most improved: ${tellGateCell(best)}.`];
}

function tellAlarm({ falseAlarmRate }: GateSession): string {
  return `A session without any change fails with a chance of at most ${formatSetting(falseAlarmRate)}.`;
}

const tones: Readonly<Record<Verdict, Tone | undefined>> = {
  regression: 'bad',
  failed: 'bad',
  inconclusive: 'warning',
  improvement: 'good',
  new: undefined,
  gone: undefined,
  unmeasured: undefined,
  pass: 'muted',
};

/** A change in allocations below this share would be written as 0.0% and says nothing, since they wobble. */
const leastShownAllocations = 0.0005;

/** Left-out cells up to this number are named in place, more of them where there is room. Arbitrary. */
const mostNamedInPlace = 8;

function warnOfTroubles({ interrupted, warnings }: GateSession): Block[] {
  const stopped = 'This session was stopped before every planned duet was measured.';
  return [...(interrupted === true ? [stopped] : []), ...warnings].map(warning);
}

function tabulateCells(cells: readonly GateCell[]): Table[] {
  if (cells.length === 0) return [];
  const level = cells.find(({ time }) => time?.confidence !== undefined)?.time?.confidence;
  const groups = [...groupBy(cells, ({ verdict }) => verdict)].map(([verdict, rows]) => ({
    label: toned({ text: verdict }, tones[verdict]),
    rows,
  }));
  const table = tabulateGroups(groups, {
    caption: 'Change in time from baseline to candidate, more is slower',
    labelTitle: 'verdict',
    columns: [
      left('cell', ({ cell }) => showCellBreakably(cell)),
      right('time', ({ time, verdict }) => toned(figure(time?.value, formatChange), time && tones[verdict])),
      right(intervalTitle(level), ({ time }) => changeBoundsCell(time)),
      right('tolerance', ({ tolerance }) => figure(tolerance.time, formatSetting)),
      right('duets', countDuets),
      left('reason', ({ reason }) => reason),
    ],
  });
  return [table];
}

function countDuets({ duets, stage }: GateCell): TableCell {
  const own = duets.filter((duet) => duet.stage === stage);
  const usable = own.filter(({ logRatio }) => logRatio !== undefined).length;
  const of = usable === own.length ? '' : ` of ${formatCount(own.length)}`;
  return { text: formatCount(usable) + of, value: usable };
}

/** Warnings of single duets, each told once with the number of cells that have it. */
function listWarnings(cells: readonly GateCell[]): Block[] {
  const told = cells.flatMap(({ duets }) => [...new Set(duets.flatMap(({ warnings }) => warnings))]);
  return list(
    [...groupBy(told, (text) => text)].map(([text, all]): ListItem => ({
      text: `${text} (in ${formatPlural(all.length, 'cell')})`,
      tone: 'muted',
    })),
  );
}

/** A count of one cell that is worth a row. */
interface ShownCount {
  readonly cell: GateCell['cell'];
  readonly what: 'output' | 'allocated';
  readonly count: CountChange;
  readonly tolerance: number;
}

function tabulateCounts(cells: readonly GateCell[]): Table[] {
  const rows = cells.flatMap(({ cell, outputBytes, allocations, tolerance }): ShownCount[] => [
    ...(outputBytes === undefined || outputBytes.change === 0
      ? []
      : [{ cell, what: 'output' as const, count: outputBytes, tolerance: tolerance.outputBytes }]),
    ...(allocations === undefined || !isShown(allocations)
      ? []
      : [{ cell, what: 'allocated' as const, count: allocations, tolerance: tolerance.allocations }]),
  ]);
  if (rows.length === 0) return [];
  return [
    tabulate(rows, {
      caption: 'Bytes an operation, where they changed',
      columns: [
        left('cell', ({ cell }) => showCellBreakably(cell)),
        left('bytes', ({ what }) => what),
        right('baseline', ({ count }) => figure(count.baseline, formatCount)),
        right('candidate', ({ count }) => figure(count.candidate, formatCount)),
        right('change', ({ count }) => toned(figure(count.change, formatChange), tones[count.verdict])),
        right('tolerance', ({ tolerance }) => figure(tolerance, formatSetting)),
        left('verdict', ({ count }) => count.verdict),
      ],
    }),
  ];
}

function isShown({ change, verdict }: CountChange): boolean {
  return verdict !== 'pass' || Math.abs(change) >= leastShownAllocations;
}

function reportRepeats(session: GateSession, cells: readonly GateCell[]): Section[] {
  const asked = cells.filter(({ verdict }) => ['regression', 'failed', 'inconclusive'].includes(verdict));
  if (asked.length === 0) return [];
  const blocks = asked.flatMap(({ cell, verdict }) => [
    paragraph(`${verdict}: ${showCell(cell)}`),
    command(tellRepeatCommand(session, cell)),
  ]);
  return [section('Repeat a cell', blocks)];
}

function reportLimits(session: GateSession): Section {
  const { cells, leftOut } = session;
  return section('What this session could see', [
    ...list([tellAlarm(session), ...tellDetectable(cells)]),
    ...listLeftOut(leftOut),
  ]);
}

function tellDetectable(cells: readonly GateCell[]): string[] {
  const known = cells.flatMap(({ cell, detectable }) => (detectable === undefined ? [] : [{ cell, detectable }]));
  const sorted = known.toSorted((a, b) => a.detectable - b.detectable);
  const half = sorted[Math.ceil(sorted.length / 2) - 1];
  const worst = sorted.at(-1);
  if (half === undefined || worst === undefined) return [];
  return [
    `In four of five such sessions a slowdown of ${formatPercent(half.detectable)} shows in at least half of the cells, ` +
      `one of ${formatPercent(worst.detectable)} in all of them; least is seen in ${showCell(worst.cell)}.`,
  ];
}

function listLeftOut(leftOut: GateSession['leftOut']): Block[] {
  const reasons = groupBy(leftOut, ({ reason }) => reason);
  const isShort = leftOut.length <= mostNamedInPlace;
  const items = [...reasons].map(([reason, own]) => {
    const names = isShort ? `: ${own.map(({ cell }) => showCell(cell)).join(', ')}` : '';
    return `left out, ${reason}: ${formatPlural(own.length, 'cell')}${names}`;
  });
  const all = list(leftOut.map(({ cell, reason }) => `${showCell(cell)}: ${reason}`));
  return [...list(items), ...(isShort ? [] : [details('Every cell that was left out', all)])];
}

function reportSides(session: GateSession): Section {
  const { baseline, candidate, environment, seed } = session;
  const items = [
    tellSide(baseline),
    tellSide(candidate),
    `harness on ${tellRuntime(environment)}`,
    tellMachine(environment),
    `${tellWhen(session)}, seed ${seed}`,
  ];
  return section('What was compared', [...list(items), comparePackages(baseline, candidate)]);
}

function tellSide({ name, ref, commit, node }: Side): string {
  return `${name}: ${ref} at ${commit}, node ${node}`;
}

function comparePackages(baseline: Side, candidate: Side): Block {
  const names = [...new Set([...Object.keys(baseline.packages), ...Object.keys(candidate.packages)])].toSorted();
  const rows = names.filter((name) => versionOf(baseline, name) !== versionOf(candidate, name));
  if (rows.length === 0)
    return paragraph(`Both sides have the same versions of ${formatPlural(names.length, 'measured package')}.`);
  return tabulate(rows, {
    caption: 'Packages that differ',
    columns: [
      left('package', (name) => name),
      left('baseline', (name) => versionOf(baseline, name) ?? nothing),
      left('candidate', (name) => versionOf(candidate, name) ?? nothing),
    ],
  });
}

function versionOf({ packages }: Side, name: string): string | undefined {
  return Object.hasOwn(packages, name) ? packages[name] : undefined;
}
