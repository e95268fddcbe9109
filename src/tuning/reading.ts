/**
 * Reads settings and what they are judged beside; what cannot be read is said in words and ends nothing.
 */
import { messageOf, toOneLine } from '../foreign-text.ts';
import { UserError } from '../user-error.ts';
import { readFigures, toPlainText } from './figures.ts';
import { type Host, readQuietly } from './host.ts';
import { readPorts } from './ports.ts';
import { type HostFacts, portRange, reservedPortsName, type Setting } from './settings.ts';

/** A setting of this host, or why there is none. */
export type Reading =
  | { readonly status: 'read'; readonly text: string; readonly figures: readonly number[] }
  | { readonly status: 'not here' | 'unreadable'; readonly problem: string };

/** @throws {UserError} on a system whose settings are no files. */
export function refuseOtherSystems(host: Host): void {
  if (host.has('/proc/sys')) return;
  throw new UserError('cannot tune this host: it has no /proc/sys, where Linux has its settings', {
    hint: 'run it on the Linux machine that carries the load',
  });
}

export function settingFile(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`;
}

export function readSetting(host: Host, setting: Setting): Reading {
  const found = readSettingText(host, setting.name);
  if (found.status !== 'read') return found;
  const figures = readFigures(found.text, setting.figures.length);
  return figures === undefined ? tellUnreadable(found.text) : { ...found, figures };
}

/** @returns the ports in `figures`, ascending. */
export function readReservedPorts(host: Host): Reading {
  const found = readSettingText(host, reservedPortsName);
  if (found.status !== 'read') return found;
  const figures = readPorts(found.text);
  return figures === undefined ? tellUnreadable(found.text) : { ...found, figures };
}

/** A setting's text, whatever it says. */
export function readSettingText(
  host: Host,
  name: string,
): { readonly status: 'read'; readonly text: string } | Exclude<Reading, { readonly status: 'read' }> {
  try {
    const text = host.read(settingFile(name));
    if (text !== undefined) return { status: 'read', text: toPlainText(text) };
    const where = name.startsWith('net.') ? 'this kernel or network namespace' : 'this kernel';
    return { status: 'not here', problem: `${where} does not have it` };
  } catch (error) {
    return { status: 'unreadable', problem: tellFailure(error) };
  }
}

/** Why the system refused a file, in words where they help. @throws what is no error of the system's. */
export function tellFailure(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const reasons: Readonly<Record<string, string>> = {
    EROFS: '/proc/sys is read-only, as in most containers',
    EACCES: 'it is not for this user or network namespace to read or change',
    EPERM: 'it is not for this user or network namespace to read or change',
    EINVAL: 'the kernel refuses the value',
    ENOENT: 'this kernel or network namespace does not have it',
  };
  return reasons[code] ?? toOneLine(messageOf(error));
}

/** What values are judged beside, as the host has it now. */
export function readFacts(host: Host): HostFacts {
  const range = readSetting(host, portRange);
  const reserved = readReservedPorts(host);
  const [from, to] = range.status === 'read' ? range.figures : [];
  const [openFiles] = readFigures(readQuietly(host, '/proc/sys/fs/file-nr') ?? '', 3) ?? [];
  return { localPorts: countFree({ from, to }, reserved), openFiles: openFiles ?? 0 };
}

function countFree(range: { from: number | undefined; to: number | undefined }, reserved: Reading): number | undefined {
  const { from, to } = range;
  if (from === undefined || to === undefined) return undefined;
  const taken = reserved.status === 'read' ? reserved.figures.filter((port) => port >= from && port <= to) : [];
  return Math.max(0, to - from + 1 - taken.length);
}

function tellUnreadable(text: string): Reading {
  return { status: 'unreadable', problem: `it says '${toOneLine(text, 60)}', which is no value of it` };
}
