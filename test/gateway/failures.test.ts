/**
 * What clients and operators are told when the database cannot do what it is asked, or the gateway has a bug.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { createGateway } from '../../src/gateway/app.ts';
import { createBareGateway } from '../../src/gateway/bare.ts';
import { type Failure, describeFailure } from '../../src/gateway/http/errors.ts';
import { type GatewaySettings, serializerNames } from '../../src/gateway/settings.ts';
import type { Database } from '../../src/gateway/store/database.ts';
import { createStore } from '../../src/gateway/store/entity-store.ts';
import { migrate } from '../../src/gateway/store/migrations.ts';
import { openStore } from '../../src/gateway/store/open-store.ts';
import { openSqlite } from '../../src/gateway/store/sqlite/database.ts';
import { type Store, NameTakenError, StoreUnavailableError } from '../../src/gateway/store/store.ts';
import { plainResponses, plainSettings } from './start-gateway.ts';
import { listDatabases } from './store/databases.ts';
import { createMemoryStore } from './store/memory-store.ts';
import { skipReason, startCluster } from './store/postgres-cluster.ts';

const locked = new StoreUnavailableError('cannot use the database "hidden.db": another process keeps it locked', {
  hint: 'try again',
});
const bug = new TypeError('secret detail\nand more');

/** Every way into the store fails in the same way. */
function failingStore(failure: Error): Store {
  const fail = async (): Promise<never> => {
    throw failure;
  };
  return {
    ...createMemoryStore(1),
    list: fail,
    get: fail,
    create: fail,
    update: fail,
    remove: fail,
    count: fail,
    revision: fail,
    ping: fail,
  };
}

async function startReporting(options: {
  store: Store;
  settings?: GatewaySettings;
}): Promise<{ app: FastifyInstance; failures: Failure[] }> {
  const failures: Failure[] = [];
  const app = await createGateway({ settings: plainSettings, ...options, report: (failure) => failures.push(failure) });
  onTestFinished(async () => {
    await app.close();
  });
  return { app, failures };
}

const id = '00000000-0000-4000-8000-000000000000';
const requests = [
  { method: 'GET', url: '/tools?limit=3', route: '/tools' },
  { method: 'GET', url: `/tools/${id}`, route: '/tools/:id' },
  { method: 'POST', url: '/tools', payload: { name: 'secret name' }, route: '/tools' },
  { method: 'PUT', url: `/tools/${id}`, payload: { description: 'secret text' }, route: '/tools/:id' },
  { method: 'DELETE', url: `/tools/${id}`, route: '/tools/:id' },
  { method: 'GET', url: '/export', route: '/export' },
  { method: 'GET', url: '/tags', route: '/tags' },
] as const;
const call = { jsonrpc: '2.0', id: 7, method: 'tools/list', params: {} };

const ways = serializerNames.flatMap((serializer) => [false, true].map((cache) => ({ serializer, cache })));
const someSeconds = expect.stringMatching(/^\d+$/) as string;

