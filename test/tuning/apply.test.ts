/**
 * Settings are applied and undone: nothing gets worse unasked, nothing is set before it can be undone, and what others
 * set stays theirs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { AppliedSetting, UndoneSetting, UndoRecord } from '../../src/model/tuning.ts';
import { type ApplyOptions, applySettings } from '../../src/tuning/apply.ts';
import type { Host } from '../../src/tuning/host.ts';
import { settings } from '../../src/tuning/settings.ts';
import { undoSettings } from '../../src/tuning/undo.ts';
import { defaults, type FakeHost, type FakeHostOptions, makeFakeHost, refusing } from './fake-host.ts';

function fakeHost(options?: FakeHostOptions): FakeHost {
  const fake = makeFakeHost(options);
  onTestFinished(fake.remove);
  return fake;
}

function apply(fake: FakeHost, options: Partial<ApplyOptions> & { host?: Host } = {}): AppliedSetting[] {
  const { host = fake.host, ...rest } = options;
  return applySettings(host, {
    users: 4000,
    better: 'keep',
    scope: 'machine',
    reservedPorts: [],
    undoFile: fake.undoFile,
    startedAt: '2026-01-02T03:04:05.678Z',
    ...rest,
  });
}

function undo(fake: FakeHost, options: { host?: Host; changes?: 'keep' | 'force' } = {}): UndoneSetting[] {
  const { host = fake.host, changes = 'keep' } = options;
  return undoSettings(host, { undoFile: fake.undoFile, changes });
}

function outcomeOf(list: readonly (AppliedSetting | UndoneSetting)[], name: string) {
  return list.find((setting) => setting.name === name);
}

function record(fake: FakeHost): UndoRecord {
  return JSON.parse(readFileSync(fake.undoFile, 'utf8')) as UndoRecord;
}

function everything(fake: FakeHost): Record<string, string> {
  return Object.fromEntries(Object.keys(defaults).map((name) => [name, fake.valueOf(name)]));
}

describe('applying', () => {
  it('sets what is less than wanted, and leaves alone what is better', () => {
    const fake = fakeHost();
    const applied = apply(fake);
    expect(fake.valueOf('net.core.somaxconn')).toBe('65535');
    expect(fake.valueOf('net.ipv4.tcp_tw_reuse')).toBe('1');
    expect(fake.valueOf('net.ipv4.tcp_fin_timeout')).toBe('15');
    expect(fake.valueOf('net.ipv4.ip_local_port_range')).toBe('1024 65535');
    expect(fake.valueOf('net.ipv4.tcp_wmem')).toBe('4096 65536 16777216');
    expect(fake.valueOf('net.ipv4.tcp_rmem')).toBe('4096 131072 33554432');
    expect(fake.valueOf('fs.file-max')).toBe('9223372036854775807');
    for (const name of ['net.ipv4.tcp_rmem', 'fs.file-max', 'net.ipv4.tcp_max_orphans']) {
      expect(outcomeOf(applied, name)).toMatchObject({
        outcome: 'kept',
        reason: expect.stringMatching(/better than .* already; --force/),
      });
    }
  });

  it('takes the better one of each figure', () => {
    const fake = fakeHost();
    fake.set('net.ipv4.tcp_rmem', '4096\t131072\t6291456');
    fake.set('net.ipv4.ip_local_port_range', '500\t60999');
    const applied = apply(fake);
    expect(fake.valueOf('net.ipv4.tcp_rmem')).toBe('4096 131072 16777216');
    expect(fake.valueOf('net.ipv4.ip_local_port_range')).toBe('500 65535');
    expect(outcomeOf(applied, 'net.ipv4.tcp_rmem')).toMatchObject({
      outcome: 'set',
      reason: expect.stringContaining('better than 4096 87380 16777216 in part'),
    });
  });

  it('sets exactly what is wanted by force, and names what that was', () => {
    const fake = fakeHost();
    const applied = apply(fake, { better: 'force' });
    expect(fake.valueOf('fs.file-max')).toBe('2097152');
    expect(fake.valueOf('net.ipv4.tcp_rmem')).toBe('4096 87380 16777216');
    expect(outcomeOf(applied, 'fs.file-max')).toMatchObject({ outcome: 'set', before: '9223372036854775807' });
    expect(applied.filter(({ outcome }) => outcome === 'kept')).toEqual([]);
  });

  it('changes nothing the second time, and keeps the first values', () => {
    const fake = fakeHost({ listening: [9000] });
    apply(fake);
    const [before, text] = [everything(fake), readFileSync(fake.undoFile, 'utf8')];
    const again = apply(fake);
    expect(again.filter(({ outcome }) => outcome === 'set' || outcome === 'not set')).toEqual([]);
    expect(everything(fake)).toEqual(before);
    expect(readFileSync(fake.undoFile, 'utf8')).toBe(text);
  });

  it('writes no undo file where nothing is to be set', () => {
    const fake = fakeHost();
    apply(fake);
    apply(fake, { undoFile: `${fake.undoFile}-2` });
    expect(existsSync(`${fake.undoFile}-2`)).toBe(false);
  });

  it('leaves alone what the machine shares where only the namespace is to be set', () => {
    const fake = fakeHost();
    const applied = apply(fake, { scope: 'namespace' });
    const shared = settings.filter(({ scope }) => scope === 'machine').map(({ name }) => name);
    expect(applied.filter(({ outcome }) => outcome === 'left alone').map(({ name }) => name)).toEqual(shared);
    expect(fake.valueOf('vm.swappiness')).toBe('60');
    expect(fake.valueOf('fs.aio-max-nr')).toBe('65536');
    expect(fake.valueOf('net.core.somaxconn')).toBe('65535');
  });

  it('says what is too low still', () => {
    const applied = apply(fakeHost(), { users: 100_000 });
    expect(outcomeOf(applied, 'net.core.somaxconn')).toMatchObject({ outcome: 'set', isTooLow: true });
  });
});

describe('ports that servers listen on', () => {
  it('are reserved beside those that were reserved, and those that were asked for', () => {
    const fake = fakeHost({ listening: [22, 4444, 9000, 9001] });
    fake.set('net.ipv4.ip_local_reserved_ports', '8080,9001');
    const applied = apply(fake, { reservedPorts: [7000, 9002] });
    expect(fake.valueOf('net.ipv4.ip_local_reserved_ports')).toBe('4444,7000,8080,9000-9002');
    expect(applied[0]).toMatchObject({
      name: 'net.ipv4.ip_local_reserved_ports',
      outcome: 'set',
      before: '8080,9001',
    });
  });

  it('are reserved before the range is widened, and given back after it was narrowed', () => {
    const fake = fakeHost({ listening: [9000] });
    const order: string[] = [];
    const host: Host = {
      ...fake.host,
      write: (file, text) => {
        order.push(path.basename(file));
        fake.host.write(file, text);
      },
    };
    apply(fake, { host });
    expect(order.indexOf('ip_local_reserved_ports')).toBeLessThan(order.indexOf('ip_local_port_range'));
    order.length = 0;
    undo(fake, { host });
    expect(order.indexOf('ip_local_port_range')).toBeLessThan(order.indexOf('ip_local_reserved_ports'));
    expect(fake.valueOf('net.ipv4.ip_local_reserved_ports')).toBe('');
  });

  it('stay reserved by force', () => {
    const fake = fakeHost();
    fake.set('net.ipv4.ip_local_reserved_ports', '8080');
    apply(fake, { better: 'force' });
    expect(fake.valueOf('net.ipv4.ip_local_reserved_ports')).toBe('8080');
  });
});

describe('what cannot be set', () => {
  it('is named with its reason, and the rest is set', () => {
    const fake = fakeHost();
    fake.drop('net.core.netdev_max_backlog');
    fake.set('net.ipv4.tcp_keepalive_time', 'soon');
    const host = refusing(fake.host, {
      'net.core.somaxconn': 'EROFS',
      'net.core.rmem_max': 'EACCES',
      'net.core.wmem_max': 'EPERM',
      'net.ipv4.ip_local_port_range': 'EINVAL',
    });
    const applied = apply(fake, { host });
    expect(outcomeOf(applied, 'net.core.netdev_max_backlog')?.outcome).toBe('not here');
    expect(outcomeOf(applied, 'net.core.somaxconn')).toMatchObject({
      outcome: 'not set',
      before: '4096',
      now: '4096',
      reason: '/proc/sys is read-only, as in most containers',
    });
    expect(outcomeOf(applied, 'net.core.rmem_max')?.reason).toContain('not for this user or network namespace');
    expect(outcomeOf(applied, 'net.core.wmem_max')?.reason).toContain('not for this user or network namespace');
    expect(outcomeOf(applied, 'net.ipv4.ip_local_port_range')?.reason).toBe('the kernel refuses the value');
    expect(outcomeOf(applied, 'net.ipv4.tcp_keepalive_time')).toMatchObject({
      outcome: 'not set',
      reason: "it says 'soon', which is no value of it",
    });
    expect(outcomeOf(applied, 'net.ipv4.tcp_tw_reuse')?.outcome).toBe('set');
  });

  it('is undone without a word of it', () => {
    const fake = fakeHost();
    apply(fake, { host: refusing(fake.host, { 'net.core.somaxconn': 'EROFS' }) });
    expect(outcomeOf(undo(fake), 'net.core.somaxconn')?.outcome).toBe('as before');
    expect(existsSync(fake.undoFile)).toBe(false);
  });

  it('is what the kernel makes something else of, which is known as ours', () => {
    const fake = fakeHost();
    const host: Host = {
      ...fake.host,
      write: (file, text) => fake.host.write(file, file.endsWith('somaxconn') ? '65000\n' : text),
    };
    expect(outcomeOf(apply(fake, { host }), 'net.core.somaxconn')).toMatchObject({
      outcome: 'not set',
      now: '65000',
      reason: 'the kernel took 65535 and made 65000 of it',
    });
    expect(outcomeOf(undo(fake), 'net.core.somaxconn')?.outcome).toBe('restored');
    expect(fake.valueOf('net.core.somaxconn')).toBe('4096');
  });
});

describe('the undo file', () => {
  it('is there before the first setting is set', () => {
    const fake = fakeHost();
    const seen: boolean[] = [];
    const host: Host = {
      ...fake.host,
      write: (file, text) => {
        seen.push(existsSync(fake.undoFile));
        fake.host.write(file, text);
      },
    };
    apply(fake, { host });
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen)).toEqual(new Set([true]));
    expect(record(fake)).toMatchObject({
      tuneVersion: 1,
      savedAt: '2026-01-02T03:04:05.678Z',
      boot: defaults['kernel.random.boot_id'],
      network: 'net:[1]',
    });
  });

  it('undoes what a killed process had begun', () => {
    const fake = fakeHost();
    const before = everything(fake);
    let writes = 0;
    const host: Host = {
      ...fake.host,
      write: (file, text) => {
        writes += 1;
        if (writes > 3) throw new TypeError('killed');
        fake.host.write(file, text);
      },
    };
    expect(() => apply(fake, { host })).toThrow('killed');
    expect(everything(fake)).not.toEqual(before);
    undo(fake);
    expect(everything(fake)).toEqual(before);
  });

  it('is not replaced where it is broken, and nothing is set', () => {
    const fake = fakeHost();
    const before = everything(fake);
    for (const text of ['{', '{}', '{"tuneVersion":2}', '{"tuneVersion":1,"settings":[]}']) {
      writeFileSync(fake.undoFile, text);
      expect(() => apply(fake)).toThrow(/cannot read .*undo\.json/);
      expect(() => undo(fake)).toThrow(/cannot read .*undo\.json/);
    }
    expect(everything(fake)).toEqual(before);
  });

  it('cannot lead out of the settings', () => {
    const fake = fakeHost();
    apply(fake);
    const [first, ...rest] = record(fake).settings;
    for (const change of [{ name: '../../etc/passwd' }, { name: 'net..core' }, { before: 'root::0:0' }]) {
      writeFileSync(fake.undoFile, JSON.stringify({ ...record(fake), settings: [{ ...first, ...change }, ...rest] }));
      expect(() => undo(fake)).toThrow('must match pattern');
    }
  });

  it('that cannot be written keeps everything as it is', () => {
    const fake = fakeHost();
    const before = everything(fake);
    mkdirSync(`${fake.undoFile}-directory`);
    writeFileSync(`${fake.undoFile}-file`, '');
    expect(() => apply(fake, { undoFile: `${fake.undoFile}-file/undo.json` })).toThrow(/cannot (?:read|write) /);
    expect(() => apply(fake, { undoFile: `${fake.undoFile}-directory` })).toThrow(/cannot (?:read|write) /);
    expect(everything(fake)).toEqual(before);
  });

  it('of another network namespace is refused, unless the machine has started anew', () => {
    const fake = fakeHost({ network: 'net:[1]' });
    apply(fake);
    const other = fakeHost({ network: 'net:[2]' });
    expect(() => applySettings(other.host, { ...optionsFor(fake), users: 1 })).toThrow('another network namespace');
    expect(() => undoSettings(other.host, { undoFile: fake.undoFile, changes: 'keep' })).toThrow(
      'another network namespace',
    );
    other.set('kernel.random.boot_id', '99999999-2222-3333-4444-555555555555');
    expect(undoSettings(other.host, { undoFile: fake.undoFile, changes: 'keep' }).length).toBeGreaterThan(5);
  });
});

function optionsFor({ undoFile }: FakeHost): ApplyOptions {
  return { users: 1, better: 'keep', scope: 'machine', reservedPorts: [], undoFile, startedAt: '2026-01-02T03:04:05Z' };
}

describe('undoing', () => {
  it('restores every value, and leaves no file behind', () => {
    const fake = fakeHost({ listening: [9000] });
    const before = everything(fake);
    apply(fake);
    apply(fake, { better: 'force' });
    const undone = undo(fake);
    expect(new Set(undone.map(({ outcome }) => outcome))).toEqual(new Set(['restored']));
    expect(everything(fake)).toEqual(before);
    expect(existsSync(fake.undoFile)).toBe(false);
  });

  it('has nothing to do the second time, and says so', () => {
    const fake = fakeHost();
    apply(fake);
    undo(fake);
    expect(() => undo(fake)).toThrow(/cannot undo: there is no .*undo\.json, so nothing was applied/);
  });

  it('leaves alone what somebody has changed since, names it, and restores it by force', () => {
    const fake = fakeHost();
    apply(fake);
    fake.set('net.core.somaxconn', '1000');
    const undone = undo(fake);
    expect(outcomeOf(undone, 'net.core.somaxconn')).toMatchObject({
      outcome: 'changed since',
      before: '4096',
      now: '1000',
      reason: expect.stringContaining('--force restores 4096'),
    });
    expect(fake.valueOf('net.core.somaxconn')).toBe('1000');
    expect(fake.valueOf('net.ipv4.tcp_tw_reuse')).toBe('2');
    expect(record(fake).settings.map(({ name }) => name)).toEqual(['net.core.somaxconn']);
    undo(fake, { changes: 'force' });
    expect(fake.valueOf('net.core.somaxconn')).toBe('4096');
    expect(existsSync(fake.undoFile)).toBe(false);
  });

  it('goes back to what somebody set between two times of applying', () => {
    const fake = fakeHost();
    apply(fake);
    fake.set('net.core.somaxconn', '1000');
    apply(fake);
    expect(fake.valueOf('net.core.somaxconn')).toBe('65535');
    undo(fake);
    expect(fake.valueOf('net.core.somaxconn')).toBe('1000');
    expect(fake.valueOf('net.ipv4.tcp_tw_reuse')).toBe('2');
  });

  it('keeps what cannot be restored for another time', () => {
    const fake = fakeHost();
    apply(fake);
    const undone = undo(fake, { host: refusing(fake.host, { 'vm.swappiness': 'EROFS' }) });
    expect(outcomeOf(undone, 'vm.swappiness')).toMatchObject({ outcome: 'not restored', now: '10' });
    expect(record(fake).settings.map(({ name }) => name)).toEqual(['vm.swappiness']);
    undo(fake);
    expect(fake.valueOf('vm.swappiness')).toBe('60');
  });

  it('names what is not there any more', () => {
    const fake = fakeHost();
    apply(fake);
    fake.drop('net.core.rmem_max');
    expect(outcomeOf(undo(fake), 'net.core.rmem_max')?.outcome).toBe('not here');
  });
});

describe('a user who is not root', () => {
  it('may neither apply nor undo', () => {
    const fake = fakeHost();
    const host: Host = { ...fake.host, userId: 1000 };
    expect(() => apply(fake, { host })).toThrow('cannot apply settings: only root may');
    expect(() => undo(fake, { host })).toThrow('cannot undo: only root may');
    expect(existsSync(fake.undoFile)).toBe(false);
  });
});
