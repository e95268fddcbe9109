/**
 * PostgreSQL, through a pool of connections: the database for gateways that share one.
 *
 * Nothing here waits without end: a request has its deadline, the server ends what it does for one, and closing ends what is
 * left. Deliberately absent: SQL about entities. Documents are `json` and not `jsonb`, which would sort their keys by length,
 * and the same catalog would be another text than from SQLite; nothing here searches inside of them.
 * Source: postgresql.org/docs, "Error Codes" and "Advisory Locks".
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

import { DatabaseError, Pool, Query, types as parsers } from 'pg';
import type { Client, CustomTypesConfig, PoolClient, QueryArrayConfig } from 'pg';

import { Uuid } from '../../corpus/uuid.ts';
import { UserError } from '../../user-error.ts';
import { remainingMs, withinDeadline } from '../deadline.ts';
import type { BoundedRows, Database, Dialect, Row, Statement } from './database.ts';
import { collectUpTo, UniqueViolation } from './database.ts';
import { StoreUnavailableError } from './store.ts';

/** Connections of a gateway; reads are short, so more would wait inside the database and not in front of it. */
const CONNECTIONS = 10;
/** Milliseconds until a connection has to stand; longer than any network path that one would serve requests over. */
const CONNECT_MS = 5_000;
/** Names the lock that migrations take; arbitrary, but the same in every version. */
const MIGRATION_LOCK = 7_204_119;

/**
 * Milliseconds for everything that opening does, and for its wait for a lock: another gateway may bring the same database
 * up to date, which takes a while where it is large.
 */
const OPEN_MS = 60_000;
/** Requests that may wait for a connection; arbitrary, far more than clients that are served at once. */
const MOST_WAITING = 1_000;
/** Milliseconds for connections to end by themselves when the store closes. */
const CLOSE_MS = 2_000;

/**
 * @param requestTimeoutMs milliseconds after which nobody waits for a statement any more.
 * @throws {UserError} where the URL is broken; that nobody answers is found by the first statement.
 */
export function openPostgres(url: string, requestTimeoutMs: number): Database {
  const shown = withoutPassword(url);
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainError(error, shown);
    }
  };
  const connections = openConnections({ url, shown, requestTimeoutMs });

  const transact = <T>(work: (client: PoolClient) => Promise<T | undefined>): Promise<T | undefined> =>
    connections.use(async (client) => {
      try {
        await client.query(beginWithin(remainingMs()));
        const result = await work(client);
        await client.query(result === undefined ? 'ROLLBACK' : 'COMMIT');
        return result;
      } catch (error) {
        // What cannot be undone must not be lent again; its server undoes it with the connection.
        await client.query('ROLLBACK').catch(() => socketOf(client).destroy());
        throw error;
      }
    });

  return {
    dialect,
    read: (statement) => explained(() => connections.use((client) => run(client, statement))),
    readUpTo: (statement, mostBytes) =>
      explained(() => connections.use((client) => runUpTo(client, { statement, mostBytes }))),
    write: (statements) => explained(() => transact((client) => runAll(client, statements))),
    async exclusively(work) {
      const open = (): Promise<unknown> =>
        transact(async (client) => {
          await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
          await work((statement) => explained(() => run(client, statement)));
          return true;
        });
      await explained(() => withinDeadline({ limitMs: OPEN_MS }, open));
    },
    close: () => connections.close(),
  };
}

/** Begins a transaction that the server ends by itself before the one who waits for it has gone. */
function beginWithin(leftMs: number): string {
  // Nothing but filling an empty database has no deadline, and that is one large transaction; 0 is no limit.
  if (leftMs === Infinity) return `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${OPEN_MS}`;
  // A little less than is left, so that its own answer says why.
  const ms = Math.max(1, Math.floor(leftMs * 0.9));
  return `BEGIN; SET LOCAL statement_timeout = ${ms}; SET LOCAL lock_timeout = ${ms}`;
}