describe('a database that cannot do it now', () => {
  it.each(ways)('is 503 with Retry-After everywhere, under $serializer, cache $cache', async (responses) => {
    const { app, failures } = await startReporting({
      store: failingStore(locked),
      settings: { ...plainSettings, responses: { ...plainResponses, ...responses } },
    });
    for (const { route, ...request } of requests) {
      const answer = await app.inject(request);
      expect({ request, status: answer.statusCode, retry: answer.headers['retry-after'] }).toEqual({
        request,
        status: 503,
        retry: someSeconds,
      });
      expect(answer.json()).toEqual({
        error: 'Service Unavailable',
        message: 'the database cannot do this now; try again later',
        statusCode: 503,
      });
      expect(failures.splice(0)).toEqual([{ method: request.method, route, statusCode: 503, error: locked }]);
    }
    const answer = await app.inject({ method: 'POST', url: '/rpc', payload: call });
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': someSeconds } });
    const message = 'Internal error: the database cannot do this now; try again later';
    expect(answer.json()).toEqual({ jsonrpc: '2.0', error: { code: -32_603, message }, id: 7 });
    expect(failures.splice(0)).toEqual([{ method: 'POST', route: '/rpc', statusCode: 503, error: locked }]);

    const ready = await app.inject('/ready');
    expect(ready).toMatchObject({ statusCode: 503, headers: { 'retry-after': someSeconds } });
    expect(ready.payload).not.toContain('hidden');
    expect(failures.map(describeFailure)).toEqual([
      '503 GET /ready: cannot use the database "hidden.db": another process keeps it locked; try again',
    ]);
    expect((await app.inject('/health')).statusCode).toBe(200);
  });

  it('is an internal error inside of an MCP session, which stays', async () => {
    const store = createMemoryStore(2);
    const { app, failures } = await startReporting({ store });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
    store.afterRead = () => Promise.reject(locked);
    await expect(client.listTools()).rejects.toMatchObject({
      code: -32_603,
      message: expect.stringContaining('try again later') as string,
    });
    expect(failures).toEqual([{ method: 'POST', route: '/mcp', statusCode: 503, error: locked }]);
    store.afterRead = async () => {};
    expect((await client.listTools()).tools).toHaveLength(2);
    await client.close();
  });

  it('is told by the bare gateway in the same words', async () => {
    const failures: Failure[] = [];
    const bare = createBareGateway({
      store: failingStore(locked),
      settings: plainSettings,
      report: (failure) => failures.push(failure),
    });
    await bare.listen({ host: '127.0.0.1', port: 0 });
    onTestFinished(async () => {
      bare.server.closeAllConnections();
      await bare.close();
    });
    const url = `http://127.0.0.1:${(bare.server.address() as { port: number }).port}`;
    const { app } = await startReporting({ store: failingStore(locked) });
    for (const path of ['/tools?limit=3', `/tools/${id}`]) {
      const answer = await fetch(`${url}${path}`);
      expect({ status: answer.status, retry: answer.headers.get('retry-after') }).toEqual({
        status: 503,
        retry: (await app.inject(path)).headers['retry-after'],
      });
      expect(await answer.text()).toBe((await app.inject(path)).payload);
    }
    const answer = await fetch(`${url}/rpc`, { method: 'POST', body: JSON.stringify(call) });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.text()).toBe((await app.inject({ method: 'POST', url: '/rpc', payload: call })).payload);
    expect(failures.map(({ method, route, statusCode }) => `${statusCode} ${method} ${route}`)).toEqual([
      '503 GET /tools',
      '503 GET /tools',
      '503 POST /rpc',
    ]);
  });
});

describe('a bug', () => {
  it('is 500 without a word about it for the client, and one line for the operator, once', async () => {
    const { app, failures } = await startReporting({ store: failingStore(bug) });
    for (const { route, ...request } of [
      ...requests,
      { method: 'POST', url: '/rpc', payload: call, route: '/rpc' } as const,
    ]) {
      const answer = await app.inject({ ...request, headers: { authorization: 'Bearer secret.token' } });
      expect(answer.statusCode).toBe(500);
      expect(answer.payload).not.toMatch(/secret|\.ts/);
      expect(failures).toHaveLength(1);
      const [line = ''] = failures.splice(0).map(describeFailure);
      expect(line).toMatch(
        /^500 [A-Z]+ \/[a-z]+\S*: TypeError: secret detail\\u\{a\}and more at .*failures\.test\.ts:\d+/,
      );
      expect(line.startsWith(`500 ${request.method} ${route}: `)).toBe(true);
      expect(line).not.toMatch(/secret (?:name|text)|token|\n/);
    }
  });

  it('is told of what is thrown and is no error, and cut where it is long', () => {
    const failure = { method: 'GET', route: '/tools', statusCode: 500 };
    expect(describeFailure({ ...failure, error: 'a text' })).toBe(
      '500 GET /tools: something that is no error was thrown: a text',
    );
    expect(describeFailure({ ...failure, error: new Error('x'.repeat(5_000)) }).length).toBeLessThan(600);
  });
});

