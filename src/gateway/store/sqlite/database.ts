/**
 * SQLite in this process, through node:sqlite: the database that needs no server.
 *
 * Statements run on the calling thread and end before the call returns, so no other work of the process can come
 * between those of a transaction.
 * Source: sqlite.org/wal.html, sqlite.org/pragma.html.
 */
import { type SQLInputValue, type StatementSync, DatabaseSync } from 'node:sqlite';

import { type BoundedRows, type Database, type Row, type Statement, collectUpTo } from '../database.ts';
import { type BusyQueue, createBusyQueue } from './busy-queue.ts';
import { dialect } from './dialect.ts';
import { explainError, isBusy } from './errors.ts';

/**
 * Milliseconds that SQLite itself waits for another process, while the thread stands still; a queue waits on without
 * that.
 */
const standstillMs = 2;
/** Pages kept in memory, in KiB: a catalog of thousands of entities fits, and SQLite's own default holds hundreds. */
const cacheKib = 65_536;

/**
 * @param path of a file, or `:memory:`.
 * @throws {StoreUnavailableError} where it cannot be opened, or is no SQLite database.
 */
export async function openSqlite(path: string): Promise<Database> {
  const explain = (error: unknown): unknown => explainError(error, path);
  try {
    const connection = new DatabaseSync(path, { timeout: standstillMs, returnArrays: true });
    const queues = { reads: createBusyQueue(isBusy), writes: createBusyQueue(isBusy) };
    try {
      await setUp(connection, queues.writes);
    } catch (error) {
      connection.close();
      throw error;
    }
    return createDatabase(connection, { explain, queues });
  } catch (error) {
    throw explain(error);
  }
}

/** Readers go on where only writers have to wait. */
interface Queues {
  readonly reads: BusyQueue;
  readonly writes: BusyQueue;
}

function createDatabase(
  connection: DatabaseSync,
  context: { explain: (error: unknown) => unknown; queues: Queues },
): Database {
  const { explain, queues } = context;
  const prepared = new Map<string, StatementSync>();
  const prepare = ({ name, sql }: Statement): StatementSync => {
    const statement = (name === undefined ? undefined : prepared.get(name)) ?? connection.prepare(sql);
    if (name !== undefined) prepared.set(name, statement);
    return statement;
  };
  // Rows are arrays, as the connection was told; the types know objects only.
  const run = (statement: Statement): Row[] =>
    prepare(statement).all(...(statement.parameters as SQLInputValue[])) as unknown as Row[];
  const runUpTo = (statement: Statement, mostBytes: number): BoundedRows => {
    const collected = collectUpTo(mostBytes);
    for (const row of prepare(statement).iterate(...(statement.parameters as SQLInputValue[])))
      if (!collected.add(row as unknown as Row, sizeOf(row as unknown as Row))) break;
    return collected.found();
  };
  const runAll = (statements: Iterable<Statement>): Row[][] | undefined => {
    const rows: Row[][] = [];
    for (const statement of statements) {
      const given = run(statement);
      if (given.length === 0) return undefined;
      rows.push(given);
    }
    return rows;
  };
  const attempt = async <T>(queue: BusyQueue, work: () => T): Promise<T> => {
    try {
      return await queue.run(work);
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    dialect,
    read: (statement) => attempt(queues.reads, () => run(statement)),
    readUpTo: (statement, mostBytes) => attempt(queues.reads, () => runUpTo(statement, mostBytes)),
    write: (statements) => attempt(queues.writes, () => runTransaction(connection, () => runAll(statements))),
    async exclusively(work) {
      await attempt(queues.writes, () => connection.exec('BEGIN IMMEDIATE'));
      try {
        await work((statement) => attempt(queues.writes, () => run(statement)));
        await attempt(queues.writes, () => connection.exec('COMMIT'));
      } catch (error) {
        rollBack(connection);
        throw error;
      }
    },
    async close() {
      for (const queue of [queues.reads, queues.writes]) queue.close();
      if (connection.isOpen) connection.close();
    },
  };
}

/** Texts are all that can be large. */
function sizeOf(row: Row): number {
  let size = 0;
  for (const value of row) size += typeof value === 'string' ? value.length : 8;
  return size;
}

/** @param work gives undefined where the transaction is to be undone. */
function runTransaction<T>(connection: DatabaseSync, work: () => T | undefined): T | undefined {
  // Begins as a writer: a transaction that becomes one later fails at once where another process was quicker.
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec(result === undefined ? 'ROLLBACK' : 'COMMIT');
    return result;
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

function rollBack(connection: DatabaseSync): void {
  // SQLite has ended the transaction itself after some errors, a full disk among them.
  if (connection.isOpen && connection.isTransaction) connection.exec('ROLLBACK');
}

async function setUp(connection: DatabaseSync, queue: BusyQueue): Promise<void> {
  // With it readers and a writer do not stop one another. A database in memory has no such mode, and ignores this.
  await queue.run(() => connection.exec('PRAGMA journal_mode = WAL'));
  // FULL waits for the disk at every commit, so that what was acknowledged survives a loss of power too.
  connection.exec(`PRAGMA synchronous = FULL; PRAGMA cache_size = -${cacheKib}`);
}
