/**
 * Limits of descriptors: what this process may open, what the machine has room for, and how many users that carries.
 *
 * Node.js raises its soft limit to the hard one when it starts, so that what is read here is more than the shell's
 * `ulimit -n` says. Sources: getrlimit(2), proc_pid_limits(5), fs.rst of the kernel's documentation.
 */
import type { DescriptorLimits } from '../model/tuning.ts';
import { UserError } from '../user-error.ts';
import { toPlainText } from './figures.ts';
import { type Host, readQuietly } from './host.ts';

/**
 * What a process opens beside the connections of its users: modules, a database, and connections to other servers, of
 * which the gateway here has 32 for each. Arbitrary; more of it makes warnings come earlier.
 */
const otherDescriptors = 512;

/** The limit of ContextForge's performance guide, for 4,000 users and fewer. */
const usualLimit = 65_536;

/** What a process needs that holds a connection of each user. */
export function descriptorsFor(users: number): number {
  return users + otherDescriptors;
}

/** The limit to set: the usual one, or what so many users need. */
export function wantedDescriptors(users: number): number {
  return Math.max(usualLimit, descriptorsFor(users));
}

/** @throws {UserError} where the system does not say what the limits of this process are. */
export function readDescriptors(host: Host): DescriptorLimits {
  const limits = tryDescriptors(host);
  if (limits !== undefined) return limits;
  throw new UserError('cannot read the limits of this process: /proc/self/limits does not say how many open files', {
    hint: 'ask the shell: ulimit -n',
  });
}

/** @returns undefined where the system does not say what the limits of this process are. */
export function tryDescriptors(host: Host): DescriptorLimits | undefined {
  const line = /^Max open files +(\d+|unlimited) +(\d+|unlimited) /m.exec(readQuietly(host, '/proc/self/limits') ?? '');
  const [, soft, hard] = line ?? [];
  if (soft === undefined || hard === undefined) return undefined;
  const most = readNumber(host, '/proc/sys/fs/nr_open');
  const ofMachine = readNumber(host, '/proc/sys/fs/file-max');
  const openOnMachine = readNumber(host, '/proc/sys/fs/file-nr');
  const asNumber = (text: string): number => (text === 'unlimited' ? (most ?? Number.MAX_SAFE_INTEGER) : Number(text));
  return {
    soft: asNumber(soft),
    hard: asNumber(hard),
    ...(most === undefined ? {} : { most }),
    ...(ofMachine === undefined ? {} : { ofMachine }),
    ...(openOnMachine === undefined ? {} : { openOnMachine }),
    carriesUsers: Math.max(0, asNumber(soft) - otherDescriptors),
  };
}

/** The first figure of a file. */
function readNumber(host: Host, file: string): number | undefined {
  const [figure = ''] = toPlainText(readQuietly(host, file) ?? '').split(' ');
  return /^\d+$/.test(figure) ? Number(figure) : undefined;
}
