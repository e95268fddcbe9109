/**
 * Locks of living, dead and invisible processes, and many takers of one lock at once.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ownIdentity } from '../../src/process/owner.ts';
import { lockDirectory, lockFileName, whileLocked } from '../../src/store/lock.ts';

const moduleUrl = new URL('../../src/store/lock.ts', import.meta.url).href;
const deadPid = spawnSync(process.execPath, ['--version']).pid;
const here = ownIdentity();
const dead = {
  ...here,
  pid: deadPid,
  startTicks: 1,
  id: 'a-dead-one',
  since: '2026-01-02T03:04:05.678Z',
  command: 'wirebench run',
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const lockFile = (suffix = ''): string => path.join(directory, lockFileName + suffix);
const plant = (content: object | string, suffix = ''): void =>
  writeFileSync(lockFile(suffix), typeof content === 'string' ? content : JSON.stringify(content));
const take = (): ReturnType<typeof lockDirectory> => lockDirectory(directory, { command: 'wirebench http' });

/** A process that takes the lock, says how that went, and stays until its input ends. */
function startTaker(): ReturnType<typeof spawn> {
  const code = `const { lockDirectory } = await import(${JSON.stringify(moduleUrl)});
    try { lockDirectory(${JSON.stringify(directory)}, { command: 'wirebench run' }); process.stdout.write('taken'); process.stdin.resume(); }
    catch (error) { process.stdout.write(error.code === 2 ? 'refused' : String(error)); }`;
  return spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['pipe', 'pipe', 'inherit'] });
}

describe('lockDirectory', () => {
  it('takes a directory, also one that is not there yet, and gives it back', () => {
    const below = path.join(directory, 'results', 'latest');
    const lock = lockDirectory(below, { command: 'wirebench run' });
    expect(JSON.parse(readFileSync(path.join(below, lockFileName), 'utf8'))).toMatchObject({
      ...here,
      command: 'wirebench run',
    });
    lock.release();
    lock.release();
    expect(readdirSync(below)).toEqual([]);
  });

  it('refuses the second, and says who, since when and what to do', () => {
    const lock = take();
    const { since } = JSON.parse(readFileSync(lockFile(), 'utf8')) as { since: string };
    expect(take).toThrow(
      expect.objectContaining({
        code: 2,
        message: `cannot use ${directory}: wirebench http (process ${process.pid}) has been writing there since ${since}`,
        hint: expect.stringContaining('another directory with --out'),
      }),
    );
    lock.release();
    take().release();
  });

  it('is given back when the action fails', async () => {
    await expect(whileLocked({ directory, command: 'x' }, () => Promise.reject(new Error('no luck')))).rejects.toThrow(
      'no luck',
    );
    expect(existsSync(lockFile())).toBe(false);
  });

  it.each<[string, object]>(
    [
      ['has ended', dead],
      ["has ended and whose number is another one's now", { ...dead, pid: process.pid }],
      ['ran before this machine booted', { ...dead, bootId: 'before', pidNamespace: 'pid:[1]' }],
    ].slice(0, process.platform === 'linux' ? 3 : 1) as [string, object][],
  )('takes over the lock of a process that %s', (_what, held) => {
    plant(held);
    const lock = take();
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid, command: 'wirebench http' });
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each<[string, object | string, RegExp]>([
    ['in another container', { ...dead, pidNamespace: 'pid:[1]' }, /cannot be seen from here/],
    ['on another machine', { ...dead, host: 'elsewhere', bootId: 'another' }, /on elsewhere/],
    ['that hides an escape', { ...dead, host: 'a\u001b[2Jb', bootId: 'another' }, /on a␛\[2Jb/],
    ['that nobody can read', '', /cannot be read/],
    ['that is half of one', JSON.stringify(dead).slice(0, 40), /cannot be read/],
    ['whose id would lead elsewhere', { ...dead, id: '../../x' }, /cannot be read/],
  ])('refuses a lock of a process %s, and names the file', (_what, content, message) => {
    plant(content);
    expect(take).toThrow(
      expect.objectContaining({
        code: 2,
        message: expect.stringMatching(message),
        hint: expect.stringContaining(lockFile()),
      }),
    );
    expect(existsSync(lockFile())).toBe(true);
  });

  it('goes through claims of takers that died, and clears them away', () => {
    plant(dead);
    plant({ ...dead, id: 'b' }, '.a-dead-one');
    plant({ ...dead, id: 'c' }, '.b');
    plant({ ...dead, id: 'd' }, '.an-older-one');
    take().release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves the directory to a living taker of a dead lock', () => {
    plant(dead);
    plant({ ...dead, ...here, id: 'b' }, '.a-dead-one');
    expect(take).toThrow(`process ${process.pid}`);
    expect(readdirSync(directory).toSorted()).toEqual([lockFileName, `${lockFileName}.a-dead-one`]);
  });

  it('deletes no lock but its own', () => {
    const lock = take();
    plant({ ...dead, id: 'another' });
    lock.release();
    expect(existsSync(lockFile())).toBe(true);
  });

  it('is stale after a kill, and gone after every other end', async () => {
    const killed = startTaker();
    await once(killed.stdout as NodeJS.ReadableStream, 'data');
    expect(take).toThrow(`process ${killed.pid}`);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(existsSync(lockFile())).toBe(true);
    take().release();

    const ended = startTaker();
    await once(ended.stdout as NodeJS.ReadableStream, 'data');
    ended.stdin?.end();
    await once(ended, 'close');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('has one winner among many takers of a stale lock', async () => {
    for (let round = 0; round < 3; round += 1) {
      plant({ ...dead, id: `stale-${round}` });
      const takers = Array.from({ length: 6 }, () => startTaker());
      const words = await Promise.all(
        takers.map(async ({ stdout }) => {
          const [word] = (await once((stdout as NodeJS.ReadableStream).setEncoding('utf8'), 'data')) as [string];
          return word;
        }),
      );
      expect(words.toSorted()).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'taken']);
      await Promise.all(
        takers.map(async (taker) => {
          const closed = taker.exitCode === null ? once(taker, 'close') : undefined;
          taker.stdin?.end();
          await closed;
        }),
      );
      expect(readdirSync(directory)).toEqual([]);
    }
  });
});
