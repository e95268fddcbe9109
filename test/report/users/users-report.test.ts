import { beforeAll, describe, expect, it } from 'vitest';

import type { Run } from '../../../src/model/run.ts';
import type { UsersResults } from '../../../src/model/users.ts';
import type { Format } from '../../../src/report/format.ts';
import { loadFormats } from '../../../src/report/formats.ts';
import { reportRun } from '../../../src/report/run/run-report.ts';
import { fromRecord } from '../../../src/run-file/read.ts';
import { toRecord } from '../../../src/run-file/write.ts';
import { eventsOf, resultsOf } from '../../users/synthetic-load.ts';
import { imaginaryEnvironment } from '../../imaginary-environment.ts';

let formats: ReadonlyMap<string, Format> = new Map();

beforeAll(async () => {
  formats = await loadFormats();
});

function runOf(users: UsersResults): Run {
  return {
    startedAt: '2026-11-29T00:00:00.000Z',
    durationMs: 10_000,
    seed: 1,
    profile: 'standard',
    environment: imaginaryEnvironment,
    metrics: [],
    cells: [],
    users,
  };
}

async function render(users: UsersResults, format = 'markdown'): Promise<string> {
  const run = runOf(users);
  const document = reportRun({ run, registry: { contenders: [], payloads: [], suites: [] } });
  return (
    (await formats.get(format)?.render(document, { color: false, columns: 120, runs: [{ name: 'run', run }] })) ?? ''
  );
}

describe('the report of a load', () => {
  it('begins with its answer', async () => {
    const text = await render(resultsOf(eventsOf(10, { requests: 10, latencyMs: 20 })));
    const [, heading, answer] = text.split('\n\n');
    expect(heading).toBe('## The answer');
    expect(answer?.split('\n')[0]).toBe(
      '- 4 users made 200 requests in 10 s, 20.0 a second while all of them were there; half of them took less than 20.0 ms, 95% took less than 20.0 ms and 99% took less than 20.0 ms.',
    );
  });

  it('says before that what its generator could not do, and that it is not the load that was asked for', async () => {
    const events = eventsOf(10, { requests: 10, latencyMs: 20, cpuShare: 0.97, latenessMs: 80 });
    const text = await render(resultsOf(events, ['a worker was lost']));
    const [saturated, late, incomplete] = (text.split('\n\n')[2] ?? '').split('\n');
    expect(saturated).toContain('The load generator was saturated: a worker used 97% of a processor');
    expect(late).toContain('The load generator sent requests late (p99 80.0 ms after they were due)');
    expect(incomplete).toContain('This load is incomplete: a worker was lost.');
  });

  it('names failures by kind, and tasks that took no part', async () => {
    const text = await render(resultsOf(eventsOf(4, { requests: 10, latencyMs: 20, failures: { 'cut off': 2 } })));
    expect(text).toContain('20.0% of the requests failed: 16 x cut off.');
    expect(text).toContain('| cut off | GET /list | Reader | 16 | 20.0% |');
    expect(text).toContain('1 task took no part, since the server has nothing for it: Reader: GET /none.');
    expect(text).toContain('| Reader | GET /none | GET /none answered HTTP 404 |');
  });

  it('has no percentile that lies beyond the evidence', async () => {
    const text = await render(resultsOf(eventsOf(3, { requests: 5, latencyMs: 20 })));
    expect(text).toMatch(/\| GET \/list \| 30 \| 10\.0 \| 0 \| 20\.0 ms \| 20\.0 ms \| – \| – \| 20\.0 ms \|/);
  });

  it('has one line a request in CSV, and everything in JSON', async () => {
    const results = resultsOf(eventsOf(3, { requests: 5, latencyMs: 20, failures: { 'HTTP 500': 1 } }));
    const [header = '', line = '', rest] = (await render(results, 'csv')).split('\r\n');
    expect(header.split(',')).toContain('serviceP95Ns');
    expect(line).toContain('run,Reader,GET /list,GET /list,GET,30,6,HTTP 500: 6');
    expect(rest).toBe('');
    expect(JSON.parse(await render(results, 'json'))).toMatchObject({ runs: [{ run: { users: { unanswered: 0 } } }] });
  });

  it('has a benchmark a kind of request in the format of Bencher, and one of all', async () => {
    const results = resultsOf(eventsOf(3, { requests: 5, latencyMs: 20, failures: { 'HTTP 500': 1 } }));
    const benchmarks = JSON.parse(await render(results, 'bencher')) as Record<
      string,
      Record<string, { value: number }>
    >;
    expect(Object.keys(benchmarks)).toEqual(['users/Reader/GET /list', 'users']);
    expect(benchmarks['users']).toMatchObject({ throughput: { value: 10 }, failures: { value: 6 } });
    expect(benchmarks['users']?.['latency-p95']?.value).toBeCloseTo(20e6, -5);
  });

  it('is the same after its run was stored', () => {
    const run = runOf(resultsOf(eventsOf(3, { requests: 5, latencyMs: 20 })));
    expect(fromRecord(toRecord(run), [])).toEqual(run);
  });
});
