/**
 * Waiting for PostgreSQL has an end, whether it is locked or says nothing any more: for requests and for the gateway's
 * end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { all, create, guardMs, startOn, writeUntilTaken, writeMany, writers } from './many-writers.ts';
import { type Cluster, skipReason, startCluster } from './store/postgres-cluster.ts';

/** A way to a server that can be made to carry nothing any more, in either direction, without an end. */
async function startHole(port: number): Promise<{ port: number; stop: () => void }> {
  const sockets = new Set<net.Socket>();
  let isStopped = false;
  const server = net.createServer((incoming) => {
    const outgoing = net.connect(port, '127.0.0.1');
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('data', (bytes) => void (isStopped || to.write(bytes)));
      from.on('close', () => void (isStopped || to.destroy()));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as net.AddressInfo).port, stop: () => void (isStopped = true) };
}

// Why it is skipped is printed by `listDatabases` in other files.
describe.skipIf(skipReason !== undefined)('many clients of a PostgreSQL database', () => {
  let cluster: Cluster;
  beforeAll(async () => void (cluster = await startCluster()));
  afterAll(() => cluster.stop());

  async function lock(url: string, sql: string): Promise<() => Promise<void>> {
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('BEGIN');
    await client.query(sql);
    return async () => void (await client.query('ROLLBACK'));
  }

  async function throughHole(url: string): Promise<{ url: string; stop: () => void }> {
    const hole = await startHole(cluster.port);
    return { url: url.replace(`:${cluster.port}/`, `:${hole.port}/`), stop: hole.stop };
  }

  it('whose rows are locked are all answered within one deadline, and nothing is left waiting on the server', async () => {
    const url = await cluster.createDatabase();
    const { app } = await startOn(url);
    expect((await create(app, 'before')).statusCode).toBe(201);
    const unlock = await lock(url, 'SELECT * FROM gateway_revisions FOR UPDATE');
    const writing = writeMany(app);
    for (const path of ['/health', '/tools']) expect((await app.inject(path)).statusCode).toBe(200);
    const { statuses, tookMs, retryAfter } = await writing;
    expect({ statuses, retryAfter }).toEqual({
      statuses: all(503),
      retryAfter: expect.stringMatching(/^\d+$/) as string,
    });
    expect(tookMs).toBeLessThan(guardMs);
    const watcher = new Client({ connectionString: url });
    await watcher.connect();
    onTestFinished(() => watcher.end());
    const count = async (): Promise<unknown> =>
      (
        await watcher.query(
          "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
      ).rows[0];
    await expect.poll(count, { timeout: guardMs }).toEqual({ n: 0 });
    await unlock();
    expect(await writeUntilTaken(app)).toEqual(all(201));
  });

  it('whose tables are locked are told so too when they only read, more of them than there are connections', async () => {
    const url = await cluster.createDatabase();
    const { app } = await startOn(url);
    const unlock = await lock(url, 'LOCK TABLE tools IN ACCESS EXCLUSIVE MODE');
    const beginMs = performance.now();
    const answers = await Promise.all(Array.from({ length: writers }, () => app.inject('/tools')));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(all(503));
    expect(performance.now() - beginMs).toBeLessThan(guardMs);
    await unlock();
    expect((await app.inject('/tools')).statusCode).toBe(200);
  });

  it('that says nothing any more are told so, and closing it ends', async () => {
    const { url, stop } = await throughHole(await cluster.createDatabase());
    const { app, close } = await startOn(url);
    expect((await create(app, 'before')).statusCode).toBe(201);
    stop();
    expect((await writeMany(app)).statuses).toEqual(all(503));
    expect((await app.inject('/tools')).statusCode).toBe(503);
    const hanging = app.inject('/tools');
    await close();
    expect((await hanging).statusCode).toBe(503);
  });

  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

  function startProcess(url: string): ReturnType<typeof spawn> {
    const child = spawn(
      process.execPath,
      [main, 'gateway', '--json', '--no-auth', '--port', '0', '--items', '1', '--database', url],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  it('that says nothing any more do not keep the process', async () => {
    const { url, stop } = await throughHole(await cluster.createDatabase());
    const child = startProcess(url);
    const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
    stop();
    const { url: served } = JSON.parse(line) as { url: string };
    const asked = fetch(`${served}/tools`).then(({ status }) => status);
    // Both requests are there when the second one is answered.
    expect((await fetch(`${served}/health`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await Promise.all([asked, once(child, 'exit')])).toEqual([503, [0, null]]);
  });

  it('that never says anything end the start of the process with exit code 2', async () => {
    const { url, stop } = await throughHole(await cluster.createDatabase());
    stop();
    expect(await once(startProcess(url), 'exit')).toEqual([2, null]);
  });

  it('that another gateway is opening can be left by a signal', async () => {
    const url = await cluster.createDatabase();
    await lock(url, 'SELECT pg_advisory_xact_lock(7204119)');
    const child = startProcess(url);
    const watcher = new Client({ connectionString: url });
    await watcher.connect();
    onTestFinished(() => watcher.end());
    const count = async (): Promise<unknown> =>
      (
        await watcher.query(
          "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
      ).rows[0];
    await expect.poll(count, { timeout: guardMs }).toEqual({ n: 1 });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
});
