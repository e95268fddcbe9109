/**
 * The journal of a run over HTTP: what it gives back, and that headers and outcomes are checked before they are believed.
 */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { HttpOutcome } from '../../src/model/http.ts';
import type { HttpJournalHeader } from '../../src/store/http-journal.ts';
import { httpJournal } from '../../src/store/http-journal.ts';
import { runJournal } from '../../src/store/journal.ts';
import { UserError } from '../../src/user-error.ts';
import { environment, outcome, scenario, suite } from './http-run.ts';

const header: HttpJournalHeader = {
  journalVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  profile: 'quick',
  seed: 1,
  suites: [{ ...suite, scenarios: [scenario.id], sweeps: true }],
  scenarios: [scenario],
  requestsPerSec: 100,
  site: { url: 'http://127.0.0.1:4444', tokenEnv: 'TOKEN', ownThisHost: true, write: true },
  environment,
};
const failed: HttpOutcome = {
  suite: outcome.suite,
  scenario: outcome.scenario,
  contender: 'plain',
  load: { kind: 'open', connections: 64, requestsPerSec: 20 },
  round: 1,
  status: 'failed',
  reason: 'requests failed: 3 x HTTP 503',
  failures: { 'HTTP 503': 3 },
  absent: {},
  warnings: [],
};
const newDirectory = () => mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const fileOf = (directory: string) => path.join(directory, 'http-journal.jsonl');

