/**
 * Files for every start: what is less than wanted is in them, and nothing in them is less than what is.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { describeFiles, type PersistOptions, writeFiles } from '../../src/tuning/persist.ts';
import { type FakeHost, type FakeHostOptions, makeFakeHost } from './fake-host.ts';

function fakeHost(options?: FakeHostOptions): FakeHost {
  const fake = makeFakeHost(options);
  onTestFinished(fake.remove);
  return fake;
}

function textsOf(fake: FakeHost, options: Partial<PersistOptions> = {}): { sysctl: string; limits: string } {
  const [sysctl, limits] = describeFiles(fake.host, { users: 4000, better: 'keep', reservedPorts: [], ...options });
  return { sysctl: sysctl?.text ?? '', limits: limits?.text ?? '' };
}

/** Settings of a file by name, without comments. */
function settingsIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^([a-z].*?) = (.*)$/gm)].map(([, name, value]) => [name, value]));
}

describe('the file of settings', () => {
  it('has what is less than wanted, and leaves out what is better', () => {
    const { sysctl } = textsOf(fakeHost());
    expect(settingsIn(sysctl)).toMatchObject({
      'net.core.somaxconn': '65535',
      'net.ipv4.tcp_tw_reuse': '1',
      'net.ipv4.ip_local_port_range': '1024 65535',
      'net.ipv4.tcp_wmem': '4096 65536 16777216',
    });
    expect(settingsIn(sysctl)).not.toHaveProperty('fs.file-max');
    expect(sysctl).toContain('# fs.file-max is left out: 9223372036854775807 is better than 2097152');
    expect(sysctl.endsWith('\n')).toBe(true);
  });

  it('keeps the better figures of a value that is better in part', () => {
    expect(settingsIn(textsOf(fakeHost()).sysctl)['net.ipv4.tcp_rmem']).toBe('4096 131072 33554432');
  });

  it('has exactly what is wanted by force', () => {
    expect(settingsIn(textsOf(fakeHost(), { better: 'force' }).sysctl)).toMatchObject({
      'fs.file-max': '2097152',
      'net.ipv4.tcp_rmem': '4096 87380 16777216',
    });
  });

  it('has what was applied already', () => {
    const fake = fakeHost();
    fake.set('net.core.somaxconn', '65535');
    expect(settingsIn(textsOf(fake).sysctl)['net.core.somaxconn']).toBe('65535');
  });

  it('reserves ports in front of the range, and has no line where there are none', () => {
    const { sysctl } = textsOf(fakeHost({ listening: [22, 9000] }), { reservedPorts: [4444] });
    const names = Object.keys(settingsIn(sysctl));
    expect(settingsIn(sysctl)['net.ipv4.ip_local_reserved_ports']).toBe('4444,9000');
    expect(names.indexOf('net.ipv4.ip_local_reserved_ports')).toBeLessThan(
      names.indexOf('net.ipv4.ip_local_port_range'),
    );
    expect(textsOf(fakeHost()).sysctl).not.toContain('ip_local_reserved_ports');
  });

  it('says what this kernel does not have', () => {
    const fake = fakeHost();
    fake.drop('net.core.netdev_max_backlog');
    expect(textsOf(fake).sysctl).toContain('# net.core.netdev_max_backlog: this kernel or network namespace');
  });
});

describe('the file of limits', () => {
  const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('has a limit for everybody and for root, of what the users need', () => {
    expect(linesOf(textsOf(fakeHost({ hard: 1024 })).limits)).toEqual([
      '* soft nofile 65536',
      '* hard nofile 65536',
      'root soft nofile 65536',
      'root hard nofile 65536',
    ]);
    expect(textsOf(fakeHost(), { users: 200_000 }).limits).toMatch(/^\* soft nofile 2\d{5}$/m);
  });

  it('lowers no hard limit, unless by force', () => {
    expect(textsOf(fakeHost({ hard: 524_288 })).limits).toContain('* hard nofile 524288');
    expect(textsOf(fakeHost({ hard: 524_288 }), { better: 'force' }).limits).toContain('* hard nofile 65536');
  });

  it('lowers nothing that the file had, unless by force', () => {
    const fake = fakeHost({ hard: 1024 });
    fake.write('/etc/security/limits.d/99-wirebench.conf', '* soft nofile 100000\n* hard nofile 200000\n');
    expect(textsOf(fake).limits).toContain('* soft nofile 100000\n* hard nofile 200000\n');
    expect(textsOf(fake, { better: 'force' }).limits).toContain('* soft nofile 65536');
  });

  it('asks for no more than the kernel gives, which would keep everybody from logging in', () => {
    const fake = fakeHost({ hard: 1024 });
    fake.set('fs.nr_open', '50000');
    const { limits } = textsOf(fake);
    expect(limits).toContain('* hard nofile 50000');
    expect(limits).toContain('# 4000 users need 65536, and fs.nr_open allows 50000.');
  });
});

describe('both files', () => {
  it('are written whole, and left alone where they say the same already', () => {
    const fake = fakeHost();
    const files = describeFiles(fake.host, { users: 4000, better: 'keep', reservedPorts: [] });
    expect(existsSync(path.join(fake.root, 'etc'))).toBe(false);
    writeFiles(fake.host, files);
    for (const { file, text } of files) expect(readFileSync(path.join(fake.root, file), 'utf8')).toBe(text);
    const again = describeFiles(fake.host, { users: 4000, better: 'keep', reservedPorts: [] });
    expect(again.map(({ text }) => text)).toEqual(again.map(({ earlier }) => earlier));
  });
});
