/**
 * The one place that touches the host: files under /proc and /etc, read and written as they are.
 *
 * A root other than `/` is a tree of the same shape, which tests put up and nothing of the kernel listens to.
 */
import { closeSync, constants, existsSync, openSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import path from 'node:path';

import { writeText } from '../store/write-file.ts';

/** Paths are absolute, seen from the host's root. */
export interface Host {
  /** Of this process; 0 may change settings. Absent where the system numbers no users. */
  readonly userId?: number;
  has(file: string): boolean;
  /** @returns undefined where there is no such file. @throws {Error} the system's, where it cannot be read. */
  read(file: string): string | undefined;
  /** Where a link leads. @returns undefined where there is none, or it cannot be read. */
  readLink(link: string): string | undefined;
  /** Writes into a file that is there. @throws {Error} the system's, where the kernel does not take it. */
  write(file: string, text: string): void;
  /** Writes a file whole, in place of an earlier one. @throws {UserError} where it cannot be written. */
  replace(file: string, text: string): void;
  /** As the rest of the program names the file. */
  pathOf(file: string): string;
}

export function openHost(root = '/'): Host {
  const pathOf = (file: string): string => path.join(root, file);
  // Whoever can write a tree may; only the kernel asks who it is.
  const userId = root === '/' ? process.geteuid?.() : 0;
  return {
    ...(userId === undefined ? {} : { userId }),
    pathOf,
    has: (file) => existsSync(pathOf(file)),
    read: (file) => {
      try {
        return readFileSync(pathOf(file), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    readLink: (link) => {
      try {
        return readlinkSync(pathOf(link));
      } catch {
        return undefined;
      }
    },
    write: (file, text) => {
      // Nothing is created: what the kernel does not have cannot be set.
      const descriptor = openSync(pathOf(file), constants.O_WRONLY | constants.O_TRUNC);
      try {
        // The kernel takes a value in one piece or not at all.
        writeSync(descriptor, text);
      } finally {
        closeSync(descriptor);
      }
    },
    replace: (file, text) => writeText(pathOf(file), text, { hint: 'print it with --print and put it there yourself' }),
  };
}

/** @returns undefined also where the file cannot be read. */
export function readQuietly(host: Host, file: string): string | undefined {
  try {
    return host.read(file);
  } catch {
    return undefined;
  }
}
