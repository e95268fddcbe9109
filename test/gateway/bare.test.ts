/**
 * The bare gateway answers as the whole one does, byte for byte, and nothing that it was not asked to.
 */
import { once } from 'node:events';
import http from 'node:http';

import { describe, expect, it, onTestFinished } from 'vitest';

import { createGateway } from '../../src/gateway/app.ts';
import { createBareGateway } from '../../src/gateway/bare.ts';
import { entityKinds } from '../../src/gateway/entities/entity.ts';
import { type GatewaySettings, type ResponseSettings, serializerNames } from '../../src/gateway/settings.ts';
import { stopGateway } from '../../src/gateway/shutdown.ts';
import { plainResponses, plainSettings } from './start-gateway.ts';
import { type MemoryStore, createMemoryStore, readFirst } from './store/memory-store.ts';

/** Enough for lists to be written in more than one way: whole, and in chunks. */
const store = createMemoryStore(40);
const toolName = String((await readFirst(store, 'tools'))['name']);
const cursor = String((await store.list('tools', { limit: 2 })).nextCursor);

function settingsWith(responses: Partial<ResponseSettings>): GatewaySettings {
  return { ...plainSettings, responses: { ...plainResponses, ...responses } };
}

type Start = (options: { store: MemoryStore; settings: GatewaySettings }) => Promise<string>;