interface Connections {
  /** Lends a connection; what fails because of it, or has no time left, ends the connection too. */
  use<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

function openConnections({
  url,
  shown,
  requestTimeoutMs,
}: {
  url: string;
  shown: string;
  requestTimeoutMs: number;
}): Connections {
  // All of them, also those that are being opened: a server that has stopped would keep them, and with them this process.
  const sockets = new Set<Socket>();
  const openSocket = (): Socket => {
    const socket = new Socket();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'gateway',
    stream: openSocket,
    // The pool waits for it, whatever its types say.
    onConnect: (client) => setLimits(client as Client, requestTimeoutMs) as unknown as void,
  });
  // A connection that breaks while nobody uses it is thrown away by the pool, and the next statement gets another one.
  pool.on('error', () => undefined);
  // One that breaks while it is lent fails what runs on it, or the next statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  /** Ends waiting for a connection. */
  const waiting = new Set<(error: Error) => void>();
  let closing: Promise<void> | undefined;

  async function lend(): Promise<PoolClient> {
    if (closing !== undefined) throw unavailable(shown, 'it is being closed');
    if (waiting.size >= MOST_WAITING) throw unavailable(shown, `${waiting.size} requests wait for it already`);
    const { promise, resolve, reject } = Promise.withResolvers<PoolClient>();
    const leftMs = remainingMs();
    if (leftMs === 0) throw unavailable(shown, 'the request has waited too long already');
    const timer =
      leftMs === Infinity
        ? undefined
        : setTimeout(() => reject(unavailable(shown, 'no connection was free in time')), leftMs);
    waiting.add(reject);
    let isSettled = false;
    pool.connect().then((client) => (isSettled ? client.release() : resolve(client)), reject);
    try {
      return await promise;
    } finally {
      isSettled = true;
      clearTimeout(timer);
      waiting.delete(reject);
    }
  }

  return {
    async use(work) {
      const client = await lend();
      const leftMs = remainingMs();
      let isLate = false;
      const timer =
        leftMs === Infinity
          ? undefined
          : setTimeout(() => {
              isLate = true;
              // Fails whatever waits on it.
              socketOf(client).destroy();
            }, leftMs);
      let broken: Error | undefined;
      try {
        return await work(client);
      } catch (error) {
        // What the server has answered leaves the connection as it was.
        if (!(error instanceof DatabaseError) || error.severity === 'FATAL') broken = error as Error;
        throw isLate ? unavailable(shown, 'it did not answer in time') : error;
      } finally {
        clearTimeout(timer);
        client.release(isLate || socketOf(client).destroyed ? true : broken);
      }
    },
    close() {
      closing ??= (async () => {
        for (const reject of waiting) reject(unavailable(shown, 'it is being closed'));
        const ended = pool.end();
        const giveUp = new AbortController();
        // By themselves where the server says good-bye, which one that has stopped does not.
        await Promise.race([
          Promise.all([ended, ...[...sockets].map((socket) => once(socket, 'close'))]),
          wait(CLOSE_MS, undefined, { signal: giveUp.signal }),
        ]).catch(() => undefined);
        giveUp.abort();
        for (const socket of sockets) socket.destroy();
      })();
      return closing;
    },
  };
}

