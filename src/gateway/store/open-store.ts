/**
 * Opens the database that a URL names, and brings it up to date.
 *
 * A driver is loaded only where its database is asked for.
 */
import { requirePackages } from '../../require-packages.ts';
import { UserError } from '../../user-error.ts';
import { defaultRequestTimeoutMs } from '../deadline.ts';
import type { Database } from './database.ts';
import { type FillableStore, createStore } from './entity-store.ts';
import { migrate } from './migrations.ts';

/**
 * @param options.url `postgres://…` for PostgreSQL; else SQLite: `:memory:` or the path of a file, which is created
 *   where there is none (its directory is not).
 * @param options.requestTimeoutMs as in the settings of the gateway. @param options.signal ends waiting for the
 *   database.
 * @throws {UserError} where the database cannot be opened, or is not one of this gateway.
 */
export async function openStore(options: {
  readonly url: string;
  readonly requestTimeoutMs?: number;
  readonly signal?: AbortSignal;
}): Promise<FillableStore> {
  const { url, requestTimeoutMs = defaultRequestTimeoutMs, signal } = options;
  const database = await openDatabase(url, requestTimeoutMs);
  // Whatever it waits for fails then.
  const giveUp = (): void => void database.close();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return createStore(database);
}

async function openDatabase(url: string, requestTimeoutMs: number): Promise<Database> {
  if (/^postgres(ql)?:\/\//i.test(url)) {
    requirePackages(['pg'], 'open a database of PostgreSQL');
    const { openPostgres } = await import('./postgres/database.ts');
    return openPostgres(url, requestTimeoutMs);
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url) ?? [];
  if (url === '' || url.includes('\0') || (scheme !== undefined && scheme.toLowerCase() !== 'file')) {
    // A URL may hold a password, so only its beginning is shown.
    throw new UserError(
      `cannot open the database ${JSON.stringify(scheme === undefined ? url : `${scheme}://…`)}: no such kind of database is known`,
      {
        hint: "name a file, ':memory:' or a postgres:// URL",
      },
    );
  }
  const { openSqlite } = await import('./sqlite/database.ts');
  return openSqlite(url);
}
