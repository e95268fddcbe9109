/**
 * Who else has used the machine for a while: what the hypervisor gave to others, and what other programs did on it.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of all processors since the machine was started, as Linux counts them. */
export interface Usage {
  readonly total: number;
  readonly stolen: number;
  readonly busy: number;
  /** Of this process and its children, those that have ended and those that live. */
  readonly own: number;
}

/** Shares of the machine's processor time between two readings, each in [0, 1]. */
export interface UseByOthers {
  /** What the hypervisor gave to other machines while this one wanted it. */
  readonly stolenShare: number;
  /** What other programs on this machine used. */
  readonly othersShare: number;
}

/** A look at one processor. */
export interface ProcessorTime {
  /** Of a monotonic clock. */
  readonly atNs: number;
  /** Since the machine was started: what nobody has had of it, on this machine or another. */
  readonly idleNs: number;
}

/** Linux counts for programs in hundredths of a second, on every machine. */
const tickNs = 1e7;
/** A count may be wrong by a tick at either end, unless nothing was counted at all. */
const uncertainTicks = 2;

/** `undefined` where the system does not tell. */
export function readUsage(): Usage | undefined {
  const machine = readProc('/proc/stat');
  const children = readChildren();
  if (machine === undefined || children === undefined) return undefined;
  // A child that has just ended counts among the ended ones of this process.
  const own = ['self', ...children].flatMap((id) => readProc(`/proc/${id}/stat`) ?? []);
  return parseUsage(machine, own);
}

/** `undefined` where the system does not tell. */
export function readProcessorTime(processor: number): ProcessorTime | undefined {
  const idleNs = parseIdleTime(readProc('/proc/stat') ?? '', processor);
  return idleNs === undefined ? undefined : { atNs: performance.now() * 1e6, idleNs };
}

/** @param machine the text of /proc/stat. */
export function parseIdleTime(machine: string, processor: number): number | undefined {
  const [, , , idle, waiting] = readLine(machine, `cpu${processor}`) ?? [];
  return idle === undefined || waiting === undefined ? undefined : (idle + waiting) * tickNs;
}

/**
 * How much longer a process took because others had its processor, as a share: 0 for one that had it to itself, 1 where
 * others had half of the time. Less than what a count may be wrong by is nothing.
 * @param request.ownShare of the processor that the process itself had meanwhile, in [0, 1].
 */
export function excessByOthers(request: {
  before: ProcessorTime | undefined;
  after: ProcessorTime | undefined;
  ownShare: number;
}): number {
  const { before, after, ownShare } = request;
  if (before === undefined || after === undefined || after.atNs <= before.atNs) return 0;
  const elapsedNs = after.atNs - before.atNs;
  const idleNs = after.idleNs - before.idleNs;
  const unsureNs = idleNs === 0 ? 0 : uncertainTicks * tickNs;
  const share = Math.min(0.99, Math.max(0, 1 - ownShare - (idleNs + unsureNs) / elapsedNs));
  return share / (1 - share);
}

/** Ids of living children; `undefined` where the system does not list them: their work would pass for that of others. */
function readChildren(): string[] | undefined {
  if (readProc(`/proc/self/task/${process.pid}/children`) === undefined) return undefined;
  return readdirSync('/proc/self/task').flatMap((thread) =>
    (readProc(`/proc/self/task/${thread}/children`) ?? '').split(' ').filter(Boolean),
  );
}

/** `undefined` where there is no such file, or no such process any more. */
function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param machine the text of /proc/stat. @param own that of /proc/PID/stat of this process and of its living children,
 *   whose second field may hold blanks.
 * @see https://www.kernel.org/doc/html/latest/filesystems/proc.html
 */
export function parseUsage(machine: string, own: readonly string[]): Usage | undefined {
  const ticks = readLine(machine, 'cpu');
  if (ticks === undefined) return undefined;
  const used = own.map(readTicks);
  if (used.some((value) => value === undefined)) return undefined;
  return { ...addTicks(ticks), own: used.reduce<number>((sum, value = 0) => sum + value, 0) };
}

/** The numbers after a name in /proc/stat. */
function readLine(machine: string, name: string): number[] | undefined {
  const ticks = new RegExp(`^${name}\\s+([\\d ]+)$`, 'm').exec(machine)?.[1]?.trim().split(/ +/).map(Number);
  return ticks === undefined || ticks.length < 8 ? undefined : ticks;
}

function addTicks(ticks: readonly number[]): Omit<Usage, 'own'> {
  // Guests' time is part of user's already.
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, hardInterrupts = 0, softInterrupts = 0, stolen = 0] =
    ticks;
  const busy = user + nice + system + hardInterrupts + softInterrupts;
  return { total: busy + idle + waiting + stolen, stolen, busy };
}

/** User and system time of a process, and of its children that were waited for: fields 14 to 17. */
function readTicks(stat: string): number | undefined {
  // The first two fields are cut off, since a name may hold anything.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')
    .map(Number);
  const used = fields.slice(11, 15);
  if (used.length < 4 || used.some((value) => !Number.isFinite(value))) return undefined;
  return used.reduce((sum, value) => sum + value, 0);
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
