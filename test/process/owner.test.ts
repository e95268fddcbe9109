import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { isOwner, lifeOf, type Owner, ownIdentity, placeOf } from '../../src/process/owner.ts';

const here = ownIdentity();
const hasProc = process.platform === 'linux';

/** A process that has ended and was waited for. */
function endedPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

describe('lifeOf', () => {
  it('knows this process, and one that has ended', () => {
    expect(lifeOf(here)).toBe('alive');
    const { startTicks: _other, ...rest } = here;
    expect(lifeOf({ ...rest, pid: endedPid() })).toBe('dead');
  });

  it('takes a number that was given out again for a dead process', { skip: !hasProc }, () => {
    expect(lifeOf({ ...here, startTicks: (here.startTicks ?? 0) - 1 })).toBe('dead');
  });

  it('takes a process that nobody has waited for as dead', { skip: !hasProc }, async () => {
    // The shell starts one that ends when its input does, and becomes another program, which never asks for it.
    const parent = spawn('sh', ['-c', 'exec 3<&0; cat <&3 & echo $!; exec 3<&-; exec sleep 60'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
      await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8'), { timeout: 30_000 }).toBe('sleep\n');
      parent.stdin.end();
      const { startTicks: _other, ...rest } = here;
      await expect.poll(() => lifeOf({ ...rest, pid: Number(line) }), { timeout: 30_000 }).toBe('dead');
      // The number is still taken, so asking for it alone would have said otherwise.
      expect(() => process.kill(Number(line), 0)).not.toThrow();
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'close');
    }
  });

  const pid = endedPid();
  const own: Owner = { pid, startTicks: 1, host: 'a', bootId: 'boot-1', pidNamespace: 'pid:[1]' };
  const away = (changes: Partial<Owner>): Owner => ({ ...here, ...own, ...changes });
  it.each<[string, Owner, Owner, string]>([
    ['in the same place', own, own, 'dead'],
    ['in another container of this machine', away({ pidNamespace: 'pid:[2]' }), own, 'unknown'],
    ['in another container with a name of its own', away({ pidNamespace: 'pid:[2]', host: 'b' }), own, 'unknown'],
    ['in this container, which got another name', away({ host: 'b' }), own, 'dead'],
    ['before this machine booted', away({ bootId: 'boot-0' }), own, 'dead'],
    ['before this machine booted, in a container', away({ bootId: 'boot-0', pidNamespace: 'pid:[2]' }), own, 'dead'],
    ['on another machine', away({ bootId: 'boot-2', host: 'b' }), own, 'unknown'],
    ['on another machine without boot ids', { pid, host: 'b' }, { pid, host: 'a' }, 'unknown'],
    ['on this machine without boot ids', { pid, host: 'a' }, { pid, host: 'a' }, 'dead'],
    ['where only one of both has a namespace', { pid, host: 'a', bootId: 'boot-1' }, own, 'unknown'],
  ])('judges a process %s', (_where, owner, from, expected) => {
    expect(lifeOf(owner, from)).toBe(expected);
  });
});

describe('isOwner', () => {
  it('believes what was written and nothing else', () => {
    expect(isOwner(JSON.parse(JSON.stringify(here)))).toBe(true);
    for (const value of [
      null,
      1,
      {},
      { ...here, pid: 0 },
      { ...here, pid: -1 },
      { ...here, pid: '1' },
      { ...here, bootId: 7 },
      { pid: 1 },
    ])
      expect(isOwner(value)).toBe(false);
  });
});

describe('placeOf', () => {
  it('differs between boots and between namespaces, and not between processes', () => {
    expect(placeOf({ ...here, pid: 1 })).toBe(placeOf(here));
    expect(
      new Set([here, { ...here, bootId: 'other' }, { ...here, pidNamespace: 'other' }].map((owner) => placeOf(owner)))
        .size,
    ).toBe(3);
  });
});
