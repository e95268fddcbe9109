/**
 * The report of one gate session, as a format-neutral document: verdict, table by severity, counts, how to repeat a
 * cell, what was compared, and what the session could not see.
 *
 * Deliberately absent: statistics and verdicts (the gate), widths and colours (formats), and any sentence that was not
 * computed from this session.
 */
import { groupBy } from '../../compare/cells.ts';
import type { CountChange, GateCell, GateSession, Side, Verdict } from '../../model/gate.ts';
import type { Block, Column, Document, ListItem, RowGroup, Section, Table, TableCell, Tone } from '../document.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { nameCell, nameCellBreakably, sortBySeverity, summarizeGate, titleGate } from './gate-sentences.ts';
import {
  formatChange,
  formatChanges,
  formatCount,
  formatDuration,
  formatMoment,
  formatPercent,
  formatPlural,
  formatSetting,
  nothing,
} from '../quantities.ts';
import { tellRepeatCommand } from './repeat-command.ts';
import { showText } from '../../foreign-text.ts';

/** The whole report of a session; one without cells says that nothing was measured, and what it would have compared. */
export function reportGate(session: GateSession): Document {
  const cells = sortBySeverity(session.cells);
  return {
    title: titleGate(session),
    blocks: [
      { kind: 'paragraph', text: summarizeGate(session) },
      ...noteTroubles(session),
      ...tabulateCells(cells),
      ...listWarnings(cells),
      ...tabulateCounts(cells),
      ...reportRepeats(session, cells),
      ...reportLimits(session),
      reportSides(session),
    ],
  };
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

function noteTroubles({ interrupted, warnings }: GateSession): Block[] {
  const stopped = 'This session was stopped before every planned fork was measured.';
  return [...(interrupted === true ? [stopped] : []), ...warnings].map((text) => {
    return { kind: 'note', tone: 'warning', text: showText(text) };
  });
}

function tabulateCells(cells: readonly GateCell[]): Table[] {
  if (cells.length === 0) return [];
  const level = cells.find(({ time }) => time?.confidence !== undefined)?.time?.confidence;
  const columns: Column[] = [
    { title: 'cell', align: 'left' },
    { title: 'time', align: 'right' },
    { title: level === undefined ? 'interval' : `${formatSetting(level)} interval`, align: 'right' },
    { title: 'tolerance', align: 'right' },
    { title: 'forks', align: 'right' },
    { title: 'reason', align: 'left' },
  ];
  const groups = [...groupBy(cells, ({ verdict }) => verdict)].map(([verdict, own]): RowGroup => {
    return { label: { text: verdict, ...toneOf(verdict) }, rows: own.map(tabulateCell) };
  });
  const caption = 'Change in time from baseline to candidate, more is slower';
  return [{ kind: 'table', caption, labelTitle: 'verdict', columns, groups }];
}

function tabulateCell({ cell, verdict, time, tolerance, duets, stage, reason }: GateCell): TableCell[] {
  const own = duets.filter((duet) => duet.stage === stage);
  const usable = own.filter(({ logRatio }) => logRatio !== undefined).length;
  const forks = usable === own.length ? formatCount(usable) : `${formatCount(usable)} of ${formatCount(own.length)}`;
  const { lo, hi } = time ?? {};
  return [
    { text: nameCellBreakably(cell) },
    time === undefined ? { text: nothing } : { text: formatChange(time.value), value: time.value, ...toneOf(verdict) },
    { text: lo === undefined || hi === undefined ? nothing : formatChanges({ lo, hi }) },
    { text: formatSetting(tolerance.time), value: tolerance.time },
    { text: forks, value: usable },
    { text: showText(reason) },
  ];
}

function toneOf(verdict: Verdict): { tone?: Tone } {
  const tone = tones[verdict];
  return tone === undefined ? {} : { tone };
}

/** Warnings of single forks, each told once with the number of cells that have it. */
function listWarnings(cells: readonly GateCell[]): Block[] {
  const told = cells.flatMap(({ duets }) => [...new Set(duets.flatMap(({ warnings }) => warnings))]);
  const items = [...groupBy(told, (text) => text)].map(([text, all]): ListItem => {
    return { text: `${showText(text)} (in ${formatPlural(all.length, 'cell')})`, tone: 'muted' };
  });
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function tabulateCounts(cells: readonly GateCell[]): Table[] {
  const rows = cells.flatMap(({ cell, outputBytes, allocations, tolerance }) => {
    const name = { text: nameCellBreakably(cell) };
    const bytes = outputBytes === undefined || outputBytes.change === 0 ? [] : [outputBytes];
    const memory = allocations === undefined || !isShown(allocations) ? [] : [allocations];
    return [
      ...bytes.map((count) => [name, { text: 'output' }, ...tabulateCount(count, tolerance.outputBytes)]),
      ...memory.map((count) => [name, { text: 'allocated' }, ...tabulateCount(count, tolerance.allocations)]),
    ];
  });
  if (rows.length === 0) return [];
  const columns: Column[] = [
    { title: 'cell', align: 'left' },
    { title: 'bytes', align: 'left' },
    { title: 'baseline', align: 'right' },
    { title: 'candidate', align: 'right' },
    { title: 'change', align: 'right' },
    { title: 'tolerance', align: 'right' },
    { title: 'verdict', align: 'left' },
  ];
  return [{ kind: 'table', caption: 'Bytes an operation, where they changed', columns, groups: [{ rows }] }];
}

function isShown({ change, verdict }: CountChange): boolean {
  return verdict !== 'pass' || Math.abs(change) >= leastShownAllocations;
}

function tabulateCount({ baseline, candidate, change, verdict }: CountChange, tolerance: number): TableCell[] {
  return [
    { text: formatCount(baseline), value: baseline },
    { text: formatCount(candidate), value: candidate },
    { text: formatChange(change), value: change, ...toneOf(verdict) },
    { text: formatSetting(tolerance), value: tolerance },
    { text: verdict },
  ];
}

function reportRepeats(session: GateSession, cells: readonly GateCell[]): Section[] {
  const asked = cells.filter(({ verdict }) => ['regression', 'failed', 'inconclusive'].includes(verdict));
  const blocks = asked.flatMap(({ cell, verdict }): Block[] => [
    { kind: 'paragraph', text: `${verdict}: ${nameCell(cell)}` },
    { kind: 'code', text: tellRepeatCommand(session, cell) },
  ]);
  return blocks.length === 0 ? [] : [{ kind: 'section', title: 'Repeat a cell', blocks }];
}

function reportLimits({ cells, leftOut, falseAlarmRate }: GateSession): Section[] {
  const alarm = `A session without any change fails with a chance of at most ${formatSetting(falseAlarmRate)}.`;
  const items = [alarm, ...tellDetectable(cells)].map((text): ListItem => ({ text }));
  return [
    {
      kind: 'section',
      title: 'What this session could see',
      blocks: [{ kind: 'list', items }, ...listLeftOut(leftOut)],
    },
  ];
}

function tellDetectable(cells: readonly GateCell[]): string[] {
  const known = cells.flatMap(({ cell, detectable }) => (detectable === undefined ? [] : [{ cell, detectable }]));
  const sorted = known.toSorted((a, b) => a.detectable - b.detectable);
  const half = sorted[Math.ceil(sorted.length / 2) - 1];
  const worst = sorted.at(-1);
  if (half === undefined || worst === undefined) return [];
  return [
    `In four of five such sessions a slowdown of ${formatPercent(half.detectable)} shows in at least half of the cells, ` +
      `one of ${formatPercent(worst.detectable)} in all of them; least is seen in ${nameCell(worst.cell)}.`,
  ];
}

function listLeftOut(leftOut: GateSession['leftOut']): Block[] {
  if (leftOut.length === 0) return [];
  const reasons = groupBy(leftOut, ({ reason }) => reason);
  const isShort = leftOut.length <= mostNamedInPlace;
  const items = [...reasons].map(([reason, own]): ListItem => {
    const names = isShort ? `: ${own.map(({ cell }) => nameCell(cell)).join(', ')}` : '';
    return { text: `left out, ${showText(reason)}: ${formatPlural(own.length, 'cell')}${names}` };
  });
  const all = leftOut.map(({ cell, reason }): ListItem => ({ text: `${nameCell(cell)}: ${showText(reason)}` }));
  const details: Block = {
    kind: 'details',
    summary: 'Every cell that was left out',
    blocks: [{ kind: 'list', items: all }],
  };
  return [{ kind: 'list', items }, ...(isShort ? [] : [details])];
}

function reportSides(session: GateSession): Section {
  const { baseline, candidate, environment, startedAt, durationMs, seed } = session;
  const items: ListItem[] = [
    { text: tellSide(baseline) },
    { text: tellSide(candidate) },
    { text: `harness on ${tellRuntime(environment)}` },
    { text: tellMachine(environment) },
    { text: `${formatMoment(startedAt)}, took ${formatDuration(durationMs)}, seed ${seed}` },
  ];
  const blocks: Block[] = [
    { kind: 'list', items: items.map(({ text }) => ({ text: showText(text) })) },
    comparePackages(baseline, candidate),
  ];
  return { kind: 'section', title: 'What was compared', blocks };
}

function tellSide({ name, ref, commit, node }: Side): string {
  return `${name}: ${ref} at ${commit}, node ${node}`;
}

function comparePackages(baseline: Side, candidate: Side): Block {
  const names = [...new Set([...Object.keys(baseline.packages), ...Object.keys(candidate.packages)])].toSorted();
  const rows = names.flatMap((name) => {
    const versions = [baseline, candidate].map(({ packages }) =>
      Object.hasOwn(packages, name) ? packages[name] : undefined,
    );
    return versions[0] === versions[1]
      ? []
      : [[name, ...versions].map((text) => ({ text: showText(text ?? nothing) }))];
  });
  if (rows.length === 0) {
    return {
      kind: 'paragraph',
      text: `Both sides have the same versions of ${formatPlural(names.length, 'measured package')}.`,
    };
  }
  const columns = ['package', 'baseline', 'candidate'].map((title): Column => ({ title, align: 'left' }));
  return { kind: 'table', caption: 'Packages that differ', columns, groups: [{ rows }] };
}
