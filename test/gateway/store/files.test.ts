/**
 * Databases that cannot be opened or written: each is an error that says what to do.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createGenerator } from '../../../src/corpus/generator.ts';
import { entityKinds } from '../../../src/gateway/entities/entity.ts';
import type { Database } from '../../../src/gateway/store/database.ts';
import { migrate } from '../../../src/gateway/store/migrations.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import { openPostgres } from '../../../src/gateway/store/postgres/database.ts';
import { seed } from '../../../src/gateway/store/seed.ts';
import { openSqlite } from '../../../src/gateway/store/sqlite/database.ts';
import { federatedKinds, NameTakenError, StoreUnavailableError } from '../../../src/gateway/store/store.ts';
import { UserError } from '../../../src/user-error.ts';
import { listDatabases } from './databases.ts';
import { type Cluster, runSql, skipReason, startCluster } from './postgres-cluster.ts';

async function failureOf(work: () => Promise<unknown>): Promise<UserError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

const systemCalls = '/proc/self/io';
if (!existsSync(systemCalls))
  process.stderr.write(`a test of reads from a file is skipped: there is no ${systemCalls}\n`);

/** Calls to read that this process makes meanwhile. */
async function countReads(work: () => Promise<unknown>): Promise<number> {
  const count = (): number => Number(/^syscr: (\d+)$/m.exec(readFileSync(systemCalls, 'utf8'))?.[1]);
  const before = count();
  await work();
  return count() - before;
}

const newPrompt = { name: 'p', template: 't', arguments: [], enabled: true, tags: [] };

