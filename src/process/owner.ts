/**
 * Who holds a lock or a temporary directory: a process by its number, the time of its start and where that number
 * counts.
 *
 * A process number alone says little: it is given out again, it means another process in another container, and a
 * reboot or a second machine on a shared disk starts counting anew. What cannot be told is `unknown`, and never `dead`.
 * Sources: proc_pid_stat(5), pid_namespaces(7); /proc exists on Linux only, elsewhere the number has to do.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';

/** A process so that a later one can tell whether it still runs. */
export interface Owner {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process; absent where there is no /proc. */
  readonly startTicks?: number;
  readonly host: string;
  /** Random, new with every boot of the machine; containers share it with their host. */
  readonly bootId?: string;
  /** Two processes of one boot see each other's numbers where this is the same. */
  readonly pidNamespace?: string;
}

/** `unknown` where the process, if there is one, cannot be seen from here. */
export type Life = 'alive' | 'dead' | 'unknown';

/** This very process. */
export function ownIdentity(): Owner {
  const startTicks = readStat(process.pid)?.startTicks;
  const bootId = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pidNamespace = read(() => readlinkSync('/proc/self/ns/pid'));
  return {
    pid: process.pid,
    ...(startTicks === undefined ? {} : { startTicks }),
    host: os.hostname(),
    ...(bootId === undefined ? {} : { bootId }),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  };
}

/**
 * Whether a process still runs, as far as it can be told from here. @param here this process; tests pass another one.
 */
export function lifeOf(owner: Owner, here: Owner = ownIdentity()): Life {
  const isSameBoot = owner.bootId !== undefined && owner.bootId === here.bootId;
  if (!isSameBoot) {
    if (owner.host !== here.host) return 'unknown';
    // The same machine has booted since, or it is one that has no such id.
    if (owner.bootId !== undefined && here.bootId !== undefined) return 'dead';
  }
  if (owner.pidNamespace !== here.pidNamespace) return 'unknown';
  return isRunning(owner) ? 'alive' : 'dead';
}

/** Eight characters that are equal for processes of one boot that see each other's numbers; fit for a file's name. */
export function placeOf({ host, bootId, pidNamespace }: Owner): string {
  return createHash('sha256')
    .update(JSON.stringify([bootId ?? host, pidNamespace ?? '']))
    .digest('hex')
    .slice(0, 8);
}

/** True for what `ownIdentity` gives, read from somewhere. */
export function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTicks, host, bootId, pidNamespace } = value as Record<string, unknown>;
  const isOptional = (field: unknown, type: string): boolean => field === undefined || typeof field === type;
  return (
    Number.isSafeInteger(pid) &&
    (pid as number) > 0 &&
    typeof host === 'string' &&
    isOptional(startTicks, 'number') &&
    isOptional(bootId, 'string') &&
    isOptional(pidNamespace, 'string')
  );
}

function isRunning({ pid, startTicks }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked, but there it is.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const stat = readStat(pid);
  if (stat === undefined) return true;
  // A process that nobody has waited for keeps its number, and does nothing any more.
  if (stat.state === 'Z' || stat.state === 'X') return false;
  return startTicks === undefined || startTicks === stat.startTicks;
}

function readStat(pid: number): { state: string; startTicks: number } | undefined {
  const text = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in parentheses, which may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTicks = Number(fields?.[19]);
  return fields?.[0] === undefined || !Number.isFinite(startTicks) ? undefined : { state: fields[0], startTicks };
}

function read(action: () => string): string | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