/** What a reader says to a journal of these lines; `none` where it takes it. */
function problemOf(...lines: unknown[]): string {
  const directory = newDirectory();
  writeFileSync(fileOf(directory), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  try {
    httpJournal.read(directory);
    return 'none';
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(directory, '');
    throw error;
  }
}

describe('the journal of a run over HTTP', () => {
  it('keeps what an outcome says of the machine, and refuses shares that are none', () => {
    const directory = newDirectory();
    const disturbed: HttpOutcome = { ...outcome, isTwin: true, cleanShare: 0.5, stolenShare: 0, othersShare: 0.25 };
    httpJournal.start(directory, header).journal.append({ elapsedMs: 10, outcome: disturbed });
    expect(httpJournal.read(directory).outcomes).toEqual([disturbed]);
    const [first, line = ''] = readFileSync(fileOf(directory), 'utf8').split('\n');
    const wrong = JSON.parse(line.replace('"cleanShare":0.5', '"cleanShare":1.5')) as unknown;
    expect(problemOf(JSON.parse(first ?? ''), wrong)).not.toBe('none');
  });

  it('gives back what was appended, in one session or two', () => {
    const directory = newDirectory();
    httpJournal.start(directory, header).journal.append({ elapsedMs: 10, outcome });
    httpJournal.open(directory, httpJournal.read(directory).outcomes).append({ elapsedMs: 25, outcome: failed });
    expect(httpJournal.read(directory)).toEqual({ header, outcomes: [outcome, failed], elapsedMs: 25 });
  });

  it('takes a header with no more than it needs', () => {
    const { requestsPerSec: _rate, site: _site, ...least } = header;
    expect(problemOf(least)).toBe('none');
  });

  it.each<[string, object]>([
    ['/journalVersion', { journalVersion: 2 }],
    ['/startedAt', { startedAt: 'yesterday' }],
    ['/profile', { profile: 'endless' }],
    ['/suites', { suites: [] }],
    ["/suites/0 must have required property 'scenarios'", { suites: [suite] }],
    ["/suites/0 must have required property 'reference'", { suites: [{ ...header.suites[0], reference: undefined }] }],
    [
      '/scenarios/0/requests/0/path',
      { scenarios: [{ ...scenario, requests: [{ method: 'GET', path: 'tools', weight: 1 }] }] },
    ],
    ['/requestsPerSec', { requestsPerSec: 0 }],
    ["/site must have required property 'url'", { site: { tokenEnv: 'TOKEN' } }],
    ['/site/ownThisHost', { site: { url: 'http://127.0.0.1', ownThisHost: 'yes' } }],
    ['/environment', { environment: {} }],
  ])('is refused where its header breaks %s', (place, change) => {
    expect(problemOf({ ...header, ...change })).toContain(`line 1 is damaged: ${place}`);
  });

  it.each<[string, object]>([
    ['/outcome/status', { ...outcome, status: 'splendid' }],
    ["/outcome must have required property 'metrics'", { ...outcome, metrics: undefined }],
    ["/outcome must have required property 'requests'", { ...outcome, requests: undefined }],
    ["/outcome must have required property 'reason'", { ...failed, reason: undefined }],
    ["/outcome must have required property 'suite'", { ...outcome, suite: undefined }],
    [
      "/outcome/load must have required property 'requestsPerSec'",
      { ...failed, load: { kind: 'open', connections: 64 } },
    ],
    ['/outcome/metrics/requestsPerSec', { ...outcome, metrics: { ...outcome.metrics, requestsPerSec: 'many' } }],
    ['/outcome/failures/HTTP 503', { ...failed, failures: { 'HTTP 503': -1 } }],
    ['/outcome/absent/p999Ns', { ...outcome, absent: { p999Ns: '' } }],
    ['/outcome/round', { ...outcome, round: -1 }],
  ])('is refused where an outcome breaks %s', (place, broken) => {
    expect(problemOf(header, { elapsedMs: 1, outcome: broken }, { elapsedMs: 2, outcome })).toContain(
      `line 2 is damaged: ${place}`,
    );
  });

  it('lies beside one of micro-benchmarks, and neither is taken for the other', () => {
    const directory = newDirectory();
    httpJournal.start(directory, header);
    expect([httpJournal.has(directory), runJournal.has(directory)]).toEqual([true, false]);
    expect(() => runJournal.read(directory)).toThrow('nothing to resume');
    const { journal } = runJournal.start(directory, {
      journalVersion: 1,
      startedAt: header.startedAt,
      profile: 'quick',
      seed: 1,
      selection: {},
      environment,
    });
    httpJournal.start(directory, { ...header, seed: 2 });
    expect(readdirSync(directory).toSorted()).toEqual([
      'http-journal-unfinished-1.jsonl',
      'http-journal.jsonl',
      'journal.jsonl',
    ]);
    journal.discard();
    expect(httpJournal.read(directory).header.seed).toBe(2);
  });

  it('says what to do where there is none or the place cannot be written', () => {
    const directory = newDirectory();
    expect(() => httpJournal.read(directory)).toThrow(
      expect.objectContaining({ code: 2, hint: expect.stringContaining('wirebench http') }),
    );
    writeFileSync(path.join(directory, 'file'), '');
    const hint = expect.stringContaining('--out') as string;
    expect(() => httpJournal.start(path.join(directory, 'file'), header)).toThrow(
      expect.objectContaining({ code: 2, hint }),
    );
  });

  it('goes on after a line that a kill cut off anywhere, and loses that line alone', () => {
    for (const cut of [1, 2, 40]) {
      const directory = newDirectory();
      const { journal } = httpJournal.start(directory, header);
      journal.append({ elapsedMs: 10, outcome });
      journal.append({ elapsedMs: 20, outcome: { ...failed, reason: 'é' } });
      writeFileSync(fileOf(directory), readFileSync(fileOf(directory)).subarray(0, -cut));
      const before = httpJournal.read(directory);
      // With only its line break missing, a line is whole.
      expect(before.outcomes).toHaveLength(cut === 1 ? 2 : 1);
      httpJournal.open(directory, httpJournal.read(directory).outcomes).append({ elapsedMs: 30, outcome: failed });
      httpJournal.open(directory, httpJournal.read(directory).outcomes).append({ elapsedMs: 40, outcome });
      expect(httpJournal.read(directory)).toEqual({
        header,
        outcomes: [...before.outcomes, failed, outcome],
        elapsedMs: 40,
      });
    }
  });

  it('goes on after a header without its line break', () => {
    const directory = newDirectory();
    httpJournal.start(directory, header);
    writeFileSync(fileOf(directory), JSON.stringify(header));
    httpJournal.open(directory, httpJournal.read(directory).outcomes).append({ elapsedMs: 1, outcome });
    expect(httpJournal.read(directory).outcomes).toEqual([outcome]);
  });

  it('is refused where a whole last line is damaged, since no kill does that', () => {
    const directory = newDirectory();
    httpJournal.start(directory, header);
    appendFileSync(fileOf(directory), '{"elapsedMs":1}\n');
    expect(() => httpJournal.read(directory)).toThrow("line 2 is damaged: / must have required property 'outcome'");
  });
});
