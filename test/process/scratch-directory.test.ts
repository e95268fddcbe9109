import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ownIdentity, placeOf } from '../../src/process/owner.ts';
import {
  guardScratch,
  keepScratchDirectory,
  makeScratchDirectory,
  scratchVariable,
  sweepScratchDirectories,
} from '../../src/process/scratch-directory.ts';
import { UserError } from '../../src/user-error.ts';

const here = ownIdentity();
const deadPid = spawnSync(process.execPath, ['--version']).pid;
const moduleUrl = new URL('../../src/process/scratch-directory.ts', import.meta.url).href;
const hour = 3600_000;

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

interface Planted {
  readonly pid?: number;
  readonly place?: string;
  readonly owner?: object | string | undefined;
}

let planted = 0;
/** A directory as an earlier process would have left it. */
function plant({ pid = deadPid, place = placeOf(here), owner }: Planted): string {
  planted += 1;
  const directory = path.join(parent, `wirebench-run-${pid}-${place}-${`${planted}`.padStart(6, 'a')}`);
  mkdirSync(path.join(directory, 'deep', 'er'), { recursive: true });
  writeFileSync(path.join(directory, 'deep', 'er', 'catalog.json'), '[]');
  if (owner !== undefined)
    writeFileSync(path.join(directory, '.owner.json'), typeof owner === 'string' ? owner : JSON.stringify(owner));
  return directory;
}

