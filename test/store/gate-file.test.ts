import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Duet, GateSession } from '../../src/model/gate.ts';
import { gateFileName, readGateSession, writeGateSession } from '../../src/store/gate-file.ts';
import { gateSession } from '../report/gate/gate-session.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const session = gateSession();
const [first, ...others] = session.cells;
if (first === undefined) throw new Error('the session has no cells');

function problemOf(content: unknown): string {
  const file = path.join(directory, 'broken.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  try {
    readGateSession(file);
    return 'none';
  } catch (error) {
    return (error as Error).message.replace(directory, '');
  }
}

function withCell(change: object): object {
  return { ...session, cells: [{ ...first, ...change }, ...others] };
}

function withDuet(change: object): object {
  const duets = (first as { duets: readonly Duet[] }).duets;
  return withCell({ duets: [{ ...duets[0], ...change }] });
}

describe('gate files', () => {
  it('come back as they were written', () => {
    const file = writeGateSession(directory, session);
    expect(path.basename(file)).toBe(gateFileName);
    expect(readGateSession(file)).toEqual(session);
  });

  it('are refused where they are not JSON, foreign, or of another version', () => {
    expect(problemOf('{"gateVersion": 1,')).toContain('it is not JSON');
    expect(problemOf('null')).toContain('it is not a gate file');
    expect(problemOf({ schemaVersion: 1, cells: [] })).toContain('it is not a gate file, it has no gateVersion');
    expect(problemOf({ ...session, gateVersion: 2 })).toContain(
      'its gateVersion is 2, this version of wirebench knows 1',
    );
  });

  it.each<[string, object]>([
    ['/verdict', { ...session, verdict: 'splendid' }],
    ['/baseline/name', { ...session, baseline: session.candidate }],
    ['/falseAlarmRate', { ...session, falseAlarmRate: 2 }],
    ['/leftOut/0', { ...session, leftOut: [{ reason: 'no time' }] }],
    ['/cells/0/verdict', withCell({ verdict: 'maybe' })],
    ['/cells/0/reason', withCell({ reason: '' })],
    ['/cells/0/tolerance', withCell({ tolerance: { time: 0.03 } })],
    ['/cells/0/time/lo', withCell({ time: { value: 0, lo: -2 } })],
    ['/cells/0/detectable', withCell({ detectable: null })],
    ['/cells/0/duets/0/stage', withDuet({ stage: 'third' })],
    ['/cells/0/duets/0/logRatio', withDuet({ logRatio: '0.1' })],
    ['/cells/0/duets/0/candidate', withDuet({ candidate: { status: 'failed' } })],
  ])('are refused where %s breaks the schema', (place, content) => {
    expect(problemOf(content)).toContain(place);
  });

  it('are never written where they would break their own schema, such as with a bound that JSON cannot hold', () => {
    const endless = withCell({ time: { value: 0, lo: 0, hi: Number.POSITIVE_INFINITY } }) as GateSession;
    expect(() => writeGateSession(directory, endless)).toThrow('the gate breaks its own schema: /cells/0/time/hi');
  });

  it('say what to do where the file is missing or the place cannot be written', () => {
    expect(() => readGateSession(path.join(directory, 'none.json'))).toThrow(
      expect.objectContaining({ code: 2, hint: expect.stringContaining('wirebench gate') }),
    );
    expect(() => writeGateSession(path.join(directory, 'broken.json', 'below'), session)).toThrow(
      expect.objectContaining({ code: 2, hint: expect.stringContaining('--out') }),
    );
  });
});
