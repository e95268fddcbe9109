/**
 * The transport for the official MCP SDK, asked by its own client over node:http.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server as HttpServer, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { CreateMessageRequestSchema, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';

import { McpTransport, type McpTransportOptions } from '../src/mcp.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';

interface Started {
  readonly url: string;
  readonly server: Server;
  readonly transport: McpTransport;
}

const http: HttpServer[] = [];
const clients: Client[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const one of http.splice(0)) {
    one.closeAllConnections();
    one.close();
  }
});

const createdAt = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678));

/** A server whose tools answer, tell progress, ask back, never end, or answer when they are told. */
function createTools(waiting: Map<string, () => void> = new Map()): Server {
  const server = new Server(
    { name: 'test', version: '1' },
    { capabilities: { tools: { listChanged: true }, logging: {} } },
  );
  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    if (method === 'tools/list')
      return { tools: [{ name: 'date', inputSchema: { type: 'object' }, _meta: { createdAt } }] };
    const { name, arguments: given = {} } = params as { name: string; arguments?: Record<string, unknown> };
    const text = (words: string): object => ({ content: [{ type: 'text', text: words }] });
    if (name === 'progress') {
      const { progressToken } = (params as Record<string, { progressToken: string }>)['_meta'] as {
        progressToken: string;
      };
      for (const progress of [1, 2]) {
        const notification = { method: 'notifications/progress', params: { progressToken, progress, total: 2 } };
        await extra.sendNotification(notification);
      }
      return text('done');
    }
    if (name === 'ask') {
      const question = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } } as ServerRequest;
      const answer = await extra.sendRequest(question, ResultSchema);
      return text(JSON.stringify(answer['content']));
    }
    if (name === 'wait') {
      await new Promise<void>((resolve, reject) => {
        waiting.set(String(given['key']), resolve);
        extra.signal.addEventListener('abort', () => reject(new Error('cancelled')));
      });
    }
    return text(`${name} ${JSON.stringify(given)}`);
  };
  return server;
}

async function start(server: Server, options: McpTransportOptions): Promise<Started> {
  const transport = new McpTransport(options);
  await server.connect(transport);
  const listening = createServer((request, response) => {
    void readBody(request).then((body) => transport.handle(request, response, body));
  });
  http.push(listening);
  const { promise, resolve } = Promise.withResolvers<void>();
  listening.listen(0, '127.0.0.1', resolve);
  await promise;
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, server, transport };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  try {
    return JSON.parse(Buffer.concat(pieces).toString()) as unknown;
  } catch {
    return undefined;
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'client', version: '1' }, { capabilities: { sampling: {} } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  clients.push(client);
  return client;
}

const withSession = (): McpTransportOptions => ({
  serializer: createResponseSerializer(),
  createSessionId: randomUUID,
});

const accept = 'application/json, text/event-stream';
const json = { 'content-type': 'application/json', accept };

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: text });
}

async function open(url: string): Promise<Record<string, string>> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  const response = await post(url, { jsonrpc: '2.0', id: 0, method: 'initialize', params });
  await response.text();
  return { 'mcp-session-id': response.headers.get('mcp-session-id') ?? '' };
}

describe.each([
  ['with a session', withSession],
  ['without a session', (): McpTransportOptions => ({ serializer: createResponseSerializer() })],
  ['by JSON.stringify', (): McpTransportOptions => ({ createSessionId: randomUUID })],
])('the official client, %s', (_title, options) => {
  it('gets lists and answers', async () => {
    const { url } = await start(createTools(), options());
    const client = await connect(url);
    const { tools } = await client.listTools();
    expect(tools[0]).toMatchObject({ name: 'date', _meta: { createdAt: createdAt.toISOString() } });
    expect(await client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({
      content: [{ text: 'echo {"a":1}' }],
    });
    await expect(client.ping()).resolves.toEqual({});
  });

  it('gets progress before the answer', async () => {
    const { url } = await start(createTools(), options());
    const client = await connect(url);
    const seen: number[] = [];
    const answer = await client.callTool({ name: 'progress' }, undefined, {
      onprogress: ({ progress }) => void seen.push(progress),
    });
    expect(seen).toEqual([1, 2]);
    expect(answer).toMatchObject({ content: [{ text: 'done' }] });
  });

  it('is asked back while its own request runs', async () => {
    const { url } = await start(createTools(), options());
    const client = await connect(url);
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      model: 'm',
      role: 'assistant' as const,
      content: { type: 'text' as const, text: 'yes' },
    }));
    expect(await client.callTool({ name: 'ask' })).toMatchObject({
      content: [{ text: JSON.stringify({ type: 'text', text: 'yes' }) }],
    });
  });
});