const startWhole: Start = async (options) => {
  const app = await createGateway(options);
  onTestFinished(async () => {
    await app.close();
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
};

const startBare: Start = async (options) => {
  const bare = createBareGateway(options);
  onTestFinished(async () => {
    bare.server.closeAllConnections();
    await bare.close();
  });
  await bare.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(bare.server.address() as { port: number }).port}`;
};

interface Call {
  readonly path: string;
  readonly message?: object | string;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** By node:http, because it shows headers as they were sent. */
async function ask(url: string, { path, message }: Call): Promise<Answer> {
  const method = message === undefined ? 'GET' : 'POST';
  const request = http.request(`${url}${path}`, {
    method,
    ...(message === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
  });
  request.end(message === undefined || typeof message === 'string' ? message : JSON.stringify(message));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const pieces = (await response.toArray()) as Buffer[];
  const { date: _date, ...headers } = response.headers;
  return { status: response.statusCode, headers, body: Buffer.concat(pieces).toString() };
}

function rpc(id: number, method: string, params?: object): Call {
  return { path: '/rpc', message: { jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) } };
}
const single = await Promise.all(
  entityKinds.map(async (kind) => ({ path: `/${kind}/${(await readFirst(store, kind)).id}` })),
);
const calls: readonly Call[] = [
  { path: '/health' },
  ...entityKinds.flatMap((kind) => [
    { path: `/${kind}` },
    { path: `/${kind}?include_pagination=true&limit=7` },
    { path: `/${kind}?limit=3` },
  ]),
  ...single,
  { path: `/tools?include_pagination=true&limit=5&cursor=${cursor}` },
  rpc(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }),
  rpc(2, 'ping'),
  rpc(3, 'tools/list'),
  rpc(4, 'tools/list', { limit: 3 }),
  rpc(5, 'resources/list'),
  rpc(6, 'prompts/list'),
  rpc(7, 'tools/call', { name: toolName, arguments: {} }),
  rpc(8, 'tools/call', { name: 'none of this name' }),
  rpc(9, 'nothing/here'),
  // A notification, which has no answer; a message that is none; and no JSON.
  { path: '/rpc', message: { jsonrpc: '2.0', method: 'notifications/initialized' } },
  { path: '/rpc', message: [] },
  { path: '/rpc', message: '{"jsonrpc":' },
  { path: '/nothing' },
  { path: '/toolsets' },
  { path: '/tools?cursor=abc' },
];

describe.for(serializerNames)('the bare gateway under %s', (serializer) => {
  it('gives the status, headers and bytes of the whole one', async () => {
    const options = { store, settings: settingsWith({ serializer }) };
    const [whole, bare] = [await startWhole(options), await startBare(options)];
    for (const call of calls) {
      const expected = await ask(whole, call);
      // Fastify closes the connection where it could not read a body.
      const { connection: _whole, 'keep-alive': _time, ...headers } = expected.headers;
      const { connection: _bare, 'keep-alive': _sameTime, ...given } = (await ask(bare, call)).headers;
      expect({ call, ...(await ask(bare, call)), headers: given }).toEqual({ call, ...expected, headers });
    }
  });

  it('gives what the store holds', async () => {
    const bare = await startBare({ store, settings: settingsWith({ serializer }) });
    for (const kind of entityKinds) {
      const { body } = await ask(bare, { path: `/${kind}` });
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify((await store.list(kind)).items)));
    }
    const listed = JSON.parse((await ask(bare, rpc(1, 'tools/list'))).body) as { result: { tools: object[] } };
    expect(listed.result.tools).toHaveLength(40);
  });
});

describe('the bare gateway', () => {
  it('answers HEAD as GET, and the conditions of one entity', async () => {
    const bare = await startBare({ store, settings: settingsWith({}) });
    const { path } = single[0] as Call;
    for (const [address, status] of [
      ['/tools', 200],
      [path, 200],
      ['/health', 200],
      ['/tools?limit=0', 422],
      ['/nothing', 404],
    ] as const) {
      const [get, head] = await Promise.all(['GET', 'HEAD'].map((method) => fetch(`${bare}${address}`, { method })));
      expect([get?.status, head?.status]).toEqual([status, status]);
      expect(head?.headers.get('content-length')).toBe(get?.headers.get('content-length'));
      expect(await head?.text()).toBe('');
    }
    const tag = String((await fetch(`${bare}${path}`)).headers.get('etag'));
    for (const [headers, status] of [
      [{ 'if-none-match': `W/${tag}` }, 304],
      [{ 'if-none-match': '"x"' }, 200],
      [{ 'if-match': '"x"' }, 412],
    ] as const) {
      expect((await fetch(`${bare}${path}`, { headers })).status).toBe(status);
    }
  });

  it('knows no layers: other methods and paths are not there, and an Accept-Encoding changes nothing', async () => {
    const bare = await startBare({ store, settings: settingsWith({ compression: 'gzip', cache: true }) });
    for (const path of ['/ready', '/version', '/tags', '/export', '/events', '/openapi.json', '/mcp', '/']) {
      expect({ path, status: (await ask(bare, { path })).status }).toEqual({ path, status: 404 });
    }
    expect((await ask(bare, { path: '/tools', message: { name: 'new' } })).status).toBe(404);
    const packed = await fetch(`${bare}/tools`, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).toBeNull();
    expect(packed.headers.get('etag')).toBeNull();
  });

  it('reads no more of a body than it may', async () => {
    const bare = await startBare({ store, settings: settingsWith({}) });
    const answer = await ask(bare, { path: '/rpc', message: `"${'x'.repeat(70_000)}"` });
    expect(answer.status).toBe(413);
    expect(answer.headers.connection).toBe('close');
  });

  it('closes the connection after each response where keep-alive is off', async () => {
    const bare = await startBare({ store, settings: settingsWith({ keepAlive: false }) });
    for (const call of [{ path: '/health' }, { path: '/nothing' }, rpc(1, 'ping')])
      expect((await ask(bare, call)).headers.connection).toBe('close');
  });

  it('says that its port is taken as the whole one does', async () => {
    const url = new URL(await startBare({ store, settings: settingsWith({}) }));
    const second = createBareGateway({ store, settings: settingsWith({}) });
    await expect(second.listen({ host: url.hostname, port: Number(url.port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await second.close();
  });

  it('lets a running request finish and closes the store last', async () => {
    const own = createMemoryStore(3);
    const bare = createBareGateway({ store: own, settings: settingsWith({}) });
    await bare.listen({ host: '127.0.0.1', port: 0 });
    const [held, wasRead] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    own.afterRead = () => (wasRead.resolve(), held.promise);
    const running = ask(`http://127.0.0.1:${(bare.server.address() as { port: number }).port}`, { path: '/tools' });
    await wasRead.promise;
    const stopping = stopGateway(bare, { store: own, drainMs: 1000 });
    expect(own.isClosed).toBe(false);
    held.resolve();
    expect(JSON.parse((await running).body)).toHaveLength(3);
    await stopping;
    expect(own.isClosed).toBe(true);
  });
});
