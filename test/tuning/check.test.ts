/**
 * A host beside a load: what is too low, what is only less than wanted, and what cannot be told.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { CheckedValue, HostCheck } from '../../src/model/tuning.ts';
import { checkHost } from '../../src/tuning/check.ts';
import { openHost } from '../../src/tuning/host.ts';
import { settings } from '../../src/tuning/settings.ts';
import { type FakeHost, type FakeHostOptions, makeFakeHost } from './fake-host.ts';

function fakeHost(options?: FakeHostOptions): FakeHost {
  const fake = makeFakeHost(options);
  onTestFinished(fake.remove);
  return fake;
}

function valueIn(check: HostCheck, name: string): CheckedValue {
  const value = check.values.find((candidate) => candidate.name === name);
  if (value === undefined) throw new Error(`the check has no ${name}`);
  return value;
}

function tooLow({ values }: HostCheck): string[] {
  return values.filter(({ isTooLow }) => isTooLow).map(({ name }) => name);
}

describe('a check', () => {
  it('finds nothing too low for a load that a default host carries', () => {
    const { host } = fakeHost();
    expect(tooLow(checkHost(host, { users: 400 }))).toEqual([]);
  });

  it('finds what thousands of users are too many for', () => {
    const { host } = fakeHost();
    expect(tooLow(checkHost(host, { users: 4000 }))).toEqual([
      'descriptors, soft limit',
      'net.core.netdev_max_backlog',
      'net.ipv4.tcp_max_syn_backlog',
      'net.ipv4.tcp_tw_reuse',
    ]);
    expect(tooLow(checkHost(host, { users: 40_000 }))).toEqual(
      expect.arrayContaining(['net.core.somaxconn', 'net.ipv4.ip_local_port_range']),
    );
  });

  it('has every setting and both limits, each with what it bounds', () => {
    const { values } = checkHost(fakeHost().host, { users: 1 });
    expect(values.map(({ name }) => name)).toEqual([
      'descriptors, soft limit',
      'descriptors, hard limit',
      ...settings.map(({ name }) => name),
    ]);
  });

  it('tells values above, as and below what is wanted apart', () => {
    const fake = fakeHost();
    fake.set('net.core.somaxconn', '65535');
    fake.set('vm.swappiness', '0');
    const check = checkHost(fake.host, { users: 1 });
    expect(valueIn(check, 'net.core.somaxconn').standing).toBe('as wanted');
    expect(valueIn(check, 'vm.swappiness').standing).toBe('beyond');
    expect(valueIn(check, 'fs.file-max')).toMatchObject({ standing: 'beyond', now: '9223372036854775807' });
    expect(valueIn(check, 'net.ipv4.tcp_rmem').standing).toBe('beyond');
    expect(valueIn(check, 'net.ipv4.tcp_wmem')).toMatchObject({ standing: 'below', now: '4096 16384 4194304' });
  });

  it('counts ports without those that are reserved', () => {
    const fake = fakeHost();
    fake.set('net.ipv4.ip_local_port_range', '1000\t1099');
    fake.set('net.ipv4.ip_local_reserved_ports', '22,1010-1019');
    expect(valueIn(checkHost(fake.host, { users: 91 }), 'net.ipv4.ip_local_port_range')).toMatchObject({
      carriesUsers: 90,
      isTooLow: true,
    });
  });

  it('counts both ends of a connection among the open files of the machine', () => {
    const fake = fakeHost();
    fake.set('fs.file-max', '1000');
    fake.set('fs.file-nr', '200\t0\t1000');
    expect(valueIn(checkHost(fake.host, { users: 401 }), 'fs.file-max')).toMatchObject({
      carriesUsers: 400,
      isTooLow: true,
    });
  });

  it('lets ports be used again where that is allowed', () => {
    const fake = fakeHost();
    fake.set('net.ipv4.tcp_tw_reuse', '1');
    expect(valueIn(checkHost(fake.host, { users: 4000 }), 'net.ipv4.tcp_tw_reuse').isTooLow).toBe(false);
  });

  it('wants as many descriptors as the users need, and no fewer than is usual', () => {
    const { host } = fakeHost({ soft: 70_000 });
    expect(valueIn(checkHost(host, { users: 10 }), 'descriptors, soft limit').standing).toBe('beyond');
    expect(valueIn(checkHost(host, { users: 80_000 }), 'descriptors, soft limit')).toMatchObject({
      standing: 'below',
      isTooLow: true,
    });
    expect(Number(valueIn(checkHost(host, { users: 80_000 }), 'descriptors, hard limit').wanted)).toBeGreaterThan(
      80_000,
    );
  });

  it('names servers whose ports a wider range would hold', () => {
    const fake = fakeHost({ listening: [22, 4444, 9000, 9001] });
    fake.set('net.ipv4.ip_local_reserved_ports', '9000');
    expect(checkHost(fake.host, { users: 1 }).unreservedPorts).toBe('4444,9001');
  });
});

describe('what cannot be read', () => {
  it('is named, and the rest is told', () => {
    const fake = fakeHost();
    fake.drop('net.core.netdev_max_backlog');
    fake.set('net.core.somaxconn', 'many\u001B[2J');
    rmSync(path.join(fake.root, 'proc/sys/vm/swappiness'));
    mkdirSync(path.join(fake.root, 'proc/sys/vm/swappiness'));
    const check = checkHost(fake.host, { users: 4000 });
    expect(valueIn(check, 'net.core.netdev_max_backlog')).toMatchObject({
      standing: 'unknown',
      isTooLow: false,
      problem: 'this kernel or network namespace does not have it',
    });
    expect(valueIn(check, 'net.core.somaxconn')).toMatchObject({
      standing: 'unknown',
      problem: "it says 'many', which is no value of it",
    });
    expect(valueIn(check, 'vm.swappiness').problem).toMatch(/^EISDIR/);
    expect(valueIn(check, 'vm.swappiness').now).toBeUndefined();
  });

  it('is no reason to guess how many ports there are', () => {
    const fake = fakeHost();
    fake.drop('net.ipv4.ip_local_port_range');
    const check = checkHost(fake.host, { users: 4000 });
    expect(valueIn(check, 'net.ipv4.tcp_tw_reuse').carriesUsers).toBeUndefined();
  });

  it('is everything on another system', () => {
    const fake = fakeHost();
    rmSync(path.join(fake.root, 'proc'), { recursive: true });
    expect(() => checkHost(openHost(fake.root), { users: 1 })).toThrow('it has no /proc/sys');
  });

  it('are the limits of a process', () => {
    const fake = fakeHost();
    fake.write('/proc/self/limits', 'nothing\n');
    expect(() => checkHost(fake.host, { users: 1 })).toThrow('cannot read the limits of this process');
  });

  it('is not the same as unlimited', () => {
    const { host } = fakeHost({ soft: 'unlimited', hard: 'unlimited' });
    expect(valueIn(checkHost(host, { users: 1 }), 'descriptors, soft limit').now).toBe('1048576');
  });
});
