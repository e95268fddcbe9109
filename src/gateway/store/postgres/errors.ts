/**
 * What PostgreSQL and the way to it say went wrong, in words for whoever runs the gateway.
 *
 * Source: postgresql.org/docs, "PostgreSQL Error Codes".
 */
import { DatabaseError } from 'pg';

import { UserError } from '../../../user-error.ts';
import { UniqueViolation } from '../database.ts';
import { StoreUnavailableError } from '../store.ts';

/** @throws {UserError} where it is no URL, without showing it: a broken one may hold a password anywhere. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) {
    throw new UserError('cannot open the database: its postgres:// URL is broken', {
      hint: 'write it as postgres://user:password@host:5432/database; special characters of a password are percent-encoded',
    });
  }
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

export function unavailable(shown: string, why: string): StoreUnavailableError {
  return new StoreUnavailableError(`cannot use the database ${shown}: ${why}`, {
    hint: 'see that the server runs, and what keeps it busy or locked',
  });
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
const uniqueViolation = '23505';

/** What is to be expected of servers and networks becomes a StoreUnavailableError, everything else stays what it is. */
export function explainError(error: unknown, shown: string): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  if (error instanceof DatabaseError && error.code === uniqueViolation) return new UniqueViolation(error);
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
