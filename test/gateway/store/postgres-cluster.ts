/**
 * A PostgreSQL server of its own for tests, in a temporary directory, where the server's programs are installed.
 *
 * They are looked for on the PATH and where Debian's package puts them. The server refuses to run as root, so root
 * lends it the user that the package made. A server that runs already is left alone: it may hold somebody's data.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { Client } from 'pg';

export interface Cluster {
  readonly port: number;
  /** Creates an empty database. @returns its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server, and every connection to it. */
  stop(): Promise<void>;
}

const programs = findPrograms();
const owner = process.getuid?.() === 0 ? findUser('postgres') : { uid: process.getuid?.(), gid: process.getgid?.() };

/** Why tests of PostgreSQL are skipped; `undefined` where they run. */
export const skipReason: string | undefined =
  programs === undefined
    ? "PostgreSQL's server is not installed"
    : owner === undefined
      ? 'root has no user postgres to run the server as'
      : undefined;

/** @throws {Error} where the server does not come up. */
export async function startCluster(): Promise<Cluster> {
  if (programs === undefined || owner === undefined) throw new Error(skipReason);
  const folder = mkdtempSync(path.join(tmpdir(), 'gateway-postgres-'));
  const asOwner = {
    stdio: 'ignore',
    cwd: folder,
    ...(owner.uid === undefined ? {} : { uid: owner.uid, gid: owner.gid ?? owner.uid }),
  } as const;
  if (process.getuid?.() === 0) chownSync(folder, asOwner.uid ?? 0, asOwner.gid ?? 0);
  const data = path.join(folder, 'data');
  execFileSync(
    path.join(programs, 'initdb'),
    ['-D', data, '-U', 'gateway', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    asOwner,
  );
  const port = await findPort();
  // Tests of a power failure would need a disk of their own, so the server need not wait for this one.
  const server = spawn(
    path.join(programs, 'postgres'),
    ['-D', data, '-F', '-k', folder, '-h', '127.0.0.1', '-p', String(port)],
    asOwner,
  );
  const urlOf = (database: string): string => `postgres://gateway@127.0.0.1:${port}/${database}`;
  await waitForAnswer(urlOf('postgres'), server);
  let databases = 0;
  return {
    port,
    async createDatabase() {
      databases += 1;
      await runSql(urlOf('postgres'), `CREATE DATABASE test_${databases}`);
      return urlOf(`test_${databases}`);
    },
    async stop() {
      // Its fast way to end, which does not wait for clients.
      if (server.exitCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGINT');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function waitForAnswer(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runSql(url, 'SELECT 1');
      return;
    } catch (cause) {
      if (server.exitCode !== null || attempt === 300)
        throw new Error('the PostgreSQL server of the tests does not answer', { cause });
      await wait(50);
    }
  }
}

/** The directory of `postgres` and `initdb`. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => path.join(debian, version, 'bin')) : [];
  const places = [...(process.env['PATH'] ?? '').split(path.delimiter), ...versions.toSorted().toReversed()];
  return places.find((place) => existsSync(path.join(place, 'postgres')) && existsSync(path.join(place, 'initdb')));
}

function findUser(name: string): { uid: number; gid: number } | undefined {
  try {
    const [uid, gid] = ['-u', '-g'].map((option) =>
      Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
    );
    return { uid: uid as number, gid: gid as number };
  } catch {
    return undefined;
  }
}

function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
