/**
 * PostgreSQL, through a pool of connections: the database for gateways that share one.
 *
 * Nothing here waits without end: a request has its deadline, the server ends what it does for one, and closing ends
 * what is left.
 * Source: postgresql.org/docs, "Advisory Locks".
 */
import type { PoolClient } from 'pg';

import { remainingMs, withinDeadline } from '../../deadline.ts';
import type { Database, Row, Statement } from '../database.ts';
import { openConnections, openMs, socketOf } from './connections.ts';
import { dialect } from './dialect.ts';
import { explainError, withoutPassword } from './errors.ts';
import { run, runUpTo } from './queries.ts';

/** Names the lock that migrations take; arbitrary, but the same in every version. */
const migrationLock = 7_204_119;

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
        // A connection that cannot roll back must not be lent again; ending it makes the server do so.
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
          await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
          await work((statement) => explained(() => run(client, statement)));
          return true;
        });
      await explained(() => withinDeadline({ limitMs: openMs }, open));
    },
    close: () => connections.close(),
  };
}

/** Begins a transaction that the server ends by itself before the one who waits for it has gone. */
function beginWithin(leftMs: number): string {
  // Only filling an empty database has no deadline, and it is one large transaction; 0 means no limit.
  if (leftMs === Infinity) return `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${openMs}`;
  // A little less than is left, so that the server's own answer says why.
  const ms = Math.max(1, Math.floor(leftMs * 0.9));
  return `BEGIN; SET LOCAL statement_timeout = ${ms}; SET LOCAL lock_timeout = ${ms}`;
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
