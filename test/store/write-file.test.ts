/**
 * The writer of everything that is stored, on disks that fail in every way that they can.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ownIdentity, placeOf } from '../../src/process/owner.ts';
import { appendText, sweepPartialFiles, writeNewText, writeText } from '../../src/store/write-file.ts';
import { type Disk, failingDisk, failureOf } from './failing-disk.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const earlier = 'the earlier file\n'.repeat(500);
const later = 'the later file, ä and 😀\n'.repeat(700);
const fileOf = (name = 'run.json'): string => path.join(directory, name);

describe('disks that are slow or interrupted', () => {
  it.each<[string, Disk]>([
    ['takes one byte at a time', { pieces: 1 }],
    ['cuts characters in two', { pieces: 7 }],
    ['takes 4,096 bytes of each write', { pieces: 4096 }],
    ['is interrupted before every write', { pieces: 3000, interruptions: ['EINTR'] }],
    ['is busy and interrupted again and again', { pieces: 9000, interruptions: ['EINTR', 'EAGAIN', 'EINTR'] }],
  ])('writes all where the disk %s', (_what, disk) => {
    writeFileSync(fileOf(), earlier);
    const slow = failingDisk(disk);
    writeText(fileOf(), later);
    appendText(fileOf(), earlier);
    slow.restore();
    expect(readFileSync(fileOf(), 'utf8')).toBe(later + earlier);
    expect(readdirSync(directory)).toEqual(['run.json']);
  });
});

describe('disks that fail', () => {
  const failures: [string, Disk, string][] = [
    ['is full at once', { room: 0 }, 'the disk is full (ENOSPC)'],
    ['is full after 4,096 bytes', { room: 4096 }, 'the disk is full (ENOSPC)'],
    ['is full before the last byte', { room: Buffer.byteLength(later) - 1 }, 'the disk is full (ENOSPC)'],
    ['takes no more and does not say so', { room: 4096, code: 'nothing' }, 'the disk took 4096 of'],
    ['has a quota', { room: 10, code: 'EDQUOT' }, 'the disk quota is used up'],
    ['breaks while it is written to', { room: 10, code: 'EIO' }, 'the disk reports an error (EIO)'],
    ['has a limit of sizes', { room: 10, code: 'EFBIG' }, 'the file is larger than it may be'],
    ['is interrupted for ever', { room: 10, code: 'EINTR' }, 'EINTR'],
    ['breaks while it is flushed', { alsoFails: ['fsyncSync'] }, 'the disk reports an error (EIO)'],
    [
      'has no room for what was taken when it is flushed',
      { alsoFails: ['fsyncSync'], failure: 'ENOSPC' },
      'the disk is full',
    ],
    ['refuses to rename', { alsoFails: ['renameSync', 'linkSync'], failure: 'EACCES' }, 'EACCES'],
    ['cannot be opened', { alsoFails: ['openSync'], failure: 'EROFS' }, 'the disk is read-only'],
  ];

  it.each(failures)('leaves the earlier file whole where the disk %s', (_what, disk, message) => {
    writeFileSync(fileOf(), earlier);
    const broken = failingDisk(disk);
    expect(() => writeText(fileOf(), later)).toThrow(
      expect.objectContaining({
        code: 2,
        message: expect.stringContaining(message),
        hint: expect.stringContaining('--out'),
      }),
    );
    broken.restore();
    expect(readFileSync(fileOf(), 'utf8')).toBe(earlier);
    expect(readdirSync(directory)).toEqual(['run.json']);
  });

  it.each(failures)('makes no new file where the disk %s', (_what, disk, message) => {
    const broken = failingDisk(disk);
    expect(() => writeNewText(fileOf(), later)).toThrow(message);
    broken.restore();
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(failures.filter(([, { alsoFails = [] }]) => !alsoFails.includes('renameSync')))(
    'adds nothing where the disk %s',
    (_what, disk, message) => {
      writeFileSync(fileOf(), earlier);
      const broken = failingDisk(disk);
      expect(() => appendText(fileOf(), later)).toThrow(message);
      broken.restore();
      expect(readFileSync(fileOf(), 'utf8')).toBe(earlier);
    },
  );

  it('does not believe a disk that says it has taken all', () => {
    writeFileSync(fileOf(), earlier);
    const { writeSync } = fs;
    vi.spyOn(fs, 'writeSync').mockImplementation(((
      descriptor: number,
      bytes: Uint8Array,
      offset: number,
      length: number,
    ) => {
      writeSync(descriptor, bytes, offset, 4096);
      return length;
    }) as typeof fs.writeSync);
    expect(() => writeText(fileOf(), later)).toThrow('the disk kept 4096 of');
    vi.restoreAllMocks();
    expect(readFileSync(fileOf(), 'utf8')).toBe(earlier);
  });

  it('says make room where a disk is full, and only there', () => {
    const hintOf = (disk: Disk): string => {
      const broken = failingDisk(disk);
      try {
        writeText(fileOf(), later);
        return 'none';
      } catch (error) {
        return (error as { hint: string }).hint;
      } finally {
        broken.restore();
      }
    };
    expect(hintOf({ room: 1 })).toBe('make room there, or choose another directory with --out');
    expect(hintOf({ room: 1, code: 'EIO' })).toBe('choose another directory with --out');
  });

  it('takes a file system that flushes nothing as it is', () => {
    const network = failingDisk({ alsoFails: ['fsyncSync'], failure: 'EINVAL' });
    writeText(fileOf(), later);
    network.restore();
    expect(readFileSync(fileOf(), 'utf8')).toBe(later);
  });
});

describe('order', () => {
  it('flushes the file before it gets its name, and its directory after', () => {
    const calls: string[] = [];
    const watch = (name: 'fsyncSync' | 'renameSync'): void => {
      const real = fs[name] as (...args: unknown[]) => unknown;
      vi.spyOn(fs, name).mockImplementation((...args: unknown[]) => {
        calls.push(
          name === 'fsyncSync' ? `flush ${fs.fstatSync(args[0] as number).isDirectory() ? 'directory' : 'file'}` : name,
        );
        return real(...args) as undefined;
      });
    };
    watch('fsyncSync');
    watch('renameSync');
    writeText(fileOf(), later);
    expect(calls).toEqual(['flush file', 'renameSync', 'flush directory']);
    calls.length = 0;
    writeText(path.join(directory, 'new', 'er', 'run.json'), later);
    expect(calls).toEqual(['flush directory', 'flush directory', 'flush file', 'renameSync', 'flush directory']);
    calls.length = 0;
    appendText(fileOf(), later);
    expect(calls).toEqual(['flush file']);
  });
});

describe('what is in its place', () => {
  it('keeps the rights of the earlier file', () => {
    writeFileSync(fileOf(), earlier);
    chmodSync(fileOf(), 0o664);
    writeText(fileOf(), later);
    expect(statSync(fileOf()).mode & 0o777).toBe(0o664);
  });

  it('follows a link, and writes where one leads nowhere', () => {
    mkdirSync(fileOf('elsewhere'));
    writeFileSync(fileOf('elsewhere/real.json'), earlier);
    symlinkSync(fileOf('elsewhere/real.json'), fileOf());
    writeText(fileOf(), later);
    expect(readFileSync(fileOf('elsewhere/real.json'), 'utf8')).toBe(later);
    symlinkSync('nowhere', fileOf('broken.json'));
    writeText(fileOf('broken.json'), later);
    expect(readFileSync(fileOf('broken.json'), 'utf8')).toBe(later);
  });

  it('writes to a pipe or a device as it is', { skip: process.platform === 'win32' }, () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', fileOf('pipe')]);
    const reader = fs.openSync(fileOf('pipe'), fs.constants.O_RDWR);
    writeText(fileOf('pipe'), 'into the pipe');
    const bytes = Buffer.alloc(100);
    expect(bytes.toString('utf8', 0, fs.readSync(reader, bytes))).toBe('into the pipe');
    fs.closeSync(reader);
    expect(statSync(fileOf('pipe')).isFIFO()).toBe(true);
    writeText('/dev/null', 'nobody reads this');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('refuses a directory, and a way through a file', () => {
    mkdirSync(fileOf('taken'));
    for (const file of [fileOf('taken'), path.join(fileOf('plain'), 'below')]) {
      writeFileSync(fileOf('plain'), earlier);
      expect(() => writeText(file, later)).toThrow(expect.objectContaining({ code: 2 }));
    }
    expect(readdirSync(directory).toSorted()).toEqual(['plain', 'taken']);
  });

  it('writes a file whose name is as long as names may be', () => {
    const name = 'n'.repeat(255);
    writeText(fileOf(name), later);
    expect(readFileSync(fileOf(name), 'utf8')).toBe(later);
  });

  it('does not replace a file that has to be new, also where files have one name only', () => {
    expect(writeNewText(fileOf(), earlier)).toBe(true);
    expect(writeNewText(fileOf(), later)).toBe(false);
    expect(readFileSync(fileOf(), 'utf8')).toBe(earlier);
    vi.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw failureOf('EPERM');
    });
    expect(writeNewText(fileOf(), later)).toBe(false);
    expect(writeNewText(fileOf('other'), later)).toBe(true);
    expect(readdirSync(directory).toSorted()).toEqual(['other', 'run.json']);
  });
});

describe('sweepPartialFiles', () => {
  it('deletes what killed processes were writing, and nothing else', () => {
    const dead = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim();
    const place = placeOf(ownIdentity());
    const kept = [
      `.wirebench-${process.pid}-${place}-0123456789ab.partial`,
      `.wirebench-${dead}-00000000-0123456789ab.partial`,
      `.wirebench-${dead}-${place}-0123456789ab`,
      'run.json',
    ];
    for (const name of [...kept, `.wirebench-${dead}-${place}-0123456789ab.partial`]) writeFileSync(fileOf(name), '{');
    sweepPartialFiles(directory);
    expect(readdirSync(directory).toSorted()).toEqual(kept.toSorted());
  });
});
