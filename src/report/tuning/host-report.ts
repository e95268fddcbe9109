/**
 * What a host carries, and what became of its settings, as documents.
 */
import type { AppliedSetting, CheckedValue, DescriptorLimits, HostCheck, UndoneSetting } from '../../model/tuning.ts';
import type { Block, Document, TableCell, Tone } from '../document.ts';
import { command, list, paragraph, remark, warning } from '../parts/blocks.ts';
import { noFigure } from '../parts/figure-cells.ts';
import { left, tabulate } from '../parts/table.ts';
import { formatCount, formatList, formatPlural } from '../quantities.ts';

/** Every value of the host beside what is wanted, with what is too low for the load first in words. */
export function reportCheck(check: HostCheck): Document {
  const { values, unreservedPorts } = check;
  const notes = values.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]));
  return {
    title: 'wirebench tune check',
    blocks: [
      tellTooLow(check),
      paragraph(tellBelow(values)),
      tabulate(values, {
        columns: [
          left('setting', ({ name }) => name),
          left('now', nowCell),
          left('wanted', ({ wanted }) => wanted),
          left('carries', carriesCell),
          left('what it bounds', ({ why }) => why),
        ],
      }),
      ...tellUnreserved(unreservedPorts),
      ...list(notes.map((text) => ({ text, tone: 'muted' }))),
    ],
  };
}

/** What was set, what stays and why, and what could not be set. */
export function reportApplied(request: {
  settings: readonly AppliedSetting[];
  users: number;
  /** Of descriptors, which no setting of the kernel raises. */
  descriptorsCarry: number;
  /** What was before, and the command that goes back to it; absent where nothing was set. */
  undo?: { readonly file: string; readonly command: string };
}): Document {
  const { settings, users, descriptorsCarry, undo } = request;
  const count = (wanted: AppliedSetting['outcome']): number =>
    settings.filter(({ outcome }) => outcome === wanted).length;
  const failed = settings.filter(({ outcome }) => outcome === 'not set');
  const low = settings.filter(({ isTooLow }) => isTooLow).map(({ name }) => name);
  return {
    title: 'wirebench tune apply',
    blocks: [
      paragraph(
        count('set') === 0
          ? 'Nothing was changed.'
          : `${formatPlural(count('set'), 'setting')} changed, until the machine starts again.`,
      ),
      ...(failed.length === 0 ? [] : [warning(`Not set: ${formatList(failed.map(({ name }) => name))}.`)]),
      ...(low.length === 0
        ? []
        : [warning(`Not enough for ${formatPlural(users, 'user')}, as far as can be told: ${formatList(low)}.`)]),
      tabulate(settings, {
        columns: [
          left('setting', ({ name }) => name),
          left('before', ({ before }) => textCell(before)),
          left('now', ({ now }) => textCell(now)),
          left('what happened', ({ outcome, reason }) => outcomeCell(outcome, reason)),
        ],
      }),
      ...(descriptorsCarry >= users ? [] : [warning(tellDescriptors(descriptorsCarry, users))]),
      ...(undo === undefined
        ? []
        : [remark(`What was before is kept in ${undo.file}. To go back to it:`), command(undo.command)]),
    ],
  };
}

/** What was restored, and what is left. */
export function reportUndone({
  settings,
  undoFile,
}: {
  settings: readonly UndoneSetting[];
  undoFile: string;
}): Document {
  const rest = settings.filter(({ outcome }) => outcome !== 'restored' && outcome !== 'as before');
  return {
    title: 'wirebench tune undo',
    blocks: [
      paragraph(
        rest.length === 0
          ? 'Every setting is as it was before.'
          : `Not restored: ${formatList(rest.map(({ name }) => name))}. ${undoFile} keeps what they were before.`,
      ),
      tabulate(settings, {
        columns: [
          left('setting', ({ name }) => name),
          left('before it was applied', ({ before }) => textCell(before)),
          left('now', ({ now }) => textCell(now)),
          left('what happened', ({ outcome, reason }) => outcomeCell(outcome, reason)),
        ],
      }),
    ],
  };
}

