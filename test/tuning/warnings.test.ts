/**
 * Warnings before a load: none on an ordinary machine, and one for each thing that would make connections fail.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { warnAboutHost } from '../../src/tuning/warnings.ts';
import { type FakeHost, type FakeHostOptions, makeFakeHost } from './fake-host.ts';

function fakeHost(options?: FakeHostOptions): FakeHost {
  const fake = makeFakeHost(options);
  onTestFinished(fake.remove);
  return fake;
}

describe('a host before a load', () => {
  it('is not warned of where it carries the load', () => {
    expect(warnAboutHost({ connections: 100 }, fakeHost().host)).toEqual([]);
    expect(warnAboutHost({ users: 4000 }, fakeHost({ soft: 65_536 }).host)).toEqual([]);
  });

  it('is warned of where its descriptors are too few', () => {
    expect(warnAboutHost({ connections: 4000 }, fakeHost().host)).toEqual([
      'a process may open 1024 files and connections here, and 4000 connections need 4512; see `wirebench tune check --users 4000`',
    ]);
  });

  it('is warned of for each thing that connections would fail by', () => {
    const fake = fakeHost({ soft: 1_000_000 });
    fake.set('net.core.somaxconn', '128');
    fake.set('net.ipv4.ip_local_port_range', '60000\t60999');
    fake.set('fs.file-max', '3000');
    const told = warnAboutHost({ users: 4000 }, fake.host);
    expect(told.map((line) => line.split(' is ')[0])).toEqual([
      'net.core.somaxconn',
      'net.ipv4.ip_local_port_range',
      'fs.file-max',
    ]);
    expect(told[0]).toMatch(/^net\.core\.somaxconn is 128, which is enough for 128 users and not for 4000 \(/);
  });

  it('says nothing of the side of a server that is elsewhere', () => {
    const fake = fakeHost({ soft: 1_000_000 });
    fake.set('net.core.somaxconn', '128');
    expect(warnAboutHost({ users: 4000, target: 'elsewhere' }, fake.host)).toEqual([]);
  });

  it('says nothing of what cannot be read, and of other systems', () => {
    const fake = fakeHost();
    rmSync(path.join(fake.root, 'proc'), { recursive: true });
    expect(warnAboutHost({ users: 100_000 }, fake.host)).toEqual([]);
  });
});
