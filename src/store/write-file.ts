/**
 * The one way in which anything is stored: all bytes on the disk under the file's name, or the earlier file as it was.
 *
 * A file is written beside its place, read for being complete by its length, flushed, and renamed; then its directory
 * is flushed, since a name is lost with it otherwise. A disk may take fewer bytes than it was given without calling
 * that an error, which is why there is a loop around every write. Sources: write(2), fsync(2), rename(2).
 *
 * `fs` is called through its default export, so that tests can put a disk that fails in its place.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { ownIdentity, placeOf } from '../process/owner.ts';
import { UserError } from '../user-error.ts';

export interface WriteOptions {
  /** What to do where the file cannot be written; an imperative without a full stop. */
  readonly hint?: string;
  /** What the file is, where its name does not say it, e.g. `the job summary`. */
  readonly noun?: string;
}

const defaultHint = 'choose another directory with --out';

/**
 * Writes a text file, whose directory is made where it is missing: an earlier file of that name survives every failure.
 *
 * A link is followed. A terminal, a pipe or a device is written to as it is.
 * @throws {UserError} where the file cannot be written.
 */
export function writeText(file: string, text: string, options: WriteOptions = {}): void {
  guard(file, options, () => {
    makeDirectory(path.dirname(file));
    const target = resolveLinks(file);
    const earlier = fs.statSync(target, { throwIfNoEntry: false });
    if (earlier !== undefined && !earlier.isFile()) writeThrough(target, text);
    else publish(target, { text, earlier, place: (partial) => fs.renameSync(partial, target) });
  });
}

/**
 * Writes a text file of a new name; of two processes that write the same one, one gets an error.
 * @returns false where there is a file of that name already, which stays as it is.
 * @throws {UserError} where the file cannot be written.
 */
export function writeNewText(file: string, text: string, options: WriteOptions = {}): boolean {
  return guard(file, options, () => {
    makeDirectory(path.dirname(file));
    let isNew = true;
    publish(file, {
      text,
      place: (partial) => {
        isNew = linkNew(partial, file);
      },
    });
    return isNew;
  });
}

/**
 * Adds text to a file; it is on the disk when this returns, and none of it is in the file when it throws, unless the
 * disk refuses even to shorten it.
 * @throws {UserError} where the disk does not take all of it.
 */