describe('answers', () => {
  it('are one JSON body of the serializer where nothing comes before them', async () => {
    const { url } = await start(createTools(), withSession());
    const session = await open(url);
    const response = await post(url, { jsonrpc: '2.0', id: 'a', method: 'tools/list' }, session);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('mcp-session-id')).toBe(session['mcp-session-id']);
    expect(await response.json()).toMatchObject({
      id: 'a',
      result: { tools: [{ _meta: { createdAt: createdAt.toISOString() } }] },
    });
  });

  it('find clients without a session that count alike', async () => {
    const waiting = new Map<string, () => void>();
    const { url } = await start(createTools(waiting), { serializer: createResponseSerializer() });
    const call = (key: string): Promise<Response> =>
      post(url, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait', arguments: { key } } });
    const [first, second] = [call('first'), call('second')];
    await expect.poll(() => waiting.size).toBe(2);
    waiting.get('second')?.();
    expect(await (await second).json()).toMatchObject({
      id: 1,
      result: { content: [{ text: 'wait {"key":"second"}' }] },
    });
    waiting.get('first')?.();
    expect(await (await first).json()).toMatchObject({
      id: 1,
      result: { content: [{ text: 'wait {"key":"first"}' }] },
    });
  });

  it('to a batch come together', async () => {
    const { url } = await start(createTools(), withSession());
    const session = await open(url);
    const messages = [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: `tool${id}` } }));
    const answers = (await (await post(url, messages, session)).json()) as { id: number }[];
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, 2]));
  });

  it('are not waited for once a request was cancelled, nor when the session ends', async () => {
    const waiting = new Map<string, () => void>();
    const { url, transport } = await start(createTools(waiting), withSession());
    const session = await open(url);
    const call = (id: number): Promise<Response> =>
      post(
        url,
        { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'wait', arguments: { key: id } } },
        session,
      );
    const cancelled = call(7);
    await expect.poll(() => waiting.has('7')).toBe(true);
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
    expect((await post(url, cancel, session)).status).toBe(202);
    expect(await (await cancelled).text()).toBe('');
    const left = call(8);
    await expect.poll(() => waiting.has('8')).toBe(true);
    await transport.close();
    expect((await left).status).toBe(404);
    expect((await call(9)).status).toBe(404);
  });

  it('that nobody waits for are an error of the server', async () => {
    const { transport } = await start(createTools(), withSession());
    await expect(transport.send({ jsonrpc: '2.0', id: 99, result: {} })).rejects.toThrow('no request waits');
  });
});

describe('a stream of the client', () => {
  it('gets what is about no request, comments while it is quiet, and an end', async () => {
    const { url, server, transport } = await start(createTools(), { ...withSession(), keepAliveMs: 20 });
    const session = await open(url);
    const response = await fetch(url, { headers: { ...session, accept: 'text/event-stream' } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(transport.hasStream).toBe(true);
    expect((await fetch(url, { headers: { ...session, accept: 'text/event-stream' } })).status).toBe(409);
    await server.notification({ method: 'notifications/tools/list_changed' });
    setTimeout(() => transport.closeStream(), 100);
    const text = await response.text();
    expect(text).toContain('event: message\ndata: {"method":"notifications/tools/list_changed","jsonrpc":"2.0"}\n\n');
    expect(text).toContain(': keep-alive\n\n');
    expect((await fetch(url, { headers: { ...session, accept: 'text/event-stream' } })).status).toBe(200);
  });
});

describe('what is refused', () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

  it.each([
    ['a client that takes no events', list, { accept: 'application/json' }, 406],
    ['another type of body', list, { 'content-type': 'text/plain' }, 415],
    ['no JSON', '{', {}, 400],
    ['no message', { id: 1 }, {}, 400],
    ['an empty batch', [], {}, 400],
    ['an id that is no id', { ...list, id: 1.5 }, {}, 400],
    ['parameters that are a list', { ...list, params: [1] }, {}, 400],
    ['an unknown revision', list, { 'mcp-protocol-version': '1999-01-01' }, 400],
    ['another session', list, { 'mcp-session-id': 'other' }, 404],
    ['a second beginning', { ...list, method: 'initialize' }, {}, 400],
  ])('%s', async (_title, body, headers, status) => {
    const { url } = await start(createTools(), withSession());
    const session = await open(url);
    const response = await post(url, body, { ...session, ...headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      jsonrpc: '2.0',
      error: { code: expect.any(Number) as number },
      id: null,
    });
  });

  it('requests before the beginning, or without the session', async () => {
    const { url } = await start(createTools(), withSession());
    expect((await post(url, list)).status).toBe(400);
    await open(url);
    expect((await post(url, list)).status).toBe(400);
  });

  it('other methods, and anything after the end', async () => {
    const { url } = await start(createTools(), withSession());
    const session = await open(url);
    expect((await fetch(url, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(url, { method: 'DELETE', headers: session })).status).toBe(200);
    expect((await post(url, list, session)).status).toBe(404);
  });
});
