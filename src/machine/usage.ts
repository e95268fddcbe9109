/**
 * Who else has used the machine for a while: what the hypervisor gave to others, and what other programs did on it.
 */
import { readFileSync } from 'node:fs';

/** Ticks of all processors since the machine was started, as Linux counts them. */
export interface Usage {
  readonly total: number;
  readonly stolen: number;
  readonly busy: number;
  /** Of this process and its children that have ended. */
  readonly own: number;
}

/** Shares of the machine's processor time between two readings, each in [0, 1]. */
export interface UseByOthers {
  /** What the hypervisor gave to other machines while this one wanted it. */
  readonly stolenShare: number;
  /** What other programs on this machine used. */
  readonly othersShare: number;
}

/** `undefined` where the system does not tell. */
export function readUsage(): Usage | undefined {
  try {
    return parseUsage(readFileSync('/proc/stat', 'utf8'), readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param machine the text of /proc/stat. @param own that of /proc/self/stat, whose second field may hold blanks.
 * @see https://www.kernel.org/doc/html/latest/filesystems/proc.html
 */
export function parseUsage(machine: string, own: string): Usage | undefined {
  const ticks = /^cpu\s+([\d ]+)$/m.exec(machine)?.[1]?.trim().split(/ +/).map(Number);
  const fields = own
    .slice(own.lastIndexOf(')') + 1)
    .trim()
    .split(' ')
    .map(Number);
  if (ticks === undefined || ticks.length < 8) return undefined;
  // Guests' time is part of user's already.
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, hardInterrupts = 0, softInterrupts = 0, stolen = 0] =
    ticks;
  const busy = user + nice + system + hardInterrupts + softInterrupts;
  // User and system time of the process, and of its children that were waited for: fields 14 to 17, of which the
  // first two are cut off.
  const used = fields.slice(11, 15);
  if (used.length < 4 || used.some((value) => !Number.isFinite(value))) return undefined;
  return {
    total: busy + idle + waiting + stolen,
    stolen,
    busy,
    own: used.reduce((sum, value) => sum + value, 0),
  };
}

/** @returns `undefined` where a reading is missing or no tick has passed between them. */
export function compareUsage(before: Usage | undefined, after: Usage | undefined): UseByOthers | undefined {
  if (before === undefined || after === undefined || after.total <= before.total) return undefined;
  const total = after.total - before.total;
  const share = (ticks: number): number => Math.min(1, Math.max(0, ticks / total));
  return {
    stolenShare: share(after.stolen - before.stolen),
    othersShare: share(after.busy - before.busy - (after.own - before.own)),
  };
}