export function appendText(file: string, text: string, options: WriteOptions & { readonly isNew?: true } = {}): void {
  guard(file, options, () => {
    const { O_APPEND, O_CREAT, O_WRONLY } = fs.constants;
    const descriptor = fs.openSync(file, O_APPEND | O_WRONLY | (options.isNew === true ? O_CREAT : 0), 0o666);
    try {
      const stats = fs.fstatSync(descriptor);
      try {
        writeAll(descriptor, text);
        flush(descriptor);
      } catch (error) {
        if (stats.isFile()) shorten(descriptor, stats.size);
        throw error;
      }
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

/** Deletes what killed processes have left of files that they were writing into a directory. */
export function sweepPartialFiles(directory: string): void {
  const here = ownIdentity();
  for (const name of fs.readdirSync(directory)) {
    const [, pid, place] = partialName.exec(name) ?? [];
    if (pid === undefined || place !== placeOf(here) || isThere(Number(pid))) continue;
    fs.rmSync(path.join(directory, name), { force: true });
  }
}

const partialName = /^\.wirebench-(\d+)-([0-9a-f]{8})-[0-9a-f]{12}\.partial$/;

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Short whatever the file is called, since the length of a name is bounded. */
function partialOf(target: string): string {
  const name = `.wirebench-${process.pid}-${placeOf(ownIdentity())}-${randomBytes(6).toString('hex')}.partial`;
  return path.join(path.dirname(target), name);
}

/** Writes a file under another name and lets `place` give it its own. */
function publish(
  target: string,
  file: { text: string; earlier?: fs.Stats | undefined; place: (partial: string) => void },
): void {
  const { text, earlier, place } = file;
  const partial = partialOf(target);
  try {
    const descriptor = fs.openSync(partial, 'wx', earlier === undefined ? 0o666 : earlier.mode & 0o777);
    try {
      const length = writeAll(descriptor, text);
      if (earlier !== undefined) keepOwner(descriptor, earlier);
      flush(descriptor);
      const { size } = fs.fstatSync(descriptor);
      if (size !== length) throw new Error(`the disk kept ${size} of ${length} bytes`);
    } finally {
      fs.closeSync(descriptor);
    }
    place(partial);
  } finally {
    // After a rename there is nothing of that name; a failure to remove it must not hide the first one.
    remove(partial);
  }
  flushDirectory(path.dirname(target));
}

function remove(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // The next command that writes here sweeps it.
  }
}

/** @returns false where the name is taken. */
function linkNew(partial: string, target: string): boolean {
  try {
    fs.linkSync(partial, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || fs.existsSync(target)) return false;
    // Some file systems have no second names for a file.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    return takeName(partial, target);
  }
}

function takeName(partial: string, target: string): boolean {
  try {
    fs.closeSync(fs.openSync(target, 'wx'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  fs.renameSync(partial, target);
  return true;
}

/** Attempts to write after the disk has taken nothing of it, because of a signal or a full pipe. */
const mostAttempts = 1000;

/** @returns the number of bytes. */
function writeAll(descriptor: number, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  let written = 0;
  let attempts = 0;
  while (written < bytes.length) {
    try {
      const taken = fs.writeSync(descriptor, bytes, written, bytes.length - written);
      written += taken;
      attempts = taken > 0 ? 0 : attempts + 1;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EINTR' && code !== 'EAGAIN') throw error;
      attempts += 1;
      if (attempts >= mostAttempts) throw error;
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
    if (attempts >= mostAttempts) throw new Error(`the disk took ${written} of ${bytes.length} bytes`);
  }
  return bytes.length;
}

/** Where nothing can be flushed, such as a pipe or some network file systems, there is nothing to wait for. */
const unflushable = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EROFS']);

function flush(descriptor: number): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      fs.fsyncSync(descriptor);
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (unflushable.has(code)) return;
      if (code !== 'EINTR' || attempt >= mostAttempts) throw error;
    }
  }
}

/**
 * Makes names in a directory last. Windows opens no directories, and somebody may write into one that they cannot list.
 */
function flushDirectory(directory: string): void {
  let descriptor: number;
  try {
    descriptor = fs.openSync(directory, 'r');
  } catch (error) {
    if (['EISDIR', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
  try {
    if (process.platform !== 'win32') flush(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function makeDirectory(directory: string): void {
  const first = fs.mkdirSync(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = path.resolve(directory); ; made = path.dirname(made)) {
    flushDirectory(path.dirname(made));
    if (made === path.resolve(first) || made === path.dirname(made)) return;
  }
}

function resolveLinks(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    // There is none yet, or a link that leads nowhere and is replaced.
    return file;
  }
}

function writeThrough(target: string, text: string): void {
  const descriptor = fs.openSync(target, 'w');
  try {
    writeAll(descriptor, text);
    flush(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function keepOwner(descriptor: number, { mode, uid, gid }: fs.Stats): void {
  try {
    // The mask of this process may have taken rights away that the earlier file had.
    fs.fchmodSync(descriptor, mode & 0o777);
    const own = fs.fstatSync(descriptor);
    if (own.uid !== uid || own.gid !== gid) fs.fchownSync(descriptor, uid, gid);
  } catch {
    // Only the superuser may give files away, and not every file system knows owners.
  }
}

function shorten(descriptor: number, size: number): void {
  try {
    fs.ftruncateSync(descriptor, size);
    flush(descriptor);
  } catch {
    // Readers leave out a line that was cut.
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than it may be',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
};

function guard<T>(file: string, { hint, noun }: WriteOptions, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `cannot write ${noun === undefined ? '' : `${noun} `}${file}: ${reasons[code] === undefined ? message : `${reasons[code]} (${code})`}`,
      {
        hint: hint ?? (code === 'ENOSPC' || code === 'EDQUOT' ? `make room there, or ${defaultHint}` : defaultHint),
        cause: error,
      },
    );
  }
}
