/**
 * Our workers under a real master of Locust, on loopback: what is counted, and what is left when somebody is killed.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { UsersResults } from '../../src/model/users.ts';
import { readStoredRun } from '../../src/runs/stored-run.ts';
import { invoke } from '../cli/invoke.ts';
import { patienceMs } from '../patience.ts';
import { endWorker, type LocustLoad, readTotals, skipReason, startLocustLoad } from './locust-load.ts';
import { answerJson, startTestServer, type TestServer } from './test-server.ts';

if (skipReason !== undefined) process.stderr.write(`loads under Locust are skipped: ${skipReason}\n`);

/** Of a worker: one look whether the server is there, and one try of each of the eight tasks. */
const triedRequests = 9;

function askFor(server: TestServer, runTime: string): string[] {
  const load = ['--users', '10', '--spawn-rate', '10', '--run-time', runTime, '--host', server.url];
  return ['--class', 'HighThroughputUser', '--expect-workers', '2', ...load];
}

async function readResults(out: string): Promise<UsersResults> {
  const { users } = await readStoredRun(path.join(out, 'run.json'));
  if (users === undefined) throw new Error('the run has no users');
  return users;
}

function failuresOf({ total }: UsersResults): number {
  return Object.values(total.failures).reduce((sum, count) => sum + count, 0);
}

/** What the load has told so far; nothing where it has not begun. */
function journalOf({ out }: LocustLoad): string {
  const file = path.join(out, 'users-journal.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(20);
}

describe.skipIf(skipReason !== undefined)('a load under Locust', { timeout: patienceMs }, () => {
  it("is counted alike by Locust's CSV, our report and the server", async () => {
    await using server = await startTestServer((asked, response, index) =>
      answerJson(response, [1], asked.url === '/tags' && index % 2 === 0 ? 500 : 200),
    );
    const load = await startLocustLoad(askFor(server, '4s'));
    const workers = [load.startWorker(), load.startWorker()];
    const { code } = await load.master;
    expect(await Promise.all(workers.map(endWorker))).toEqual([0, 0]);
    expect(code).toBe(0);
    const results = await readResults(load.out);
    expect(readTotals(load.out)).toEqual({ requests: results.total.requests, failures: failuresOf(results) });
    expect(results.total.requests).toBe(server.asked.length - 2 * triedRequests);
    expect(results.workers.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(results.incomplete).toEqual([]);
    expect(existsSync(path.join(load.out, 'locust.html'))).toBe(true);
  });

  it('goes on without a worker that was killed, with all users, and says so', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const load = await startLocustLoad(askFor(server, '1h'));
    const workers = [load.startWorker(), load.startWorker()] as const;
    await until(() => server.asked.length > 2 * triedRequests + 20);
    workers[0].kill('SIGKILL');
    // Locust gives the users of the lost one to the other.
    await until(() => {
      const told = journalOf(load);
      return told.includes('"type":"lost"') && told.includes('"users":{"HighThroughputUser":10}');
    });
    load.end();
    const { code, stdout } = await load.master;
    await endWorker(workers[1]);
    expect(code).toBe(130);
    expect(stdout).toMatch(/This load is incomplete: \S+ was lost: it was not heard of for 5 s/);
    const results = await readResults(load.out);
    expect(results.workers.map(({ state }) => state).toSorted()).toEqual(['finished', 'lost']);
    expect(results.workers.find(({ state }) => state === 'finished')?.users).toBe(10);
  });

  it('is reported as far as it was told where Locust is killed, and its workers stop', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const load = await startLocustLoad(askFor(server, '1h'));
    const workers = [load.startWorker(), load.startWorker()];
    await until(() => server.asked.length > 2 * triedRequests + 30);
    load.killLocust();
    const { stdout } = await load.master;
    expect(stdout).toContain('This load is incomplete: Locust was killed by SIGKILL while it was needed.');
    const results = await readResults(load.out);
    expect(results.total.requests).toBe(server.asked.length - 2 * triedRequests);
    await Promise.all(workers.map(endWorker));
  });

  it('leaves neither Locust nor users behind where our own program is killed, and can be reported', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const load = await startLocustLoad(askFor(server, '1h'), { isProcess: true });
    const workers = [load.startWorker(), load.startWorker()];
    await until(() => server.asked.length > 2 * triedRequests + 30 && journalOf(load).includes('"type":"slice"'));
    load.killMaster();
    await load.master;
    await until(() => !load.isLocustThere());
    // They end by themselves, some seconds after their connections.
    await until(() => workers.every(({ exitCode }) => exitCode !== null));
    expect(workers.map(({ exitCode }) => exitCode)).toEqual([2, 2]);
    const { code, stdout } = await invoke(['report', load.out]);
    expect(code).toBe(0);
    expect(stdout).toContain('the program ended before the load did');
  });

  it('is none where a port is taken, and the message says so', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const taken = Number(new URL(server.url).port);
    const load = await startLocustLoad([...askFor(server, '5s'), '--master-port', `${taken}`]);
    const { code, stderr } = await load.master;
    expect(stderr).toContain('Locust ended before there was a load');
    expect(code).toBe(2);
  });

  it('counts requests to a server that has gone as failures, in the CSV too', async () => {
    const server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const load = await startLocustLoad(askFor(server, '1h'));
    const workers = [load.startWorker(), load.startWorker()];
    await until(() => server.asked.length > 2 * triedRequests + 20);
    await server[Symbol.asyncDispose]();
    await until(() => journalOf(load).includes('ECONNREFUSED'));
    load.end();
    const { stdout } = await load.master;
    await Promise.all(workers.map(endWorker));
    const results = await readResults(load.out);
    expect(results.total.failures['ECONNREFUSED']).toBeGreaterThan(0);
    expect(readTotals(load.out)).toEqual({ requests: results.total.requests, failures: failuresOf(results) });
    expect(stdout).toContain('ECONNREFUSED');
  });
});