/** Not as parameters of the connection, which poolers between us and the server refuse. */
async function setLimits(client: Client, requestTimeoutMs: number): Promise<void> {
  // What is left where a request ended its connection, but the server did not notice, ends soon after.
  const limits = {
    statement_timeout: requestTimeoutMs,
    lock_timeout: Math.ceil(requestTimeoutMs * 0.9),
    idle_in_transaction_session_timeout: OPEN_MS,
  };
  // A server that stops just now would keep the place in the pool for as long as it likes.
  const timer = setTimeout(() => client.connection.stream.destroy(), CONNECT_MS);
  try {
    await client.query(
      Object.entries(limits)
        .map(([name, ms]) => `SET ${name} = ${ms}`)
        .join('; '),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Beneath TLS, where there is any: ending it ends that, too. */
function socketOf(client: PoolClient): Duplex {
  return (client as unknown as Client).connection.stream;
}

function unavailable(shown: string, why: string): StoreUnavailableError {
  return new StoreUnavailableError(`cannot use the database ${shown}: ${why}`, {
    hint: 'see that the server runs, and what keeps it busy or locked',
  });
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

async function run(on: PoolClient, statement: Statement): Promise<Row[]> {
  const result = await on.query<unknown[]>(toQuery(statement));
  return result.rows;
}

/** What comes behind the bound is let go as it comes; ending the connection would cost more than most of that. */
function runUpTo(
  on: PoolClient,
  { statement, mostBytes }: { statement: Statement; mostBytes: number },
): Promise<BoundedRows> {
  const { promise, resolve, reject } = Promise.withResolvers<BoundedRows>();
  const collected = collectUpTo(mostBytes);
  let size = 0;
  // Counted where texts are parsed: what the driver gives for a document has no length any more.
  const counting: CustomTypesConfig = {
    getTypeParser(oid: number, format?: 'text' | 'binary') {
      const parse = (types.getTypeParser as ParserTable)(oid, format ?? 'text');
      return (text: string) => {
        size += text.length;
        return parse(text);
      };
    },
  };
  const query = new Query<unknown[]>({ ...toQuery(statement), types: counting });
  query.on('row', (row) => {
    collected.add(row, size);
    size = 0;
  });
  query.on('error', reject);
  query.on('end', () => resolve(collected.found()));
  on.query(query);
  return promise;
}

function toQuery({ name, sql, parameters }: Statement): QueryArrayConfig {
  return { text: sql, values: [...parameters], rowMode: 'array', types, ...(name === undefined ? {} : { name }) };
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

/** By SQLSTATE, or by its class: the first two characters. */
const explanations: Readonly<Record<string, string>> = {
  '08': 'see that the server runs and can be reached',
  '25P03': 'the gateway stood still in the middle of a change; see what keeps this machine busy',
  '25P04': 'it took longer than the server allows; see what keeps it busy',
  '25': 'name a database that may be written',
  '28': 'see user and password in the URL',
  '3D': 'create the database, or name another one',
  '40': "try again: transactions were in each other's way",
  '42': 'name a database whose tables this gateway made and may use, or an empty one',
  '53': 'make room on the server: it is out of disk, memory or connections',
  '55': 'try again: something else keeps it locked',
  '57014': 'it took longer than the request may; see what keeps the server busy',
  '57': 'the server is shutting down or starting up; try again',
};

/** The SQLSTATE of a broken unique index. */
const UNIQUE_VIOLATION = '23505';

/** What is to be expected of servers and networks becomes a StoreUnavailableError, everything else stays what it is. */
function explainError(error: unknown, shown: string): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  if (error instanceof DatabaseError && error.code === UNIQUE_VIOLATION) return new UniqueViolation(error);
  const hint = hintFor(error);
  return hint === undefined
    ? error
    : new StoreUnavailableError(`cannot use the database ${shown}: ${reasonOf(error)}`, { hint, cause: error });
}

function hintFor(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  if (error instanceof DatabaseError)
    return typeof code === 'string' ? (explanations[code] ?? explanations[code.slice(0, 2)]) : undefined;
  // Errors of sockets have codes of the system; the driver's own about a connection that ended have none.
  const isConnection =
    typeof code === 'string'
      ? /^E[A-Z_]+$/.test(code) && !code.startsWith('ERR_')
      : /connect|timeout|SSL/i.test(error.message);
  return isConnection ? 'see that the server runs and can be reached' : undefined;
}

function reasonOf(error: Error): string {
  // A host with several addresses gives an error for each, and none of its own.
  if (error instanceof AggregateError) return error.errors.map((one: unknown) => (one as Error).message).join(', ');
  return error.message;
}