describe('the store', () => {
  it('is not ready after a refused write until the database takes one again', async () => {
    const real = await openSqlite(':memory:');
    await migrate(real);
    let failure: Error | undefined;
    let writes = 0;
    const database: Database = {
      ...real,
      async write(statements) {
        writes += 1;
        if (failure !== undefined) throw failure;
        return real.write(statements);
      },
    };
    const store = createStore(database);
    const prompt = { name: 'p', template: 't', arguments: [], enabled: true, tags: [] };
    await store.create('prompts', prompt);
    await store.ping();
    expect(writes).toBe(1);

    failure = locked;
    await store.ping();
    await expect(store.create('prompts', { ...prompt, name: 'q' })).rejects.toBe(locked);
    writes = 0;
    const revision = await store.revision('tools');
    expect((await Promise.allSettled([store.ping(), store.ping(), store.ping()])).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
    ]);
    // Many that ask at once are one question.
    expect(writes).toBe(1);

    failure = undefined;
    await store.ping();
    await store.ping();
    expect(writes).toBe(2);
    expect(await store.revision('tools')).toBe(revision);
    // A name that is taken says nothing against the database.
    await expect(store.create('prompts', prompt)).rejects.toThrow(NameTakenError);
    failure = locked;
    await store.ping();
    await store.close();
  });
});

describe.each(listDatabases().filter(({ outlivesClose }) => outlivesClose))('two gateways on one $name', (place) => {
  beforeAll(() => place.start());
  afterAll(() => place.stop());

  it('let one of two creations, or renamings, with one name pass', async () => {
    const url = await place.create();
    const stores = await Promise.all([openStore({ url }), openStore({ url })]);
    const apps = await Promise.all(stores.map((store) => createGateway({ store, settings: plainSettings })));
    for (let round = 1; round <= 10; round += 1) {
      const answers = await Promise.all(
        apps.map((app) => app.inject({ method: 'POST', url: '/tools', payload: { name: `tool ${round}` } })),
      );
      expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409]);
      const servers = await Promise.all(
        apps.map((app, index) =>
          app.inject({ method: 'POST', url: '/servers', payload: { name: `server ${round} of ${index}` } }),
        ),
      );
      const renamings = await Promise.all(
        apps.map((app, index) =>
          app.inject({
            method: 'PUT',
            url: String(servers[index]?.headers['location']),
            payload: { name: `server ${round}` },
          }),
        ),
      );
      expect(renamings.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
    }
    for (const app of apps)
      expect(new Set((await app.inject('/tools')).json<{ name: string }[]>().map(({ name }) => name)).size).toBe(10);
    await Promise.all([...apps.map((app) => app.close()), ...stores.map((store) => store.close())]);
  });
});

// Why it is skipped is printed by `listDatabases`.
describe.skipIf(skipReason !== undefined)('a PostgreSQL server that goes', () => {
  it('is 503 for whatever needs it, and no bug', async () => {
    const cluster = await startCluster();
    const store = await openStore({ url: await cluster.createDatabase() });
    const { app, failures } = await startReporting({ store });
    expect((await app.inject({ method: 'POST', url: '/tools', payload: { name: 'tool' } })).statusCode).toBe(201);
    await cluster.stop();
    for (const url of ['/tools', '/ready', '/export'])
      expect({ url, status: (await app.inject(url)).statusCode }).toEqual({ url, status: 503 });
    expect((await app.inject({ method: 'POST', url: '/tools', payload: { name: 'other' } })).statusCode).toBe(503);
    expect((await app.inject({ method: 'POST', url: '/rpc', payload: call })).statusCode).toBe(503);
    expect(failures).toHaveLength(5);
    for (const failure of failures)
      expect(describeFailure(failure)).toMatch(
        /^503 \w+ \/\w+: cannot use the database postgres:\/\/127\.0\.0\.1:\d+\/test_1: /,
      );
    await store.close();
  });
});
