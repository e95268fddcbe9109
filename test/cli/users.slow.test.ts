/**
 * Loads of users with processes of their own, against a server of the test that counts.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { Run } from '../../src/model/run.ts';
import { readStoredRun } from '../../src/runs/stored-run.ts';
import { patienceMs } from '../patience.ts';
import { answerJson, startTestServer } from '../users/test-server.ts';
import { invoke } from './invoke.ts';

const emptyDirectory = (): string => mkdtempSync(path.join(tmpdir(), 'wirebench-users-'));
const readRunOf = (out: string): Promise<Run> => readStoredRun(path.join(out, 'run.json'));

/** Of HighThroughputUser: one look whether there is a server, and one try of each task. */
const triedRequests = 9;

function users(out: string, url: string, more: readonly string[]): string[] {
  return ['users', '--class', 'HighThroughputUser', '--host', url, '--spawn-rate', '1000', '--out', out, ...more];
}

/** Ids of the worker processes that this process has started. */
function workerPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [command, status] = ['cmdline', 'status'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
        return (
          command?.includes(path.join('users', 'worker', 'local')) === true &&
          status?.includes(`PPid:\t${process.pid}\n`) === true
        );
      } catch {
        return false;
      }
    });
}

/** What the load has told so far; nothing where it has not begun. */
function journalOf(out: string): string {
  const file = path.join(out, 'users-journal.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(20);
}

describe('wirebench users', { timeout: patienceMs }, () => {
  it('counts as many requests as the server has had, in every report', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const out = emptyDirectory();
    const argv = users(out, server.url, [
      '--users',
      '6',
      '--run-time',
      '3s',
      '--processes',
      '2',
      '--format',
      'markdown',
    ]);
    const { code, stdout, stderr } = await invoke(argv);
    expect(stderr).toContain('2 workers');
    expect(code).toBe(0);
    const { users: results, interrupted } = await readRunOf(out);
    expect(interrupted).toBeUndefined();
    expect(results?.total.requests).toBe(server.asked.length - triedRequests);
    expect(results?.requests.reduce((sum, { requests }) => sum + requests, 0)).toBe(results?.total.requests);
    expect(results?.timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(results?.total.requests);
    expect(results?.workers.map(({ state, users: own }) => `${state} ${own}`)).toEqual(['finished 3', 'finished 3']);
    expect(results?.classes[0]?.users).toBe(6);
    expect(results?.incomplete).toEqual([]);
    expect(existsSync(path.join(out, 'users-journal.jsonl'))).toBe(false);
    expect(stdout).toMatch(/^# wirebench users\n\n## The answer\n\n(?:- The load generator .*\n)*- 6 users made /);
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toContain(
      'Percentiles of the times from when requests were due',
    );
    for (const format of ['terminal', 'csv', 'json', 'markdown']) {
      const shown = await invoke(['report', out, '--format', format]);
      expect(shown.code).toBe(0);
      expect(shown.stdout).toContain('GET /health');
    }
  });

  it('reports what there is when it is stopped, with exit code 130', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const out = emptyDirectory();
    const abort = new AbortController();
    const stopping = setInterval(() => {
      if (server.asked.length > triedRequests + 10) abort.abort();
    }, 50);
    const { code, stdout } = await invoke(users(out, server.url, ['--users', '3', '--run-time', '1h']), {
      signal: abort.signal,
    });
    clearInterval(stopping);
    expect(code).toBe(130);
    expect(stdout).toContain('This load was ended before its time.');
    expect((await readRunOf(out)).users?.total.requests).toBe(server.asked.length - triedRequests);
  });

  it('goes on without a worker that was killed, with all users, and says so', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const out = emptyDirectory();
    const abort = new AbortController();
    const argv = users(out, server.url, ['--users', '8', '--run-time', '1h', '--processes', '2']);
    const load = invoke(argv, { signal: abort.signal });
    await until(() => server.asked.length > triedRequests + 20 && workerPids().length === 2);
    process.kill(workerPids()[0] ?? 0, 'SIGKILL');
    await until(() => {
      const told = journalOf(out);
      return told.includes('"type":"lost"') && told.includes('"users":{"HighThroughputUser":8}');
    });
    abort.abort();
    const { code, stdout } = await load;
    expect(code).toBe(130);
    expect(stdout).toMatch(/This load is incomplete: worker [12] was lost: it was killed by SIGKILL/);
    const { users: results } = await readRunOf(out);
    expect(results?.workers.map(({ state }) => state).toSorted()).toEqual(['finished', 'lost']);
    expect(results?.workers.find(({ state }) => state === 'finished')?.users).toBe(8);
  });

  it('says what failed where the server goes away in the middle, and ends in good order', async () => {
    const server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const out = emptyDirectory();
    const abort = new AbortController();
    const load = invoke(users(out, server.url, ['--users', '4', '--run-time', '1h']), { signal: abort.signal });
    await until(() => server.asked.length > triedRequests + 5);
    await server[Symbol.asyncDispose]();
    await until(() => journalOf(out).includes('ECONNREFUSED'));
    abort.abort();
    expect((await load).stdout).toMatch(/of the requests failed: .*ECONNREFUSED/s);
    expect((await readRunOf(out)).users?.total.failures['ECONNREFUSED']).toBeGreaterThan(0);
  });

  it('shows a load whose program was killed, from its journal', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const out = emptyDirectory();
    await invoke(users(out, server.url, ['--users', '2', '--run-time', '2s']));
    // What a killed program leaves: a journal and no run file.
    const killed = emptyDirectory();
    const { usersJournal } = await import('../../src/store/users-journal.ts');
    const run = await readRunOf(out);
    const plan = {
      ...run.users,
      classes: run.users?.classes.map(({ tasks, ...own }) => ({
        ...own,
        tasks: tasks.map((task) => ({ ...task, steps: [] })),
      })),
    };
    const { journal } = usersJournal.start(killed, {
      journalVersion: 1,
      startedAt: run.startedAt,
      seed: 1,
      plan: plan as never,
      environment: run.environment,
    });
    journal.append({
      elapsedMs: 1000,
      outcome: {
        type: 'slice',
        worker: 'worker 1',
        slice: {
          elapsedMs: 1000,
          sliceMs: 1000,
          users: { HighThroughputUser: 2 },
          begun: [],
          requests: [],
          cpuShare: 0.1,
        },
      },
    });
    const { code, stdout } = await invoke(['report', killed]);
    expect(code).toBe(0);
    expect(stdout).toContain('the program ended before the load did');
  });
});
