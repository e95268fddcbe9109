/**
 * /mcp as the official SDK's client sees it, and as clients see it that do not keep to the protocol.
 */
import { setTimeout as wait } from 'node:timers/promises';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished } from 'vitest';

import { issueToken } from '../../../../src/gateway/http/auth.ts';
import { serializerNames } from '../../../../src/gateway/settings.ts';
import { startGateway } from '../../start-gateway.ts';
import { startMcp, toolInput } from '../start-mcp.ts';

async function connect(url: string): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`));
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { client, transport };
}

async function listNames(
  client: Client,
  betweenPages: (page: number) => Promise<void> = async () => {},
): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  for (let page = 1; page === 1 || cursor !== undefined; page += 1) {
    const answer = await client.listTools(cursor === undefined ? {} : { cursor });
    names.push(...answer.tools.map(({ name }) => name));
    cursor = answer.nextCursor;
    await betweenPages(page);
  }
  return names;
}

const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const opening = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

function post(url: string, message: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return fetch(`${url}/mcp`, { method: 'POST', headers: { ...jsonHeaders, ...headers }, body });
}

/** The header that goes on with a session of its own. */
async function openSession(url: string): Promise<{ 'mcp-session-id': string }> {
  const response = await post(url, opening);
  expect(response.status).toBe(200);
  return { 'mcp-session-id': response.headers.get('mcp-session-id') as string };
}

async function errorCode(response: Response): Promise<number | undefined> {
  return ((await response.json()) as { error?: { code: number } }).error?.code;
}

/** Waits until something holds that another process or timer brings about. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !holds(); turn += 1) await wait(25);
}

describe('/mcp with the official client', () => {
  it.each(serializerNames)('lists 1,000 tools page by page, each exactly once, through %s', async (serializer) => {
    const { url, store } = await startMcp({ items: 1_000, serializer });
    const { client } = await connect(url);
    const { items } = await store.list('tools');
    expect(await listNames(client)).toEqual(items.map(({ name }) => name));
  });

  it('sends every answer through the reply serializer', async () => {
    const sent: unknown[] = [];
    const { url } = await startMcp({ items: 3, onReply: (value) => sent.push(value) });
    const { client } = await connect(url);
    const { tools } = await client.listTools();
    await expect(client.callTool({ name: 'no such tool' })).rejects.toThrow('Unknown tool');
    expect(sent).toMatchObject([
      { result: { protocolVersion: '2025-11-25' } },
      { result: { tools } },
      { error: { code: -32_602 } },
    ]);
  });

  it('goes on where tools are deleted and added between pages', async () => {
    const { url, store } = await startMcp({ items: 200 });
    const { client } = await connect(url);
    const { items } = await store.list('tools');
    const gone = [items[10], items[150]].map((tool) => String(tool?.id));
    const names = await listNames(client, async (page) => {
      if (page === 1) for (const id of gone) await store.remove('tools', id);
      if (page === 2) await store.create('tools', toolInput('newcomer'));
    });
    expect(names).toEqual([...items.filter(({ id }) => String(id) !== gone[1]).map(({ name }) => name), 'newcomer']);
  });

  it('calls tools, whose results fit their own schemas', async () => {
    const { url, store } = await startMcp({ items: 300 });
    const outputSchema = {
      type: 'object',
      properties: { count: { type: 'integer', minimum: 3 }, at: { type: 'string', format: 'date-time' } },
      required: ['count', 'at'],
    };
    await store.create('tools', toolInput('with_output', { outputSchema }));
    await store.create('tools', toolInput('without_output'));
    const { client } = await connect(url);
    // The client remembers output schemas from the list and refuses results that do not fit.
    await listNames(client);
    expect(await client.callTool({ name: 'without_output', arguments: { query: 'x' } })).toMatchObject({
      structuredContent: { tool: 'without_output', arguments: { query: 'x' } },
      isError: false,
    });
    expect(await client.callTool({ name: 'with_output', arguments: { query: 'x' } })).toMatchObject({
      structuredContent: { count: 3 },
    });
    expect(await client.callTool({ name: 'with_output', arguments: {} })).toMatchObject({ isError: true });
    await expect(client.callTool({ name: 'no such tool' })).rejects.toMatchObject({ code: -32_602 });
  });

  it('reads resources and gets prompts', async () => {
    const { url } = await startMcp();
    const { client } = await connect(url);
    const { resources } = await client.listResources();
    const uri = resources[3]?.uri as string;
    expect((await client.readResource({ uri })).contents[0]?.uri).toBe(uri);
    await expect(client.readResource({ uri: 'resource://no/such' })).rejects.toMatchObject({ code: -32_002 });
    const { prompts } = await client.listPrompts();
    const name = prompts[2]?.name as string;
    const { messages } = await client.getPrompt({ name, arguments: { text: 'words' } });
    expect(messages[0]).toMatchObject({ role: 'user', content: { type: 'text' } });
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
    await client.ping();
  });

  it('tells of many changes in few notifications', async () => {
    const { url, store } = await startMcp();
    const { client } = await connect(url);
    const told: string[] = [];
    client.setNotificationHandler(ToolListChangedNotificationSchema, ({ method }) => void told.push(method));
    // The client opens its stream after connect has returned; until then nobody could be told.
    for (let turn = 0; told.length === 0; turn += 1) {
      await store.create('tools', toolInput(`tool ${turn}`));
      await wait(100);
    }
    const before = told.length;
    const begunMs = performance.now();
    for (let count = 0; count < 100; count += 1) await store.create('tools', toolInput(`more ${count}`));
    await until(() => told.length > before);
    await wait(200);
    // One is told after each pause that changes are gathered in (50 ms, less a little for timers), however long all
    // this took.
    expect(told.length - before).toBeLessThanOrEqual(2 + (performance.now() - begunMs) / 45);
  });

  it('answers many requests at once, each its own', async () => {
    const { url, store } = await startMcp();
    await store.create('tools', toolInput('look_up'));
    const { client } = await connect(url);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        client.callTool({ name: 'look_up', arguments: { query: String(index) } }),
      ),
    );
    expect(
      answers.map(({ structuredContent }) => (structuredContent as { arguments: { query: string } }).arguments.query),
    ).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  });

  it('ends a session by DELETE', async () => {
    const { url } = await startMcp();
    const { client, transport } = await connect(url);
    const headers = { 'mcp-session-id': transport.sessionId as string };
    await transport.terminateSession();
    expect((await post(url, { jsonrpc: '2.0', id: 1, method: 'ping' }, headers)).status).toBe(404);
    await client.close();
  });
});

describe('/mcp with any client', () => {
  it('asks for the headers of the protocol', async () => {
    const { url } = await startMcp();
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const session = await openSession(url);
    expect((await post(url, opening, { accept: 'application/json' })).status).toBe(406);
    expect((await post(url, opening, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(url, ping)).status).toBe(400);
    expect((await post(url, ping, { 'mcp-session-id': 'no such session' })).status).toBe(404);
    expect((await post(url, ping, { ...session, 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
    expect((await post(url, opening, session)).status).toBe(400);
    expect((await post(url, ping, session)).status).toBe(200);
    expect((await fetch(`${url}/mcp`, { headers: { accept: 'text/event-stream' } })).status).toBe(400);
    expect((await fetch(`${url}/mcp`, { headers: { ...session, accept: 'application/json' } })).status).toBe(406);
    const head = await fetch(`${url}/mcp`, { method: 'HEAD', headers: { ...session, accept: 'text/event-stream' } });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    // It opened no stream that would be in the way of one that is read.
    const stream = await fetch(`${url}/mcp`, { headers: { ...session, accept: 'text/event-stream' } });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    expect((await fetch(`${url}/mcp`, { method: 'DELETE' })).status).toBe(400);
  });

  it('answers hostile messages by the standard codes', async () => {
    const { url } = await startMcp();
    const session = await openSession(url);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const cases: [body: string, status: number, code: number][] = [
      ['{"jsonrpc":"2.0",', 400, -32_700],
      ['{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{"a":1}}', 400, -32_700],
      ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32_600],
      ['{"jsonrpc":"2.0","id":{},"method":"ping"}', 400, -32_600],
      [`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${deep}}}`, 400, -32_600],
      ['{"jsonrpc":"2.0","id":1,"method":"no/such"}', 200, -32_601],
      ['{"jsonrpc":"2.0","id":1,"method":"toString"}', 200, -32_601],
      ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}', 200, -32_602],
    ];
    for (const [body, status, code] of cases) {
      const response = await post(url, body, session);
      expect({ body: body.slice(0, 80), status: response.status, code: await errorCode(response) }).toEqual({
        body: body.slice(0, 80),
        status,
        code,
      });
    }
  });

  it('lists no more by a batch than by one message, and takes no batch without end', async () => {
    const { url } = await startMcp({ items: 3 });
    const session = { ...(await openSession(url)), 'mcp-protocol-version': '2025-03-26' };
    const lists = (count: number, params: object = {}) =>
      Array.from({ length: count }, (_, id) => ({ jsonrpc: '2.0', id, method: 'tools/list', params }));
    const cases: [batch: object[], status: number][] = [
      [lists(10), 200],
      [lists(11), 400],
      [lists(1, { limit: 500 }), 200],
      [lists(2, { limit: 1e9 }), 400],
      [[...lists(1, { limit: -1e9 }), ...lists(12)], 400],
      [Array.from({ length: 50 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' })), 200],
      [Array.from({ length: 51 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' })), 400],
    ];
    for (const [batch, status] of cases)
      expect({ batch, status: (await post(url, batch, session)).status }).toEqual({ batch, status });
  });

  it('takes batches of the one revision that has them', async () => {
    const { url } = await startMcp();
    const session = await openSession(url);
    const batch = [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'resources/templates/list' }));
    const old = await post(url, batch, { ...session, 'mcp-protocol-version': '2025-03-26' });
    expect(await old.json()).toEqual([1, 2].map((id) => ({ result: { resourceTemplates: [] }, jsonrpc: '2.0', id })));
    const current = await post(url, batch, { ...session, 'mcp-protocol-version': '2025-11-25' });
    expect({ status: current.status, code: await errorCode(current) }).toEqual({ status: 400, code: -32_600 });
  });

  it('leaves no request without an answer', async () => {
    const { url, store } = await startMcp();
    const session = await openSession(url);
    let release = (): void => {};
    store.afterRead = () => new Promise((resolve) => (release = resolve));
    const list = { jsonrpc: '2.0', id: 5, method: 'tools/list' };
    const first = post(url, list, session);
    await wait(50);
    const second = await post(url, list, session);
    expect({ status: second.status, code: await errorCode(second) }).toEqual({ status: 400, code: -32_600 });
    const cancelled = await post(
      url,
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } },
      session,
    );
    expect({ status: cancelled.status, text: await cancelled.text() }).toEqual({ status: 202, text: '' });
    release();
    expect((await first).status).toBe(200);
    const third = post(url, list, session);
    await wait(50);
    expect((await fetch(`${url}/mcp`, { method: 'DELETE', headers: session })).status).toBe(200);
    expect((await third).status).toBe(404);
    release();
  });

  it('keeps a session for who opened it', async () => {
    let caller = 'amara';
    const { url } = await startMcp({ caller: () => caller });
    const session = await openSession(url);
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    expect((await post(url, ping, session)).status).toBe(200);
    caller = 'boris';
    expect((await post(url, ping, session)).status).toBe(404);
    expect((await fetch(`${url}/mcp`, { method: 'DELETE', headers: session })).status).toBe(404);
    caller = 'amara';
    expect((await post(url, ping, session)).status).toBe(200);
  });

  it('ends the session that was not used for longest where there are too many', async () => {
    const { url } = await startMcp({ sessions: { most: 2, mostOfCaller: 2, idleMs: 60_000 } });
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const [first, second] = [await openSession(url), await openSession(url)];
    await post(url, ping, first);
    const third = await openSession(url);
    const statuses = await Promise.all(
      [first, second, third].map(async (session) => (await post(url, ping, session)).status),
    );
    expect(statuses).toEqual([200, 404, 200]);
  });

  it('ends idle sessions, and none with an open stream', async () => {
    const { url } = await startMcp({ sessions: { most: 10, mostOfCaller: 10, idleMs: 300 } });
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const [idle, streaming] = [await openSession(url), await openSession(url)];
    const stop = new AbortController();
    const stream = await fetch(`${url}/mcp`, {
      headers: { ...streaming, accept: 'text/event-stream' },
      signal: stop.signal,
    });
    expect({ status: stream.status, type: stream.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'text/event-stream',
    });
    const another = await fetch(`${url}/mcp`, { headers: { ...streaming, accept: 'text/event-stream' } });
    expect(another.status).toBe(409);
    await wait(900);
    expect((await post(url, ping, idle)).status).toBe(404);
    expect((await post(url, ping, streaming)).status).toBe(200);
    stop.abort();
    await wait(900);
    expect((await post(url, ping, streaming)).status).toBe(404);
  });

  it('closes with streams open', async () => {
    const { app, url } = await startMcp();
    const session = await openSession(url);
    const stream = await fetch(`${url}/mcp`, { headers: { ...session, accept: 'text/event-stream' } });
    const reading = stream.text();
    await app.close();
    expect(await reading).toBe('');
  });
});

describe('the whole gateway', () => {
  it('asks for a token here as everywhere, and answers in the same form', async () => {
    const auth = { secret: 'a secret of this test, long enough' };
    const { app } = await startGateway({ auth, responses: { serializer: 'fast-json-stringify', compression: 'gzip' } });
    const payload = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    for (const url of ['/rpc', '/mcp']) {
      const refused = await app.inject({ method: 'POST', url, payload });
      expect({ url, status: refused.statusCode, body: refused.json<object>() }).toMatchObject({
        url,
        status: 401,
        body: { statusCode: 401 },
      });
    }
    const authorization = `Bearer ${await issueToken(auth, { subject: 'amara', lifetimeSeconds: 60 })}`;
    const answer = await app.inject({ method: 'POST', url: '/rpc', payload, headers: { authorization } });
    expect(answer.json<{ result: { tools: unknown[] } }>().result.tools).toHaveLength(5);
    const opened = await app.inject({
      method: 'POST',
      url: '/mcp',
      payload: opening,
      headers: { ...jsonHeaders, authorization },
    });
    const session = { 'mcp-session-id': String(opened.headers['mcp-session-id']), authorization };
    const other = `Bearer ${await issueToken(auth, { subject: 'boris', lifetimeSeconds: 60 })}`;
    const listed = await app.inject({ method: 'POST', url: '/mcp', payload, headers: { ...jsonHeaders, ...session } });
    expect(listed.json()).toEqual(answer.json());
    const foreign = await app.inject({
      method: 'POST',
      url: '/mcp',
      payload,
      headers: { ...jsonHeaders, ...session, authorization: other },
    });
    expect(foreign.statusCode).toBe(404);
  });
});
