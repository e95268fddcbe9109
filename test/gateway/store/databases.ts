/**
 * The databases that every promise of the store is tested on: a file, memory, and PostgreSQL where it is installed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Cluster, skipReason, startCluster } from './postgres-cluster.ts';

export interface TestDatabase {
  readonly name: string;
  /** False where each opening is a database of its own. */
  readonly outlivesClose: boolean;
  start(): Promise<void>;
  /** A URL of an empty database. */
  create(): Promise<string>;
  stop(): Promise<void>;
}

/** Those that this machine has; the reason for a missing one is printed. */
export function listDatabases(): readonly TestDatabase[] {
  if (skipReason === undefined) return [inFile(), inMemory, inPostgres()];
  process.stderr.write(`tests of the store on PostgreSQL are skipped: ${skipReason}\n`);
  return [inFile(), inMemory];
}

function inFile(): TestDatabase {
  let folder = '';
  let files = 0;
  return {
    name: 'SQLite in a file',
    outlivesClose: true,
    async start() {
      folder = mkdtempSync(path.join(tmpdir(), 'gateway-store-'));
    },
    async create() {
      files += 1;
      return path.join(folder, `${files}.db`);
    },
    async stop() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const inMemory: TestDatabase = {
  name: 'SQLite in memory',
  outlivesClose: false,
  async start() {},
  create: async () => ':memory:',
  async stop() {},
};

function inPostgres(): TestDatabase {
  let cluster: Cluster | undefined;
  return {
    name: 'PostgreSQL',
    outlivesClose: true,
    async start() {
      cluster = await startCluster();
    },
    async create() {
      if (cluster === undefined) throw new Error('the server was not started');
      return cluster.createDatabase();
    },
    async stop() {
      await cluster?.stop();
    },
  };
}