/** Starts a process that makes a directory and then waits. @returns it with the directory's path. */
async function startMaker(rest: string) {
  const code = `const { makeScratchDirectory } = await import(${JSON.stringify(moduleUrl)});
    const scratch = makeScratchDirectory({ purpose: 'run', parent: ${JSON.stringify(parent)} });
    process.stdout.write(scratch.path + '\\n'); ${rest}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { child, directory: line.trim().split('\n')[0] as string };
}

describe('a scratch directory', () => {
  it('is there until it is removed, more than once if need be', () => {
    const scratch = makeScratchDirectory({ purpose: 'run', parent });
    expect(path.dirname(scratch.path)).toBe(parent);
    writeFileSync(path.join(scratch.path, 'file'), 'x');
    scratch.remove();
    scratch.remove();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is removed when its process ends by itself, by an error and by process.exit', async () => {
    for (const rest of [
      '',
      'process.on("uncaughtException", () => process.exit(7)); throw new Error("expected");',
      'process.exit(3);',
    ]) {
      const { child, directory } = await startMaker(rest);
      if (child.exitCode === null) await once(child, 'close');
      expect(existsSync(directory)).toBe(false);
    }
  });

  it('stays while its process lives, and is swept by the next one after a kill', async () => {
    const { child, directory } = await startMaker('setInterval(() => {}, 1000);');
    makeScratchDirectory({ purpose: 'http', parent }).remove();
    expect(existsSync(directory)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(directory)).toBe(true);
    makeScratchDirectory({ purpose: 'http', parent }).remove();
    expect(existsSync(directory)).toBe(false);
  });

  it(
    'takes along the children of a killed process that never notice',
    { skip: process.platform !== 'linux' },
    async () => {
      const { child, directory } = await startMaker('setInterval(() => {}, 1000);');
      const hanging = spawn(process.execPath, ['--eval', 'process.stdout.write("on"); for (;;);'], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, [scratchVariable]: path.join(directory, 'runtime') },
      });
      const other = spawn(process.execPath, ['--eval', 'process.stdout.write("on"); setInterval(() => {}, 1000);'], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, [scratchVariable]: `${directory}b` },
      });
      await Promise.all([once(hanging.stdout, 'data'), once(other.stdout, 'data')]);
      const ended = once(hanging, 'close');
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(sweepScratchDirectories(parent)).toEqual([directory]);
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(other.exitCode).toBeNull();
      other.kill('SIGKILL');
      await once(other, 'close');
    },
  );

  it('can become a lasting one', () => {
    const scratch = makeScratchDirectory({ purpose: 'partial', parent });
    keepScratchDirectory(scratch);
    expect(readdirSync(scratch.path)).toEqual([]);
    scratch.remove();
  });

  it('says what to do where it cannot be made', () => {
    const make = (): unknown => makeScratchDirectory({ purpose: 'run', parent: path.join(parent, 'missing') });
    expect(make).toThrow(
      expect.objectContaining({
        code: 2,
        hint: expect.stringContaining('TMPDIR'),
        message: expect.stringContaining(path.join(parent, 'missing')),
      }),
    );
  });

  it('calls a full disk by its name, and leaves other errors as they are', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    const failing = (error: Error) => (): never => {
      throw error;
    };
    expect(() => guardScratch('/tmp/x', failing(full))).toThrow(
      expect.objectContaining({ message: 'cannot write temporary files to /tmp/x: the disk is full', code: 2 }),
    );
    for (const error of [new TypeError('a bug'), new UserError('said already')])
      expect(() => guardScratch('/tmp/x', failing(error))).toThrow(error);
  });
});

describe('sweeping', () => {
  const whole = { ...here, pid: deadPid, startTicks: 1 };

  it('deletes what dead processes have left, with an owner file and without', () => {
    const left = [
      plant({ owner: whole }),
      plant({}),
      plant({ owner: '' }),
      plant({ owner: '{"pid":' }),
      plant({ owner: { ...whole, bootId: 'before', pidNamespace: 'pid:[1]' } }),
    ];
    // The number was given out again since.
    left.push(plant({ pid: process.pid, owner: { ...here, startTicks: 1 } }));
    if (process.platform !== 'linux') left.pop();
    expect(sweepScratchDirectories(parent).toSorted()).toEqual(left.toSorted());
    for (const name of readdirSync(parent)) expect(left).not.toContain(path.join(parent, name));
  });

  it('deletes nothing of living processes, of those that cannot be seen, and of others', () => {
    const kept = [
      plant({ pid: process.ppid }),
      plant({ owner: { ...whole, pidNamespace: 'pid:[1]' } }),
      plant({ owner: { ...whole, host: 'elsewhere', bootId: 'another' } }),
      // Just being made, by a process in a place that is not this one.
      plant({ place: '00000000' }),
    ];
    for (const name of [
      'wirebench-run-notes',
      `wirebench-${deadPid}`,
      'wirebench-test-abc',
      `other-run-${deadPid}-${placeOf(here)}-abcdef`,
      `wirebench-run-${deadPid}-${placeOf(here)}-abcdefg`,
    ]) {
      mkdirSync(path.join(parent, name));
      kept.push(path.join(parent, name));
    }
    const file = path.join(parent, `wirebench-run-${deadPid}-${placeOf(here)}-afile0`);
    writeFileSync(file, 'no directory');
    kept.push(file);
    expect(sweepScratchDirectories(parent)).toEqual([]);
    expect(readdirSync(parent).toSorted()).toEqual(kept.map((name) => path.basename(name)).toSorted());
  });

  it('follows no link, neither to a directory nor to an owner', () => {
    const treasure = path.join(parent, 'treasure');
    mkdirSync(treasure);
    writeFileSync(path.join(treasure, '.owner.json'), JSON.stringify(whole));
    symlinkSync(treasure, path.join(parent, `wirebench-run-${deadPid}-${placeOf(here)}-alinka`));
    const inside = plant({ owner: whole });
    symlinkSync(treasure, path.join(inside, 'link'));
    expect(sweepScratchDirectories(parent)).toEqual([inside]);
    expect(readdirSync(treasure)).toEqual(['.owner.json']);
    // An owner file that leads elsewhere is none, so that the name counts: the process lives.
    const linked = plant({ pid: process.ppid });
    symlinkSync(path.join(treasure, '.owner.json'), path.join(linked, '.owner.json'));
    expect(sweepScratchDirectories(parent)).toEqual([]);
  });

  it('leaves directories of other users alone', { skip: process.getuid?.() !== 0 }, () => {
    const foreign = plant({ owner: whole });
    chownSync(foreign, 12_345, 12_345);
    expect(sweepScratchDirectories(parent)).toEqual([]);
    expect(existsSync(foreign)).toBe(true);
  });

  it('deletes after a week what belongs to nobody who can be seen, and after an hour nothing of it', () => {
    const unseen = plant({ owner: { ...whole, pidNamespace: 'pid:[1]' } });
    const begun = Date.now();
    utimesSync(unseen, begun / 1000, begun / 1000);
    expect(sweepScratchDirectories(parent, begun + hour)).toEqual([]);
    expect(sweepScratchDirectories(parent, begun + 6 * 24 * hour)).toEqual([]);
    expect(sweepScratchDirectories(parent, begun + 8 * 24 * hour)).toEqual([unseen]);
  });

  it('finds nothing in a directory that is not there', () => {
    expect(sweepScratchDirectories(fileURLToPath(new URL('missing', import.meta.url)))).toEqual([]);
  });
});
