/**
 * One command at a time in a directory: a lock file that says who holds it, since when and where that process runs.
 *
 * A lock whose process is dead is taken over. Who wants to do that makes a claim on the lock, of a name that only this
 * lock can have; of several takers one succeeds, and only then puts its claim in the lock's place. A claim of a dead
 * taker is claimed in the same way. What cannot be judged from here, such as a process of another machine, is never
 * taken over. Deliberately absent: waiting for a lock.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isOwner, lifeOf, type Life, type Owner, ownIdentity } from '../process/owner.ts';
import { UserError } from '../user-error.ts';
import { showText } from '../foreign-text.ts';
import { sweepPartialFiles, writeNewText } from './write-file.ts';

export const lockFileName = '.wirebench.lock';

export interface DirectoryLock {
  /** Does nothing when called again. Also called when the process ends by itself. */
  release(): void;
}

interface Held extends Owner {
  /** Tells this lock from every other. */
  readonly id: string;
  /** ISO 8601. */
  readonly since: string;
  /** The command that holds it, e.g. `wirebench run`. */
  readonly command: string;
}

/** A file that says something of this kind, or nothing that can be read. */
type Found = { readonly held: Held } | { readonly held: undefined; readonly id: string };

/** Who wants to hold a lock. */
interface Holder {
  /** As a person knows it, e.g. `wirebench run`. */
  readonly command: string;
  /** How to write elsewhere, an imperative without a full stop; another --out unless given. */
  readonly elsewhere?: string;
}

/**
 * Takes the lock of a directory, which is made where it is missing, and clears away what killed processes were writing.
 * @throws {UserError} where another process holds it, or it cannot be told whether one does; and where the directory
 *   cannot be written.
 */
export function lockDirectory(directory: string, { command, elsewhere = anotherOut }: Holder): DirectoryLock {
  const file = path.join(directory, lockFileName);
  const own: Held = { id: randomBytes(8).toString('hex'), command, since: new Date().toISOString(), ...ownIdentity() };
  const text = `${JSON.stringify(own)}\n`;
  // Each turn either ends or has found that somebody else did something; hundreds of takers at once are no real case.
  for (let turn = 0; turn < mostTurns; turn += 1) {
    if (writeNewText(file, text, { hint: elsewhere }) || takeOver(file, { directory, text, elsewhere })) {
      clear(directory);
      return heldUntilReleased(file, own.id);
    }
  }
  throw new UserError(`cannot lock ${directory}: others take the lock all the time`, { hint: elsewhere });
}

/** Does something while this process alone may write into a directory. */
export async function whileLocked<T>(
  { directory, ...holder }: { directory: string } & Holder,
  action: () => Promise<T>,
): Promise<T> {
  const lock = lockDirectory(directory, holder);
  try {
    return await action();
  } finally {
    lock.release();
  }
}

const mostTurns = 100;

const anotherOut = 'choose another directory with --out';

function heldUntilReleased(file: string, id: string): DirectoryLock {
  const release = (): void => {
    process.off('exit', release);
    if (find(file)?.held?.id === id) rmSync(file, { force: true });
  };
  process.once('exit', release);
  return { release };
}

/** @returns false where somebody else was faster, so that all has to be looked at anew. */
function takeOver(
  file: string,
  { directory, text, elsewhere }: { directory: string; text: string; elsewhere: string },
): boolean {
  const chain = findChain(file, directory);
  const last = chain.at(-1);
  if (last === undefined) return false;
  refuseLiving(last, { directory, file, elsewhere });
  const claim = claimOn(directory, last.id);
  if (!writeNewText(claim, text, { hint: elsewhere })) return false;
  // A claim counts only on what is still there: whoever was faster has put another lock in its place.
  const now = findChain(file, directory);
  if (
    now
      .slice(0, -1)
      .map(({ id }) => id)
      .join(' ') !== chain.map(({ id }) => id).join(' ')
  ) {
    rmSync(claim, { force: true });
    return false;
  }
  renameSync(claim, file);
  return true;
}

/** The lock and the claims on it, each on the one before; empty where there is none. */
function findChain(file: string, directory: string): (Found & { id: string })[] {
  const chain: (Found & { id: string })[] = [];
  for (let next = file; ;) {
    const found = find(next);
    if (found === undefined) return chain;
    const id = found.held === undefined ? found.id : found.held.id;
    chain.push({ ...found, id });
    next = claimOn(directory, id);
  }
}

function claimOn(directory: string, id: string): string {
  return path.join(directory, `${lockFileName}.${id}`);
}

/** @returns undefined where there is no such file. */
function find(file: string): Found | undefined {
  try {
    const held: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isHeld(held)) return { held };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  // Locks get their names when they are complete, so this is none of ours, or a disk has lost what was in it.
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats === undefined ? undefined : { held: undefined, id: `unreadable-${stats.ino}` };
}

function isHeld(value: unknown): value is Held {
  if (!isOwner(value)) return false;
  const { id, since, command } = value as Partial<Held>;
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) && typeof since === 'string' && typeof command === 'string';
}

function refuseLiving(
  { held }: Found,
  { directory, file, elsewhere }: { directory: string; file: string; elsewhere: string },
): void {
  const life: Life = held === undefined ? 'unknown' : lifeOf(held);
  if (life === 'dead') return;
  if (held === undefined) {
    throw new UserError(`cannot use ${directory}: its lock ${lockFileName} cannot be read`, {
      hint: `delete ${file} if no wirebench runs there, or ${elsewhere}`,
    });
  }
  const { pid, since, command, host } = held;
  const who = `${shown(command)} (process ${pid}) has been writing there since ${shown(since)}`;
  if (life === 'alive')
    throw new UserError(`cannot use ${directory}: ${who}`, {
      hint: `wait until it ends, or ${elsewhere}`,
    });
  throw new UserError(
    `cannot use ${directory}: ${who}, on ${shown(host)} or in another container, which cannot be seen from here`,
    {
      hint: `delete ${file} if it has ended, or ${elsewhere}`,
    },
  );
}

function shown(text: string): string {
  return showText(text.slice(0, longestQuote));
}

/** Characters; more than commands, times and host names have. */
const longestQuote = 80;

/** Claims of takers that died in between are of no use any more, since the lock that they were on is gone. */
function clear(directory: string): void {
  for (const name of readdirSync(directory).filter((entry) => entry.startsWith(`${lockFileName}.`))) {
    const found = find(path.join(directory, name));
    if (found?.held === undefined || lifeOf(found.held) === 'dead') rmSync(path.join(directory, name), { force: true });
  }
  sweepPartialFiles(directory);
}