/** Limits of descriptors, and how they are raised. @param request.wanted the limit for so many users. */
export function reportLimits(request: { limits: DescriptorLimits; users: number; wanted: number }): Document {
  const { limits, users, wanted } = request;
  const { soft, hard, most, ofMachine, openOnMachine, carriesUsers } = limits;
  const isEnough = carriesUsers >= users;
  const rows: [name: string, value: number | undefined, what: string][] = [
    ['soft limit', soft, 'files and connections that this process may have open'],
    ['hard limit', hard, 'up to where a process may raise its own'],
    ['fs.nr_open', most, 'the highest limit that any process can be given'],
    ['fs.file-max', ofMachine, 'what may be open on the machine'],
    ['open now', openOnMachine, 'what is open on the machine'],
  ];
  const carried = `A process has room for ${formatPlural(carriesUsers, 'user')} with a connection each`;
  return {
    title: 'wirebench tune limits',
    blocks: [
      isEnough
        ? paragraph(`${carried}, which is enough for ${formatCount(users)}.`)
        : warning(`${carried}, which is too few for ${formatCount(users)}.`),
      tabulate(rows, {
        columns: [
          left('limit', ([name]) => name),
          left('now', ([, value]) => (value === undefined ? noFigure : { text: `${value}`, value })),
          left('what it bounds', ([, , what]) => what),
        ],
      }),
      remark('Node.js raises its soft limit to the hard one when it starts, so a shell may have less. To raise both:'),
      ...list([
        `in a shell, up to the hard limit: ulimit -n ${wanted}`,
        'for logins: wirebench tune persist, which writes a file under /etc/security/limits.d; then log in again',
        `for a service of systemd: LimitNOFILE=${wanted} in its unit`,
        ...(most !== undefined && most < wanted
          ? [`for all of them, first: sysctl -w fs.nr_open=${wanted}, since no limit can be higher`]
          : []),
      ]),
    ],
  };
}

function tellTooLow({ users, values }: HostCheck): Block {
  const low = values
    .filter(({ isTooLow }) => isTooLow)
    .map(({ name, assumes }) => (assumes === undefined ? name : `${name} (for users ${assumes})`));
  const load = `${formatPlural(users, 'user')} with a connection each`;
  if (low.length === 0) return paragraph(`Nothing is too low for ${load}.`);
  return warning(`${low.length} of ${values.length} values are too low for ${load}: ${formatList(low)}.`);
}

function tellBelow(values: readonly CheckedValue[]): string {
  const below = values.filter(({ standing, isTooLow }) => standing === 'below' && !isTooLow).length;
  const unknown = values.filter(({ standing }) => standing === 'unknown').length;
  const more = unknown === 0 ? '' : ` ${formatCount(unknown)} cannot be read here.`;
  return `${formatCount(below)} more are less than is wanted, and enough or of no account for so many.${more}`;
}

function tellDescriptors(carried: number, users: number): string {
  return `A process has descriptors for ${formatPlural(carried, 'user')} and not for ${formatCount(users)}, which is no setting of the kernel: \`wirebench tune limits\` says how to have more.`;
}

function tellUnreserved(ports: string): Block[] {
  if (ports === '') return [];
  return [
    remark(
      `Servers listen on ports inside the wanted range, which a connection might take while they are down: ${ports}. \`wirebench tune apply\` reserves them.`,
    ),
  ];
}

function nowCell({ now, problem, standing }: CheckedValue): TableCell {
  if (now === undefined) return { text: `none: ${problem ?? 'no reason given'}`, tone: 'muted' };
  return standing === 'beyond' ? { text: `${now}, better` } : { text: now };
}

function carriesCell({ carriesUsers, isTooLow, standing }: CheckedValue): TableCell {
  if (standing === 'unknown') return noFigure;
  if (carriesUsers === undefined) return { text: 'any number', tone: 'muted' };
  const users = { value: carriesUsers, text: formatPlural(carriesUsers, 'user') };
  return isTooLow ? { ...users, text: `${users.text}, too low`, tone: 'bad' } : { ...users, tone: 'good' };
}

/** An empty value is a list without ports. */
function textCell(text: string | undefined): TableCell {
  if (text === undefined) return noFigure;
  return text === '' ? { text: 'none', tone: 'muted' } : { text };
}

const tones: Readonly<Record<AppliedSetting['outcome'] | UndoneSetting['outcome'], Tone>> = {
  set: 'good',
  'as wanted': 'muted',
  kept: 'muted',
  'not here': 'muted',
  'left alone': 'muted',
  'not set': 'bad',
  restored: 'good',
  'as before': 'muted',
  'changed since': 'warning',
  'not restored': 'bad',
};

function outcomeCell(outcome: keyof typeof tones, reason: string | undefined): TableCell {
  return { text: reason === undefined ? outcome : `${outcome}: ${reason}`, tone: tones[outcome] };
}
