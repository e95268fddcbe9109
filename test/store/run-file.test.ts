import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { RunRecord } from '../../src/run-file/records.ts';
import { writeRun, writeText } from '../../src/store/run-file.ts';
import { infos, readRecord, toRun } from '../records.ts';
import { imaginaryEnvironment } from '../imaginary-environment.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const run: RunRecord = {
  schemaVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 1,
  seed: 1,
  profile: 'quick',
  environment: imaginaryEnvironment,
  cells: [
    {
      suite: 'plain',
      contender: 'honest',
      payload: 'notes',
      items: 3,
      variant: 'text',
      sink: 'bytes',
      status: 'ok',
      latencyNs: { median: 5, lo: 4, hi: 6, confidence: 0.95 },
      forks: [
        {
          round: 0,
          latencyNs: 5,
          blocks: [5],
          opsPerBlock: 1,
          peakBlockNs: 6,
          compileNs: 0,
          outputBytes: 9,
          gcTimeShare: 0,
          warnings: [],
        },
      ],
      warnings: [],
    },
  ],
};

function problemOf(content: string): string {
  const file = path.join(directory, 'broken.json');
  writeFileSync(file, content);
  try {
    readRecord(file);
    return 'none';
  } catch (error) {
    return (error as Error).message.replace(directory, '');
  }
}

describe('run files', () => {
  it('come back as they were written', () => {
    expect(readRecord(writeRun(directory, toRun(run)))).toEqual({
      ...run,
      metrics: infos.fork.filter(({ name }) => name === 'latencyNs'),
    });
  });

  it('are refused where they are not JSON, foreign, of another version, or break the schema', () => {
    expect(problemOf('{"schemaVersion": 1,')).toContain('it is not JSON');
    expect(problemOf('[]')).toContain('it is not a run file');
    expect(problemOf('null')).toContain('it is not a run file');
    expect(problemOf(JSON.stringify({ ...run, schemaVersion: 7 }))).toContain(
      'its schemaVersion is 7, this version of wirebench knows 1',
    );
    expect(
      problemOf(JSON.stringify({ ...run, cells: [{ ...run.cells[0], status: 'splendid', reason: 'x' }] })),
    ).toContain('/cells/0/status');
    expect(problemOf(JSON.stringify({ ...run, cells: [{ ...run.cells[0], status: 'failed' }] }))).toContain("'reason'");
    expect(problemOf(JSON.stringify({ ...run, cells: [{ ...run.cells[0], latencyNs: { median: -1 } }] }))).toContain(
      '/latencyNs/median',
    );
  });

  it('are never written where they would break their own schema', () => {
    expect(() => writeRun(directory, toRun({ ...run, durationMs: -1 }))).toThrow('breaks its own schema');
  });

  it('accept fields that a later version added', () => {
    const file = path.join(directory, 'later.json');
    writeFileSync(file, JSON.stringify({ ...run, moreToKnow: true }));
    expect(readRecord(file)).toMatchObject(run);
  });

  it('say what to do where the place cannot be written, and leave the earlier file alone', () => {
    const file = path.join(directory, 'kept.txt');
    writeText(file, 'first');
    expect(() => writeText(path.join(file, 'below', 'run.json'), 'x')).toThrow(
      expect.objectContaining({ code: 2, hint: expect.stringContaining('--out') }),
    );
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readdirSync(directory).filter((name) => name.startsWith('kept'))).toEqual(['kept.txt']);
  });
});
