/**
 * Two of our workers under a real master of Locust, on loopback.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { patienceMs } from '../patience.ts';
import { invoke } from '../cli/invoke.ts';
import { readStoredRun } from '../../src/runs/stored-run.ts';
import { answerJson, startTestServer } from './test-server.ts';

const hasLocust = spawnSync('locust', ['--version']).status === 0;
if (!hasLocust)
  process.stdout.write('skipped: loads under Locust, since there is no locust (apt-get install python3-locust)\n');

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** What a CSV of Locust has in the row of all requests. */
function readTotals(file: string): { requests: number; failures: number } {
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  const total = rows.find((row) => row.includes('Aggregated'))?.split(',') ?? [];
  const read = (name: string): number => Number(total[names.indexOf(name)]);
  return { requests: read('Request Count'), failures: read('Failure Count') };
}

describe.skipIf(!hasLocust)('a load under Locust', { timeout: patienceMs }, () => {
  it("is counted alike by Locust's CSV, our report and the server", async () => {
    let counted = 0;
    await using server = await startTestServer((asked, response) => {
      counted += 1;
      answerJson(response, [1], asked.url === '/tags' && counted % 2 === 0 ? 500 : 200);
    });
    const out = mkdtempSync(path.join(tmpdir(), 'wirebench-locust-'));
    const [masterPort, reportPort, webPort] = (await freePorts(3)) as [number, number, number];
    const ports = ['--master-port', `${masterPort}`, '--report-port', `${reportPort}`];
    const who = ['--class', 'HighThroughputUser'];
    const asked = ['--users', '10', '--spawn-rate', '10', '--run-time', '6s', '--host', server.url];
    const master = invoke(
      [
        'users',
        ...who,
        ...asked,
        '--master',
        '--expect-workers',
        '2',
        ...ports,
        '--web-port',
        `${webPort}`,
        '--out',
        out,
      ],
      { env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/root' } },
    );
    const workers = [0, 1].map(() => invoke(['users', '--worker', ...ports]));
    const [ended, ...workersEnded] = await Promise.all([master, ...workers]);
    expect(ended.stderr).toContain('Locust');
    expect(workersEnded.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended.code).toBe(0);
    const { users } = await readStoredRun(path.join(out, 'run.json'));
    const ours = {
      requests: users?.total.requests ?? 0,
      failures: Object.values(users?.total.failures ?? {}).reduce((sum, count) => sum + count, 0),
    };
    expect(readTotals(path.join(out, 'locust_stats.csv'))).toEqual(ours);
    // Each worker looks once whether the server is there, and tries the eight tasks.
    expect(users?.total.requests).toBe(counted - 2 * 9);
    expect(users?.workers.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(users?.incomplete).toEqual([]);
    expect(existsSync(path.join(out, 'locust.html'))).toBe(true);
  });
});
