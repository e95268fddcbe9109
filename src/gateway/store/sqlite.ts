/**
 * SQLite in this process, through node:sqlite: the database that needs no server.
 *
 * Statements run on the calling thread and end before the call returns, so no other work of the process can come between
 * those of a transaction. Deliberately absent: SQL about entities.
 * Source: sqlite.org/wal.html, sqlite.org/pragma.html, sqlite.org/rescode.html.
 */
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';

import { Uuid } from '../../corpus/uuid.ts';
import type { BusyQueue } from './busy-queue.ts';
import { createBusyQueue } from './busy-queue.ts';
import type { BoundedRows, Database, Dialect, Row, Statement } from './database.ts';
import { collectUpTo, UniqueViolation } from './database.ts';
import { StoreUnavailableError } from './store.ts';

/** Milliseconds that SQLite itself waits for another process, while the thread stands still; a queue waits on without that. */
const STANDSTILL_MS = 2;
/** Pages kept in memory, in KiB: a catalog of thousands of entities fits, and SQLite's own default holds hundreds. */
const CACHE_KIB = 65_536;

/**
 * @param path of a file, or `:memory:`.
 * @throws {StoreUnavailableError} where it cannot be opened, or is no SQLite database.
 */
export async function openSqlite(path: string): Promise<Database> {
  const explain = (error: unknown): unknown => explainError(error, path);
  try {
    const connection = new DatabaseSync(path, { timeout: STANDSTILL_MS, returnArrays: true });
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

const dialect: Dialect = {
  parameter: () => '?',
  // STRICT tables check these, which SQLite otherwise takes as advice.
  columnTypes: {
    text: 'TEXT',
    integer: 'INTEGER',
    number: 'REAL',
    boolean: 'INTEGER',
    datetime: 'INTEGER',
    uuid: 'BLOB',
    json: 'TEXT',
  },
  // Without AUTOINCREMENT the number of a deleted last row is given again, and a cursor would skip its new bearer.
  sequenceColumn: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  uniqueText: (column) => column,
  tableOptions: ' STRICT',
  laterThan: (column, parameter) => `max(${parameter}, ${column} + 1)`,
  noLimit: -1,
  // Calls cost little here, and a statement of many rows would keep a journal of its own, in a file elsewhere.
  insertedRows: 1,
  encode(value) {
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (value instanceof Date) return value.getTime();
    return value instanceof Uuid ? value.bytes : value;
  },
  decoders: {
    boolean: (value: number) => value === 1,
    datetime: (value: number) => new Date(value),
    uuid: (value: Uint8Array) => new Uuid(value),
    json: (value: string) => JSON.parse(value) as unknown,
  },
};

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
  // Readers and a writer do not stop one another with it. Where it cannot be had, as in memory, SQLite keeps its own way.
  await queue.run(() => connection.exec('PRAGMA journal_mode = WAL'));
  // FULL waits for the disk at every commit, so that what was acknowledged survives a loss of power too.
  connection.exec(`PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KIB}`);
}

/** Primary result codes of SQLite. */
const codes = {
  perm: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notDatabase: 26,
} as const;

const explanations: Readonly<Record<number, { readonly why: string; readonly hint: string }>> = {
  [codes.perm]: { why: 'the file may not be used', hint: 'see who may read and write the file' },
  [codes.busy]: { why: 'another process keeps it locked', hint: 'try again, or end the other process' },
  [codes.locked]: { why: 'another process keeps it locked', hint: 'try again, or end the other process' },
  [codes.readOnly]: { why: 'it can only be read', hint: 'see who may write the file and its directory' },
  [codes.ioError]: { why: 'the disk fails', hint: 'see whether the disk is full, over quota or broken' },
  [codes.corrupt]: { why: 'the file is damaged', hint: 'put a copy in its place, or name another file' },
  [codes.full]: { why: 'the disk is full', hint: 'make room on the disk, or name a file on another one' },
  [codes.cannotOpen]: {
    why: 'there is no such file and none can be made there',
    hint: 'see that the directory exists and may be written',
  },
  [codes.protocol]: { why: 'other processes keep it locked', hint: 'try again, or end the other processes' },
  [codes.notDatabase]: { why: 'the file is no SQLite database', hint: 'name another file; this one was left as it is' },
};

/** The extended code of a broken unique index. */
const UNIQUE_VIOLATION = 2_067;

/** What is to be expected of disks and files becomes a StoreUnavailableError, everything else stays what it is. */
function explainError(error: unknown, path: string): unknown {
  if (error instanceof Error && (error as { errcode?: unknown }).errcode === UNIQUE_VIOLATION)
    return new UniqueViolation(error);
  const code = primaryCodeOf(error);
  const explanation = code === undefined ? undefined : explanations[code];
  if (explanation === undefined) return error;
  const detail = (error as Error).message;
  return new StoreUnavailableError(`cannot use the database ${JSON.stringify(path)}: ${explanation.why} (${detail})`, {
    hint: explanation.hint,
    cause: error,
  });
}

function isBusy(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === codes.busy || code === codes.locked;
}

function primaryCodeOf(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  // The other bits tell more than a user can do something about.
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}