describe('a database that is a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'gateway-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each<[string, () => string, string]>([
    ['lies in a directory that does not exist', () => path.join(folder, 'missing', 'a.db'), 'none can be made there'],
    ['is a directory', () => folder, 'none can be made there'],
    ['has no name', () => '', 'no such kind of database'],
    ['has a name that no file can have', () => 'a\0b', 'no such kind of database'],
    ['is a URL of another database', () => 'mysql://user:hidden@localhost/x', 'no such kind of database'],
  ])('cannot be opened where it %s', async (_, urlOf, reason) => {
    const url = urlOf();
    const error = await failureOf(() => openStore({ url }));
    expect(error.message).toContain(reason);
    expect(error.hint).toMatch(/\w/);
    expect(`${error.message} ${error.hint}`).not.toContain('hidden');
  });

  it.each<[string, (length: number) => Buffer]>([
    ['text', (length) => Buffer.alloc(length, 'this is no database ')],
    [
      'noise behind a right beginning',
      (length) => Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(length, 7)]),
    ],
  ])('is refused and left as it is where it holds %s', async (_, contentOf) => {
    const file = path.join(folder, 'broken.db');
    writeFileSync(file, contentOf(8_192));
    const error = await failureOf(() => openStore({ url: file }));
    expect(error.message).toContain('no SQLite database');
    expect(error.message).toContain(JSON.stringify(file));
    expect(readFileSync(file).equals(contentOf(8_192))).toBe(true);
  });

  it('says that it is damaged where its pages are', async () => {
    const file = path.join(folder, 'damaged.db');
    const store = await openStore({ url: file });
    await seed(store, { items: 200, seed: 1 });
    await store.close();
    const bytes = readFileSync(file);
    // The first page says where tables begin; all others hold rows.
    bytes.fill(0x5a, 4_096);
    writeFileSync(file, bytes);
    const error = await failureOf(async () => (await openStore({ url: file })).list('tools'));
    expect(error.message).toContain('the file is damaged');
  });

  it('is refused where another program has tables of these names', async () => {
    const file = path.join(folder, 'foreign.db');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE tools (hammer TEXT)');
    other.close();
    const error = await failureOf(() => openStore({ url: file }));
    expect(error.message).toContain('its tables are not those of this gateway');
    const again = new DatabaseSync(file);
    expect(
      again
        .prepare('SELECT name FROM sqlite_master')
        .all()
        .map(({ name }) => name),
    ).toEqual(['tools']);
    again.close();
  });

  it('can be read and not written where its permissions say so', async () => {
    const file = path.join(folder, 'read-only.db');
    const store = await openStore({ url: file });
    await store.close();
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    const error = await asOrdinaryUser(() => failureOf(() => openStore({ url: file })));
    chmodSync(folder, 0o755);
    expect(error.message).toMatch(/it can only be read|none can be made there/);
  });

  it('stays whole and goes on to work where the disk is full', async () => {
    const file = path.join(folder, 'full.db');
    // A limit on the size of files looks like a full disk to the process that has it.
    const child = spawn(
      'bash',
      [
        '-c',
        'ulimit -f 600; exec "$0" "$@"',
        process.execPath,
        fileURLToPath(new URL('writer-child.ts', import.meta.url)),
        file,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(output).toMatch(/^failed UserError: cannot use the database ".*": the disk (is full|fails)/m);
    const created = [...output.matchAll(/^created (.*)$/gm)].map(([, id]) => id as string);
    const deleted = new Set([...output.matchAll(/^deleting (.*)$/gm)].map(([, id]) => id as string));
    expect(created.length).toBeGreaterThan(1);
    const store = await openStore({ url: file });
    const ids = new Set((await store.list('tools')).items.map((tool) => tool.id.toString()));
    expect(created.filter((id) => !deleted.has(id) && !ids.has(id))).toEqual([]);
    await expect(store.create('prompts', newPrompt)).resolves.toMatchObject({ name: 'p' });
    await store.close();
  });

  it('fails a write, and nothing else, while another program keeps it locked', async () => {
    const file = path.join(folder, 'locked.db');
    const store = await openStore({ url: file });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const error = await failureOf(() => store.create('prompts', newPrompt));
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error.message).toContain('another process keeps it locked');
    expect(await store.count('prompts')).toBe(0);
    other.exec('ROLLBACK');
    other.close();
    await expect(store.create('prompts', newPrompt)).resolves.toMatchObject({ name: 'p' });
    await store.close();
  });

  // The counter is Linux's; elsewhere nothing says how often a file was read.
  it.skipIf(!existsSync(systemCalls))('is read once for lists of an ordinary catalog', async () => {
    const file = path.join(folder, 'read.db');
    const filled = await openStore({ url: file });
    await seed(filled, { items: 1_000, seed: 1 });
    await filled.close();
    const store = await openStore({ url: file });
    const first = await countReads(() => store.list('tools'));
    const second = await countReads(() => store.list('tools'));
    expect(first).toBeGreaterThan(100);
    // What counts reads is read itself.
    expect(second).toBeLessThan(10);
    await store.close();
  });

  it('can have any name that a file can have', async () => {
    mkdirSync(path.join(folder, 'ü %20?'));
    const file = path.join(folder, 'ü %20?', "it's #1.db");
    const store = await openStore({ url: file });
    await store.create('prompts', newPrompt);
    await store.close();
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});

/** Root may write whatever its permissions are, so root becomes somebody else for a while. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  // The usual number of the user who owns nothing.
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe.each(listDatabases().filter(({ outlivesClose }) => outlivesClose))('migrations on $name', (place) => {
  beforeAll(() => place.start());
  afterAll(() => place.stop());

  const open = async (url: string): Promise<Database> =>
    place.name === 'PostgreSQL' ? openPostgres(url, 5_000) : openSqlite(url);
  const read = async (database: Database, sql: string): Promise<unknown[]> =>
    (await database.read({ sql, parameters: [] })).map(([value]) => value);

  it('are taken once, and by the first of several that open the database', async () => {
    const url = await place.create();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ url })));
    const database = await open(url);
    expect(await read(database, 'SELECT "number" FROM gateway_migrations ORDER BY "number"')).toEqual([1, 2, 3]);
    await Promise.all([database, ...stores].map((one) => one.close()));
  });

  it('go on where an earlier version stopped, and keep what is stored', async () => {
    const url = await place.create();
    const store = await openStore({ url });
    const prompt = await store.create('prompts', newPrompt);
    await store.close();
    const database = await open(url);
    const first = { number: 1, statements: () => ['this step was taken already'] };
    const second = { number: 2, statements: () => ['nor was this one to be taken again'] };
    const third = { number: 3, statements: () => ['nor was this one'] };
    const fourth = { number: 4, statements: () => ['CREATE TABLE added (x INTEGER)', 'INSERT INTO added VALUES (5)'] };
    await migrate(database, [first, second, third, fourth]);
    await migrate(database, [first, second, third, fourth]);
    expect(await read(database, 'SELECT x FROM added')).toHaveLength(1);
    expect(await read(database, 'SELECT "number" FROM gateway_migrations ORDER BY "number"')).toEqual([1, 2, 3, 4]);
    expect(await read(database, 'SELECT "name" FROM prompts')).toEqual([prompt['name']]);
    await database.close();

    const error = await failureOf(() => openStore({ url }));
    expect(error.message).toContain('it has schema 4 of a newer version, and this one knows 3');
    expect(error.hint).toContain('start the version that wrote it');
  });

  it('make names unique in a database of the first version, unless two of a kind have one, which is then named', async () => {
    const url = await place.create();
    const store = await openStore({ url });
    await store.create('prompts', newPrompt);
    const other = await store.create('prompts', { ...newPrompt, name: 'other' });
    await store.close();
    const database = await open(url);
    const run = (sql: string): Promise<void> =>
      database.exclusively(async (statement) => void (await statement({ sql, parameters: [] })));
    for (const kind of entityKinds) await run(`DROP INDEX "${kind}_unique_${kind === 'resources' ? 'uri' : 'name'}"`);
    // What the third version added.
    for (const kind of federatedKinds) await run(`DROP INDEX "${kind}_of_gateway"`);
    await run('DROP TABLE gateway_upstreams');
    await run('DELETE FROM gateway_migrations WHERE "number" >= 2');
    await run(`UPDATE prompts SET "name" = 'a "new" name\n'`);

    const error = await failureOf(() => openStore({ url }));
    expect(error.message).toMatch(/more than one of the prompts has the name "a \\"new\\" name(\\n)"$/);
    expect(error.hint).toContain('rename or delete');
    expect(await read(database, 'SELECT "number" FROM gateway_migrations')).toEqual([1]);

    await run(
      `UPDATE prompts SET "name" = 'other' WHERE "id" = (SELECT "id" FROM prompts ORDER BY "sequence" DESC LIMIT 1)`,
    );
    const opened = await openStore({ url });
    expect((await opened.get('prompts', other.id.toString()))?.['name']).toBe('other');
    await expect(opened.create('prompts', { ...newPrompt, name: 'other' })).rejects.toThrow(NameTakenError);
    await Promise.all([opened.close(), database.close()]);
  });

  it('leave nothing behind where a step fails', async () => {
    const url = await place.create();
    const database = await open(url);
    const broken = {
      number: 1,
      statements: () => ['CREATE TABLE added (x INTEGER)', 'CREATE TABLE added (x INTEGER)'],
    };
    const error = await failureOf(() => migrate(database, [broken]));
    expect(error.message).toMatch(/already exists/);
    await expect(read(database, 'SELECT x FROM added')).rejects.toThrow(/added/);
    await database.close();
    await expect(openStore({ url }).then((store) => store.close())).resolves.toBeUndefined();
  });

  it('are followed by a look at every column, so that a missing one is found at once', async () => {
    const url = await place.create();
    await (await openStore({ url })).close();
    const database = await open(url);
    await database.exclusively(
      async (run) => void (await run({ sql: 'ALTER TABLE servers DROP COLUMN "icon"', parameters: [] })),
    );
    await database.close();
    const error = await failureOf(() => openStore({ url }));
    expect(error.message).toContain('icon');
    expect(error.hint).toMatch(/database/);
  });
});

// Why it is skipped is printed by `listDatabases`.
describe.skipIf(skipReason !== undefined)('a PostgreSQL server', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it.each<[string, (port: number) => string, string]>([
    ['nobody answers', () => 'postgres://gateway:hidden@127.0.0.1:1/x', 'ECONNREFUSED'],
    [
      'the database does not exist',
      (port) => `postgres://gateway:hidden@127.0.0.1:${port}/nothing`,
      '"nothing" does not exist',
    ],
    [
      'the user does not exist',
      (port) => `postgres://nobody:hidden@127.0.0.1:${port}/postgres`,
      '"nobody" does not exist',
    ],
    ['the URL is broken', () => 'postgres://gateway:hid den@[/x', 'its postgres:// URL is broken'],
  ])('gives an error without the password where %s', async (_, urlOf, reason) => {
    const error = await failureOf(() => openStore({ url: urlOf(cluster.port) }));
    expect(error.message).toContain(reason);
    expect(error.hint).toMatch(/\w/);
    expect(`${error.message} ${error.hint}`).not.toContain('hid');
  });

  it('may end all connections, and the next statement gets another one', async () => {
    const url = await cluster.createDatabase();
    const store = await openStore({ url });
    await store.create('prompts', newPrompt);
    await runSql(
      url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    // Until the end of the connection has arrived, a statement may still be sent on it.
    await expect.poll(() => store.count('prompts').catch(() => -1)).toBe(1);
    await expect(store.create('prompts', { ...newPrompt, name: 'second' })).resolves.toMatchObject({ version: 1 });
    await store.close();
  });

  it('refuses a write to a database that may only be read, as an error that says so', async () => {
    const url = await cluster.createDatabase();
    await (await openStore({ url })).close();
    await runSql(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
    const error = await failureOf(() => openStore({ url }));
    expect(error.message).toContain('read-only transaction');
    expect(error.hint).toContain('may be written');
  });

  it('keeps the order of a catalog that needs several statements', async () => {
    const store = await openStore({ url: await cluster.createDatabase() });
    const generator = createGenerator(2);
    const servers = Array.from({ length: 333 }, () => generator.server());
    await store.fill('servers', servers);
    expect(JSON.stringify((await store.list('servers')).items)).toBe(JSON.stringify(servers));
    await store.close();
  });
});
