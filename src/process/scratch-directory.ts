/**
 * Temporary directories: made, removed however the process ends, and swept at the next start where it was killed.
 *
 * A directory's name has its owner's process number and a hash of where that number counts, so that it is known from
 * the first moment; a file inside says it all. What belongs to a process that cannot be seen from here stays for a
 * week.
 */
import {
  closeSync,
  constants,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { UserError } from '../user-error.ts';
import { isOwner, lifeOf, type Life, type Owner, ownIdentity, placeOf } from './owner.ts';

export interface ScratchDirectory {
  /** Absolute. */
  readonly path: string;
  /** Deletes it with all that is in it; does nothing when called again. */
  remove(): void;
}

/** Children carry it in their environment with the path of their directory, so that one that hangs can be found. */
export const scratchVariable = 'WIREBENCH_SCRATCH';

/** No run takes that long; what is older and belongs to nobody who can be seen is nobody's. */
const longestLifeMs = 7 * 24 * 3600_000;

const ownerFileName = '.owner.json';

const namePattern = /^wirebench-[a-z]+-(\d+)-([0-9a-f]{8})-\w{6}$/;

/** What this process has on disk. */
const open = new Set<string>();

/**
 * Makes a temporary directory, after those of dead processes were swept.
 * @param request.purpose lower-case letters, for whoever looks at the directory's name.
 * @param request.parent where it is made; the system's directory for temporary files without it.
 * @throws {UserError} where it cannot be made.
 */
export function makeScratchDirectory(request: { purpose: string; parent?: string }): ScratchDirectory {
  const { purpose, parent = tmpdir() } = request;
  sweepScratchDirectories(parent);
  const owner = ownIdentity();
  const directory = guardScratch(parent, () =>
    mkdtempSync(path.join(parent, `wirebench-${purpose}-${owner.pid}-${placeOf(owner)}-`)),
  );
  if (open.size === 0) process.once('exit', removeAll);
  open.add(directory);
  const scratch = { path: directory, remove: () => remove(directory) };
  try {
    guardScratch(parent, () => writeFileSync(path.join(directory, ownerFileName), JSON.stringify(owner)));
  } catch (error) {
    scratch.remove();
    throw error;
  }
  return scratch;
}

/** Makes a directory a lasting one: it may get another name, and nobody sweeps it. */
export function keepScratchDirectory({ path: directory }: ScratchDirectory): void {
  rmSync(path.join(directory, ownerFileName), { force: true });
}

/**
 * Does what writes temporary files.
 * @throws {UserError} where the disk does not take them, and whatever else `action` throws.
 */
export function guardScratch<T>(directory: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const why = { ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up' }[code] ?? message;
    throw new UserError(`cannot write temporary files to ${directory}: ${why}`, {
      hint: 'make room there, or set TMPDIR to a directory that can be written',
      cause: error,
    });
  }
}

/**
 * Deletes what processes that were killed have left in a directory, and ends their children that still run.
 *
 * Directories of other users and links are left alone, whatever their names.
 * @returns the paths that were deleted; empty where the directory does not exist.
 */
export function sweepScratchDirectories(parent: string = tmpdir(), now: number = Date.now()): string[] {
  const here = ownIdentity();
  return namesIn(parent)
    .filter((name) => namePattern.test(name))
    .map((name) => path.join(parent, name))
    .filter((directory) => {
      try {
        if (open.has(directory) || !isAbandoned(directory, { here, now })) return false;
        endChildren(directory);
        rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
        return true;
      } catch {
        // It costs room and nothing else, and another process may be about to delete it.
        return false;
      }
    });
}

function isAbandoned(directory: string, { here, now }: { here: Owner; now: number }): boolean {
  const stats = lstatSync(directory);
  if (!stats.isDirectory() || (process.getuid !== undefined && stats.uid !== process.getuid())) return false;
  const life = lifeOfOwner(directory, here);
  return life === 'dead' || (life === 'unknown' && now - stats.mtimeMs > longestLifeMs);
}

function lifeOfOwner(directory: string, here: Owner): Life {
  const [, pid, place] = namePattern.exec(path.basename(directory)) ?? [];
  const owner = readOwner(path.join(directory, ownerFileName));
  if (owner !== undefined) return lifeOf(owner, here);
  // The directory has just been made, or its owner was killed while making it: its name has to do.
  const { startTicks: _unknown, ...seen } = here;
  return place === placeOf(here) ? lifeOf({ ...seen, pid: Number(pid) }, here) : 'unknown';
}

function readOwner(file: string): Owner | undefined {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const bytes = Buffer.alloc(4096);
      const owner: unknown = JSON.parse(bytes.toString('utf8', 0, readSync(descriptor, bytes)));
      return isOwner(owner) ? owner : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** A child ends itself when its parent is gone, unless a loop of its contender's never lets it notice. */
function endChildren(directory: string): void {
  for (const pid of namesIn('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const own = variables
        .find((variable) => variable.startsWith(`${scratchVariable}=`))
        ?.slice(scratchVariable.length + 1);
      if (own === directory || own?.startsWith(directory + path.sep) === true) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended, or it is somebody else's.
    }
  }
}

function remove(directory: string): void {
  // A process that was just killed may still hold a file open for a moment.
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  open.delete(directory);
  if (open.size === 0) process.off('exit', removeAll);
}

function removeAll(): void {
  for (const directory of open) remove(directory);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
