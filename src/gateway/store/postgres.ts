/**
 * PostgreSQL, through a pool of connections: the database for gateways that share one.
 *
 * Deliberately absent: SQL about entities. Documents are `json` and not `jsonb`, which would sort their keys by length,
 * and the same catalog would be another text than from SQLite; nothing here searches inside of them.
 * Source: postgresql.org/docs, "Error Codes" and "Advisory Locks".
 */
import { DatabaseError, Pool, types as parsers } from 'pg';
import type { CustomTypesConfig, PoolClient } from 'pg';

import { Uuid } from '../../corpus/uuid.ts';
import { UserError } from '../../user-error.ts';
import { StoreUnavailableError } from '../model.ts';
import { UniqueViolation } from './database.ts';
import type { Database, Dialect, Row, Statement } from './database.ts';

/** Connections of a gateway; reads are short, so more would wait inside the database and not in front of it. */
const CONNECTIONS = 10;
/** Milliseconds until a connection has to stand; longer than any network path that one would serve requests over. */
const CONNECT_MS = 5_000;
/** Names the lock that migrations take; arbitrary, but the same in every version. */
const MIGRATION_LOCK = 7_204_119;

/** @throws {UserError} where the URL is broken; that nobody answers is found by the first statement. */
export function openPostgres(url: string): Database {
  const shown = withoutPassword(url);
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainError(error, shown);
    }
  };
  const pool = new Pool({ connectionString: url, max: CONNECTIONS, connectionTimeoutMillis: CONNECT_MS, application_name: 'gateway' });
  // A connection that breaks while nobody uses it is thrown away by the pool, and the next statement gets another one.
  pool.on('error', () => undefined);
  let isClosed = false;

  const transact = async <T>(work: (client: PoolClient) => Promise<T | undefined>): Promise<T | undefined> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query(result === undefined ? 'ROLLBACK' : 'COMMIT');
      return result;
    } catch (error) {
      broken = await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  };

  return {
    dialect,
    read: (statement) => explained(() => run(pool, statement)),
    write: (statements) => explained(() => transact((client) => runAll(client, statements))),
    async exclusively(work) {
      await explained(() =>
        transact(async (client) => {
          await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
          await work((statement) => explained(() => run(client, statement)));
          return true;
        }),
      );
    },
    async close() {
      if (!isClosed) {
        isClosed = true;
        await pool.end();
      }
    },
  };
}

const dialect: Dialect = {
  parameter: (position) => `$${position}`,
  columnTypes: {
    text: 'text',
    integer: 'bigint',
    number: 'double precision',
    boolean: 'boolean',
    datetime: 'timestamptz(3)',
    uuid: 'uuid',
    json: 'json',
  },
  sequenceColumn: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  // A name may be longer than what an index page holds.
  uniqueText: (column) => `md5(${column})`,
  tableOptions: '',
  laterThan: (column, parameter) => `greatest(${parameter}::timestamptz, ${column} + interval '1 millisecond')`,
  noLimit: null,
  // Every statement is a way to the server and back.
  insertedRows: 100,
  encode(value) {
    if (value instanceof Date) return value.toISOString();
    return value instanceof Uuid ? value.toString() : value;
  },
  // The driver does it all: it is told below which types are to be read differently from its own ways.
  decoders: {},
};

/** Types by their numbers in PostgreSQL's catalog. */
const INT8: number = parsers.builtins.INT8;
const UUID: number = parsers.builtins.UUID;

const types: CustomTypesConfig = {
  getTypeParser(oid: number, format: 'text' | 'binary' = 'text'): (text: string) => unknown {
    // Numbers beyond 2^53 are never stored, so nothing is lost where the driver would give text.
    if (oid === INT8) return Number;
    return oid === UUID ? (text) => Uuid.parse(text) : (parsers.getTypeParser as ParserTable)(oid, format);
  },
};

/** As the driver calls it; its own types want members of an enum, which the server's numbers are not. */
type ParserTable = (oid: number, format: 'text' | 'binary') => (text: string) => unknown;

async function run(on: Pool | PoolClient, { name, sql, parameters }: Statement): Promise<Row[]> {
  const result = await on.query<unknown[]>({
    text: sql,
    values: [...parameters],
    rowMode: 'array',
    types,
    ...(name === undefined ? {} : { name }),
  });
  return result.rows;
}

/** @returns undefined where a statement gives no rows; those behind it are not run then. */
async function runAll(client: PoolClient, statements: Iterable<Statement>): Promise<Row[][] | undefined> {
  const rows: Row[][] = [];
  for (const statement of statements) {
    const given = await run(client, statement);
    if (given.length === 0) return undefined;
    rows.push(given);
  }
  return rows;
}

/** @returns why the connection cannot be used again, undefined where it can. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** @throws {UserError} where it is no URL, without showing it: a broken one may hold a password anywhere. */
function withoutPassword(url: string): string {
  if (!URL.canParse(url)) {
    throw new UserError('cannot open the database: its postgres:// URL is broken', {
      hint: 'write it as postgres://user:password@host:5432/database; special characters of a password are percent-encoded',
    });
  }
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Classes of SQLSTATE: their first two characters. */
const explanations: Readonly<Record<string, string>> = {
  '08': 'see that the server runs and can be reached',
  '25': 'name a database that may be written',
  '28': 'see user and password in the URL',
  '3D': 'create the database, or name another one',
  '40': 'try again: transactions were in each other\'s way',
  '42': 'name a database whose tables this gateway made and may use, or an empty one',
  '53': 'make room on the server: it is out of disk, memory or connections',
  '55': 'try again: something else keeps it locked',
  '57': 'the server is shutting down or starting up; try again',
};

/** The SQLSTATE of a broken unique index. */
const UNIQUE_VIOLATION = '23505';

/** What is to be expected of servers and networks becomes a StoreUnavailableError, everything else stays what it is. */
function explainError(error: unknown, shown: string): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  if (error instanceof DatabaseError && error.code === UNIQUE_VIOLATION) return new UniqueViolation(error);
  const hint = hintFor(error);
  return hint === undefined ? error : new StoreUnavailableError(`cannot use the database ${shown}: ${reasonOf(error)}`, { hint, cause: error });
}

function hintFor(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  if (error instanceof DatabaseError) return typeof code === 'string' ? explanations[code.slice(0, 2)] : undefined;
  // Errors of sockets have codes of the system; the driver's own about a connection that ended have none.
  const isConnection = typeof code === 'string' ? /^E[A-Z_]+$/.test(code) && !code.startsWith('ERR_') : /connect|timeout|SSL/i.test(error.message);
  return isConnection ? 'see that the server runs and can be reached' : undefined;
}

function reasonOf(error: Error): string {
  // A host with several addresses gives an error for each, and none of its own.
  if (error instanceof AggregateError) return error.errors.map((one: unknown) => (one as Error).message).join(', ');
  return error.message;
}
