/**
 * A disk that fails on purpose, under whatever goes through src/store/write-file.ts.
 */
import fs from 'node:fs';

import { vi } from 'vitest';

type Call = 'fsyncSync' | 'ftruncateSync' | 'renameSync' | 'closeSync' | 'openSync' | 'linkSync';

export interface Disk {
  /** Bytes that it still takes; beyond them it takes a part of a write, and then nothing. Without it there is room for all. */
  readonly room?: number;
  /** What a write beyond the room fails with; `nothing` is a disk that takes no bytes and calls that no error. */
  readonly code?: string;
  /** Bytes that one write takes at most, which is no failure. */
  readonly pieces?: number;
  /** How many writes are interrupted by a signal, or find the other end busy, before each that is not. */
  readonly interruptions?: readonly string[];
  /** What is not taken at all, whatever the room. */
  readonly refuses?: (text: string) => boolean;
  /** Calls that fail, too. */
  readonly alsoFails?: readonly Call[];
  /** What those fail with. */
  readonly failure?: string;
}

export function failureOf(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made up for a test`), { code, syscall: 'write' });
}

/** Puts such a disk in place of the real one. @returns with `restore`, which puts that back, and the number of bytes taken. */
export function failingDisk(disk: Disk): { restore(): void; taken(): number } {
  const {
    room = Infinity,
    code = 'ENOSPC',
    pieces = Infinity,
    interruptions = [],
    refuses = () => false,
    alsoFails = [],
    failure = 'EIO',
  } = disk;
  const { writeSync } = fs;
  let taken = 0;
  let due = [...interruptions];
  const write = vi.spyOn(fs, 'writeSync').mockImplementation(((
    descriptor: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
  ) => {
    const interruption = due.shift();
    if (interruption !== undefined) throw failureOf(interruption);
    due = [...interruptions];
    const isRefused = refuses(Buffer.from(bytes).toString('utf8', offset, offset + length));
    const size = isRefused ? 0 : Math.min(length, pieces, room - taken);
    if (size <= 0 && length > 0 && code !== 'nothing') throw failureOf(code);
    if (size <= 0) return 0;
    const written = writeSync(descriptor, bytes, offset, size);
    taken += written;
    return written;
  }) as typeof fs.writeSync);
  const others = alsoFails.map((name) =>
    vi.spyOn(fs, name).mockImplementation(() => {
      throw failureOf(failure);
    }),
  );
  return {
    taken: () => taken,
    restore() {
      for (const spy of [write, ...others]) spy.mockRestore();
    },
  };
}
