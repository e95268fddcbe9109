/**
 * The files that set a host up at every start: what sysctl reads, and the limits that a login gets.
 *
 * A value that is better than wanted already is not written down, or as it is now: nothing gets worse at the next start.
 * Sources: sysctl.d(5), limits.conf(5), pam_limits(8).
 */
import type { DescriptorLimits } from '../model/tuning.ts';
import { chooseReservedPorts, chooseTarget, type TargetOptions } from './apply.ts';
import { readDescriptors, wantedDescriptors } from './descriptors.ts';
import { isBeyondInAll, wantedText } from './figures.ts';
import { type Host, readQuietly } from './host.ts';
import { readSetting, refuseOtherSystems } from './reading.ts';
import { portRange, reservedPortsName, type Setting, settings } from './settings.ts';

export interface PersistOptions extends TargetOptions {
  readonly users: number;
}

/** A file as it is to be. */
export interface PersistentFile {
  /** From the host's root. */
  readonly file: string;
  readonly text: string;
  /** What is there now; absent where there is nothing. */
  readonly earlier?: string;
  /** What has to happen before it counts; a sentence without a full stop. */
  readonly countsFrom: string;
}

/** Behind the distribution's own files, which are read in the order of their names. */
const settingsFile = '/etc/sysctl.d/99-wirebench.conf';
const limitsFile = '/etc/security/limits.d/99-wirebench.conf';

/** @throws {UserError} on a system that is not Linux, or that does not say what the limits of this process are. */
export function describeFiles(host: Host, options: PersistOptions): PersistentFile[] {
  refuseOtherSystems(host);
  return [
    {
      file: settingsFile,
      text: layOutSettings(host, options),
      ...earlierOf(host, settingsFile),
      countsFrom: 'from the next start, or at once by `sysctl --system`',
    },
    {
      file: limitsFile,
      text: layOutLimits(readDescriptors(host), { ...options, earlier: readQuietly(host, limitsFile) ?? '' }),
      ...earlierOf(host, limitsFile),
      countsFrom: 'from the next login; services have LimitNOFILE= in their units instead',
    },
  ];
}

/** Writes those that are not there in the same words already. @throws {UserError} where one cannot be written. */
export function writeFiles(host: Host, files: readonly PersistentFile[]): void {
  for (const { file, text, earlier } of files) if (text !== earlier) host.replace(file, text);
}

function earlierOf(host: Host, file: string): { earlier?: string } {
  const earlier = readQuietly(host, file);
  return earlier === undefined ? {} : { earlier };
}

function layOutSettings(host: Host, options: PersistOptions): string {
  const head = ['# Settings of the kernel for thousands of connections.', '# Written by `wirebench tune persist`.'];
  const lines = settings.flatMap((setting) => ['', `# ${setting.why}`, layOutSetting(host, setting, options)]);
  return [...head, '', ...layOutReservedPorts(host, options), ...lines, ''].join('\n');
}

function layOutSetting(host: Host, setting: Setting, { better }: PersistOptions): string {
  const { name, figures } = setting;
  const reading = readSetting(host, setting);
  if (reading.status !== 'read') return `# ${name}: ${reading.problem}`;
  if (better === 'keep' && isBeyondInAll(reading.figures, figures)) {
    return `# ${name} is left out: ${reading.text} is better than ${wantedText(figures)}`;
  }
  return `${name} = ${chooseTarget(reading, { setting, better }).target}`;
}

/** In front of the range, so that no connection takes a port in between. */
function layOutReservedPorts(host: Host, { better, reservedPorts }: PersistOptions): string[] {
  const reading = readSetting(host, portRange);
  if (reading.status !== 'read') return [];
  const range = chooseTarget(reading, { setting: portRange, better }).target.split(' ').map(Number);
  const chosen = chooseReservedPorts(host, { range, reservedPorts });
  if ('problem' in chosen || chosen.target === '') return [];
  return ['# ports of servers, which no connection gets by chance', `${reservedPortsName} = ${chosen.target}`];
}

/** @param options.earlier the file as it is, whose limits are not lowered either. */
function layOutLimits(
  { hard, most = Number.MAX_SAFE_INTEGER }: DescriptorLimits,
  { users, better, earlier }: PersistOptions & { readonly earlier: string },
): string {
  const wanted = wantedDescriptors(users);
  const kept = better === 'force' ? [] : [hard, ...limitsIn(earlier, 'hard')];
  const keptSoft = better === 'force' ? [] : limitsIn(earlier, 'soft');
  // A login fails where its limits are above what the kernel gives to anybody.
  const soft = Math.min(most, Math.max(wanted, ...keptSoft));
  const highest = Math.min(most, Math.max(wanted, ...kept));
  return [
    '# Descriptors for thousands of connections; what stands for everybody does not count for root.',
    '# Written by `wirebench tune persist`.',
    ...(wanted > most ? [`# ${users} users need ${wanted}, and fs.nr_open allows ${most}.`] : []),
    ...['*', 'root'].flatMap((who) => [`${who} soft nofile ${soft}`, `${who} hard nofile ${highest}`]),
    '',
  ].join('\n');
}

function limitsIn(text: string, kind: 'soft' | 'hard'): number[] {
  const lines = text.matchAll(/^\S+\s+(soft|hard)\s+nofile\s+(\d+)\s*$/gm);
  return [...lines].filter(([, found]) => found === kind).map(([, , figure]) => Number(figure));
}
