/**
 * `wirebench tune` on a host in a temporary directory: what it prints, what it refuses, and how it ends.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { type FakeHost, type FakeHostOptions, makeFakeHost } from '../tuning/fake-host.ts';
import { type Invocation, invoke, words } from './invoke.ts';

function fakeHost(options?: FakeHostOptions): FakeHost {
  const fake = makeFakeHost(options);
  onTestFinished(fake.remove);
  return fake;
}

function tune(fake: FakeHost, line: string): Promise<Invocation> {
  return invoke(['tune', ...words(line), '--root', fake.root], { cwd: fake.root });
}

const usualUndoFile = 'var/lib/wirebench/tune-undo.json';

describe('tune check', () => {
  it('says what is too low for the load, and changes nothing', async () => {
    const fake = fakeHost();
    const { code, stdout, stderr } = await tune(fake, 'check --users 4000');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /4 of 19 values are too low for 4,000 users with a connection each: descriptors, soft limit/,
    );
    expect(stdout).toMatch(/net\.ipv4\.tcp_max_syn_backlog +1024 +65535 +1,024 users, too low/);
    expect(stdout).toContain('does not shorten TIME_WAIT');
    expect(fake.valueOf('net.core.somaxconn')).toBe('4096');
    expect(existsSync(path.join(fake.root, 'var'))).toBe(false);
  });

  it('is what tune does by itself, and says so where all is well', async () => {
    const { code, stdout } = await invoke(['tune', '--users', '100', '--root', fakeHost().root]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing is too low for 100 users with a connection each.');
  });

  it('is one line of JSON for programs', async () => {
    const { code, stdout } = await tune(fakeHost({ listening: [9000] }), 'check --json');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(2);
    const check = JSON.parse(stdout) as { values: { name: string }[] };
    expect(check).toMatchObject({ users: 4000, unreservedPorts: '9000' });
    expect(check.values.find(({ name }) => name === 'net.core.somaxconn')).toMatchObject({
      now: '4096',
      wanted: '65535',
      standing: 'below',
      carriesUsers: 4096,
      isTooLow: false,
      scope: 'namespace',
    });
  });
});

describe('tune apply and tune undo', () => {
  it('set, tell how to go back, and go back', async () => {
    const fake = fakeHost({ listening: [9000] });
    const applied = await tune(fake, 'apply --reserve-port 4444 --reserve-port 7000-7001');
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    expect(applied.stdout).toMatch(/net\.core\.somaxconn +4096 +65535 +set/);
    expect(applied.stdout).toContain('wirebench tune undo');
    expect(fake.valueOf('net.ipv4.ip_local_reserved_ports')).toBe('4444,7000-7001,9000');
    expect(existsSync(path.join(fake.root, usualUndoFile))).toBe(true);

    const undone = await tune(fake, 'undo');
    expect({ code: undone.code, stderr: undone.stderr }).toEqual({ code: 0, stderr: '' });
    expect(undone.stdout).toContain('Every setting is as it was before.');
    expect(fake.valueOf('net.core.somaxconn')).toBe('4096');
    expect(existsSync(path.join(fake.root, usualUndoFile))).toBe(false);
  });

  it('say that nothing was changed, the second time', async () => {
    const fake = fakeHost();
    await tune(fake, 'apply');
    const { code, stdout } = await tune(fake, 'apply');
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing was changed.');
  });

  it('take another undo file', async () => {
    const fake = fakeHost();
    const { stdout } = await tune(fake, 'apply --undo-file mine/undo.json');
    expect(stdout).toContain(`wirebench tune undo --undo-file ${path.join(fake.root, 'mine/undo.json')}`);
    expect(existsSync(path.join(fake.root, 'mine/undo.json'))).toBe(true);
    expect((await tune(fake, 'undo')).code).toBe(2);
    expect((await tune(fake, 'undo --undo-file mine/undo.json')).code).toBe(0);
  });

  it('end with 2 where something that the load needs could not be set, and with 0 where it is not there', async () => {
    const fake = fakeHost();
    fake.set('net.ipv4.tcp_max_syn_backlog', 'many');
    const failed = await tune(fake, 'apply');
    expect(failed.code).toBe(2);
    expect(failed.stdout).toContain('Not set: net.ipv4.tcp_max_syn_backlog.');
    fake.drop('net.ipv4.tcp_max_syn_backlog');
    expect((await tune(fake, 'apply')).code).toBe(0);
  });

  it('leave alone what the machine shares, where asked to', async () => {
    const fake = fakeHost();
    const { stdout } = await tune(fake, 'apply --namespace-only');
    expect(stdout).toMatch(/vm\.swappiness +60 +60 +left alone: all of the machine shares it/);
    expect(fake.valueOf('vm.swappiness')).toBe('60');
  });

  it('are one line of JSON for programs', async () => {
    const fake = fakeHost();
    const applied = JSON.parse((await tune(fake, 'apply --json')).stdout) as { settings: object[]; undoFile: string };
    expect(applied.undoFile).toBe(path.join(fake.root, usualUndoFile));
    expect(applied.settings).toContainEqual({
      name: 'vm.swappiness',
      before: '60',
      now: '10',
      outcome: 'set',
      isTooLow: false,
    });
    const undone = JSON.parse((await tune(fake, 'undo --json')).stdout) as { settings: object[] };
    expect(undone.settings).toContainEqual({ name: 'vm.swappiness', before: '60', now: '60', outcome: 'restored' });
  });
});

describe('tune persist', () => {
  it('prints both files, and writes none', async () => {
    const fake = fakeHost();
    const { code, stdout, stderr } = await tune(fake, 'persist --print');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# \/etc\/sysctl\.d\/99-wirebench\.conf\n/);
    expect(stdout).toContain('\nnet.core.somaxconn = 65535\n');
    expect(stdout).toContain('# /etc/security/limits.d/99-wirebench.conf\n');
    expect(existsSync(path.join(fake.root, 'etc'))).toBe(false);
  });

  it('writes both, says from when they count, and leaves them alone the second time', async () => {
    const fake = fakeHost();
    const { code, stdout, stderr } = await tune(fake, 'persist');
    expect(code).toBe(0);
    expect(stdout).toMatch(/99-wirebench\.conf {2}counts from the next start/);
    expect(stderr.match(/wirebench: wrote .*99-wirebench\.conf/g)).toHaveLength(2);
    const file = path.join(fake.root, 'etc/sysctl.d/99-wirebench.conf');
    expect(readFileSync(file, 'utf8')).toContain('vm.swappiness = 10');
    expect((await tune(fake, 'persist')).stderr.match(/is as it is to be/g)).toHaveLength(2);
  });

  it('gives both to programs', async () => {
    const { stdout } = await tune(fakeHost(), 'persist --print --json');
    expect(JSON.parse(stdout)).toMatchObject({ users: 4000, files: [{ file: expect.any(String) }, {}] });
  });
});

describe('tune limits', () => {
  it('says how many users the descriptors carry, and how to have more', async () => {
    const { code, stdout } = await tune(fakeHost(), 'limits');
    expect(code).toBe(0);
    expect(stdout).toContain('A process has room for 512 users with a connection each, which is too few for 4,000.');
    expect(stdout).toContain('ulimit -n 65536');
    expect(stdout).toContain('LimitNOFILE=65536');
  });

  it('says that no limit can be higher than the kernel allows', async () => {
    const fake = fakeHost({ soft: 1_000_000 });
    fake.set('fs.nr_open', '1000');
    const { stdout } = await tune(fake, 'limits');
    expect(stdout).toContain('sysctl -w fs.nr_open=65536');
    expect(stdout).toContain('which is enough for 4,000.');
  });

  it('is one line of JSON for programs', async () => {
    const { stdout } = await tune(fakeHost(), 'limits --json --users 10');
    expect(JSON.parse(stdout)).toEqual({
      soft: 1024,
      hard: 524_288,
      most: 1_048_576,
      // As a number holds it.
      ofMachine: Number('9223372036854775807'),
      openOnMachine: 928,
      carriesUsers: 512,
      users: 10,
      wanted: 65_536,
    });
  });
});

describe('bad input', () => {
  it.each([
    ['tune', 'Allowed choices are check, apply, undo, persist, limits'],
    ['check --users 0', "'0' is not a whole number from 1 to 1000000"],
    ['check --users=-1', "'-1' is not a whole number from 1 to 1000000"],
    ['check --users abc', "'abc' is not a whole number from 1 to 1000000"],
    ['check --force', "--force does nothing with 'tune check'; leave it out; it goes with apply, undo, persist"],
    ['limits --print', "--print does nothing with 'tune limits'"],
    ['undo --users 10', "--users does nothing with 'tune undo'"],
    ['persist --undo-file x', "--undo-file does nothing with 'tune persist'"],
    ['apply --reserve-port 0', "'0' is no port from 1 to 65535 and no range such as 9000-9009"],
    ['apply --reserve-port 70000', "'70000' is no port"],
    ['apply --reserve-port 9-1', "'9-1' is no port"],
    ['undo', 'cannot undo: there is no '],
  ])('in %j gets an answer', async (line, message) => {
    const fake = fakeHost();
    const { code, stdout, stderr } = await tune(fake, line);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(fake.valueOf('net.core.somaxconn')).toBe('4096');
    expect(existsSync(path.join(fake.root, 'var'))).toBe(false);
  });

  it.each(['check', 'apply', 'undo', 'persist', 'persist --print', 'limits'])(
    'such as another system gets an answer from %s',
    async (line) => {
      const fake = fakeHost();
      rmSync(path.join(fake.root, 'proc'), { recursive: true });
      const { code, stderr } = await tune(fake, line);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr:
          'wirebench: cannot tune this host: it has no /proc/sys, where Linux has its settings; run it on the Linux machine that carries the load\n',
      });
      expect(existsSync(path.join(fake.root, 'var'))).toBe(false);
    },
  );
});
