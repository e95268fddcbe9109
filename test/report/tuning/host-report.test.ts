/**
 * Documents of the tuning: what is too low comes first, and what cannot be told is said to be that.
 */
import { describe, expect, it } from 'vitest';

import type { CheckedValue } from '../../../src/model/tuning.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import { reportApplied, reportCheck, reportLimits, reportUndone } from '../../../src/report/tuning/host-report.ts';
import type { Document } from '../../../src/report/document.ts';

const value = (change: Partial<CheckedValue>): CheckedValue => ({
  name: 'net.core.somaxconn',
  now: '4096',
  wanted: '65535',
  standing: 'below',
  isTooLow: false,
  why: 'connections that wait',
  ...change,
});

const text = (document: Document): string => markdown.render(document);

describe('the report of a check', () => {
  const check = (values: CheckedValue[], unreservedPorts = ''): string =>
    text(reportCheck({ users: 4000, values, unreservedPorts }));

  it('names what is too low, and counts what is only less than wanted', () => {
    const report = check([value({ isTooLow: true, carriesUsers: 128, now: '128' }), value({ name: 'vm.swappiness' })]);
    expect(report).toContain('1 of 2 values are too low for 4,000 users with a connection each: net.core.somaxconn.');
    expect(report).toContain('1 more are less than is wanted');
    expect(report).toContain('128 users, too low');
    expect(report).toContain('any number');
  });

  it('says which users a value is too low for, where not for all of them', () => {
    const assumes = 'who open a connection each second';
    expect(check([value({ isTooLow: true, carriesUsers: 470, assumes })])).toContain(
      `net.core.somaxconn (for users ${assumes}).`,
    );
  });

  it('says why a value cannot be read, and judges it in no way', () => {
    const { now: _none, ...unknown } = value({ standing: 'unknown', problem: 'this kernel does not have it' });
    const report = check([unknown]);
    expect(report).toContain('none: this kernel does not have it');
    expect(report).toContain('1 cannot be read here.');
    expect(report).not.toContain('any number');
  });

  it('names ports that are not reserved, where there are any', () => {
    expect(check([value({})], '4444,9000-9009')).toContain('4444,9000-9009');
    expect(check([value({})])).not.toContain('listen');
  });
});

describe('the report of applying', () => {
  it('says what was not set and what is too low still', () => {
    const settings = [
      {
        name: 'net.core.somaxconn',
        before: '128',
        now: '128',
        outcome: 'not set',
        reason: 'it may not',
        isTooLow: true,
      },
      { name: 'net.ipv4.ip_local_reserved_ports', before: '', now: '9000', outcome: 'set', isTooLow: false },
    ] as const;
    const undo = { file: '/var/undo.json', command: 'wirebench tune undo' };
    const report = text(reportApplied({ settings, users: 4000, descriptorsCarry: 512, undo }));
    expect(report).toContain('1 setting changed');
    expect(report).toContain('Not set: net.core.somaxconn.');
    expect(report).toContain('Not enough for 4,000 users, as far as can be told: net.core.somaxconn.');
    expect(report).toContain('descriptors for 512 users and not for 4,000');
    expect(report).toContain('| none | 9000 | **set** |');
  });

  it('has no way back where nothing was changed', () => {
    const report = text(reportApplied({ settings: [], users: 4000, descriptorsCarry: 4000 }));
    expect(report).toContain('Nothing was changed.');
    expect(report).not.toContain('undo');
  });
});

describe('the report of undoing', () => {
  it('says what is left, and where it is kept', () => {
    const settings = [
      { name: 'vm.swappiness', before: '60', now: '1', outcome: 'changed since', reason: 'somebody has set it since' },
    ] as const;
    expect(text(reportUndone({ settings, undoFile: '/var/undo.json' }))).toContain(
      'Not restored: vm.swappiness. /var/undo.json keeps what they were before.',
    );
  });
});

describe('the report of limits', () => {
  it('shows a dash for what cannot be read', () => {
    const report = text(
      reportLimits({ limits: { soft: 1024, hard: 1024, carriesUsers: 512 }, users: 100, wanted: 65_536 }),
    );
    expect(report).toContain('| fs.nr\\_open | – |');
    expect(report).toContain('enough for 100');
  });
});
