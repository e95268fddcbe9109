/**
 * A master and two workers that only a network joins: each in a network namespace of its own, as on three machines.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readStoredRun } from '../../src/runs/stored-run.ts';
import { patienceMs } from '../patience.ts';
import { readTotals, skipReason as noLocust } from './locust-load.ts';

/** Names of this test alone, so that tests of two checkouts do not meet. */
const own = `wb${process.pid}`;
const [bridge, master, first, second] = [`${own}b`, `${own}m`, `${own}w`, `${own}v`] as const;
const namespaces: readonly string[] = [master, first, second];
const addressOf = (name: string): string => `10.231.7.${namespaces.indexOf(name) + 1}`;

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: 'pipe' });
}

function findSkipReason(): string | undefined {
  if (noLocust !== undefined) return noLocust;
  try {
    ip('netns', 'add', `${own}try`);
    ip('netns', 'delete', `${own}try`);
    return undefined;
  } catch {
    return 'no network namespace can be made here (it takes root and iproute2)';
  }
}

const skipReason = findSkipReason();
if (skipReason !== undefined) process.stderr.write(`loads over network namespaces are skipped: ${skipReason}\n`);

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' };

function start(namespace: string, argv: readonly string[]): ChildProcess {
  return spawn('ip', ['netns', 'exec', namespace, process.execPath, '--no-warnings', ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Answers everything, and writes how often into a file when it ends. */
const countingServer = `
  let asked = 0;
  require('node:http').createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end('[1]');
  }).listen(8080, '0.0.0.0', () => require('node:fs').writeFileSync(process.argv[1] + '.ready', ''));
  process.on('SIGTERM', () => { require('node:fs').writeFileSync(process.argv[1], String(asked)); process.exit(); });
`;

describe.skipIf(skipReason !== undefined)('a load over a network', { timeout: patienceMs }, () => {
  beforeAll(() => {
    ip('link', 'add', bridge, 'type', 'bridge');
    ip('link', 'set', bridge, 'up');
    for (const [index, name] of namespaces.entries()) {
      ip('netns', 'add', name);
      ip('link', 'add', `${own}${index}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      ip('link', 'set', `${own}${index}`, 'master', bridge, 'up');
      ip('-n', name, 'address', 'add', `${addressOf(name)}/24`, 'dev', 'eth0');
      ip('-n', name, 'link', 'set', 'eth0', 'up');
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
  });

  afterAll(() => {
    for (const name of namespaces) ip('netns', 'delete', name);
    ip('link', 'delete', bridge);
  });

  it('is counted alike by Locust, our report and the server', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'wirebench-namespaces-'));
    const counted = path.join(out, 'counted');
    const server = start(master, ['--eval', countingServer, counted]);
    while (!existsSync(`${counted}.ready`)) await delay(20);
    const host = `http://${addressOf(master)}:8080`;
    const asked = ['--users', '10', '--spawn-rate', '10', '--run-time', '4s', '--host', host, '--i-own-this-host'];
    const places = ['--bind-host', '0.0.0.0', '--out', out];
    const who = ['users', '--class', 'HighThroughputUser', '--master', '--expect-workers', '2'];
    const ended = start(master, [program, ...who, ...asked, ...places]);
    const workers = [first, second].map((name) =>
      start(name, [program, 'users', '--worker', '--master-host', addressOf(master), '--i-own-this-host']),
    );
    expect(await endOf(ended)).toBe(0);
    expect(await Promise.all(workers.map(endOf))).toEqual([0, 0]);
    server.kill('SIGTERM');
    await endOf(server);
    const { users } = await readStoredRun(path.join(out, 'run.json'));
    expect(users?.workers.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(users?.incomplete).toEqual([]);
    expect(readTotals(out)).toEqual({ requests: users?.total.requests, failures: 0 });
    // Each worker looks once whether the server is there, and tries the eight tasks.
    expect(users?.total.requests).toBe(Number(readFileSync(counted, 'utf8')) - 2 * 9);
  });
});
