/**
 * Servers over HTTP: what probes ask, clients with and without a session, who is let in, and how they end.
 */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startServers } from '../../src/servers/start-servers.ts';
import { connectClient, settingsOf, startTestServers } from './start-test-servers.ts';

const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

function call(url: string, options: { body?: unknown; headers?: Record<string, string> } = {}): Promise<Response> {
  const body = options.body ?? { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'benchmark_tool_1' } };
  return fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { ...headers, ...options.headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** A loopback address that nobody else is likely to listen on; only Linux has more than one without being told. */
function addressOfOurOwn(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

describe('a server', () => {
  it('says that it is healthy, and which one it is', async () => {
    const [{ url, name }] = await startTestServers('benchmark');
    expect(await (await fetch(`${url}/health`)).json()).toEqual({
      status: 'healthy',
      uptime_seconds: expect.any(Number) as number,
    });
    expect(await (await fetch(`${url}/version`)).json()).toEqual({
      name,
      version: expect.stringMatching(/^\d/) as string,
    });
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/health`, { method: 'POST' })).status).toBe(405);
  });

  it('answers calls of clients that have no session', async () => {
    const [{ url }] = await startTestServers('benchmark');
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(url).then((response) => response.json())));
    for (const answer of answers) expect(answer).toMatchObject({ id: 1, result: { isError: false } });
    expect(await (await call(url, { body: { jsonrpc: '2.0', id: 2, method: 'ping' } })).json()).toMatchObject({
      id: 2,
      result: {},
    });
    expect((await call(url, { body: { jsonrpc: '2.0', method: 'notifications/initialized' } })).status).toBe(202);
    const unknown = await call(url, { body: { jsonrpc: '2.0', id: 3, method: 'tools/other' } });
    expect(await unknown.json()).toMatchObject({ error: { code: -32_601 } });
  });

  it('opens sessions, each an own one, and ends them', async () => {
    const [{ url }] = await startTestServers('benchmark');
    const [first, second] = await Promise.all([connectClient(url), connectClient(url)]);
    const ids = [first, second].map(({ transport }) => transport?.sessionId);
    expect(new Set(ids).size).toBe(2);
    const session = { 'mcp-session-id': ids[0] ?? '' };
    expect((await fetch(`${url}/mcp`, { method: 'DELETE', headers: session })).status).toBe(200);
    expect((await call(url, { headers: session })).status).toBe(404);
    expect((await second.listTools()).tools).toHaveLength(5);
    expect((await fetch(`${url}/mcp`, { headers: { accept: 'text/event-stream' } })).status).toBe(400);
  });

  it('asks for its token under /mcp alone', async () => {
    const [{ url }] = await startTestServers('benchmark', { token: 'secret' });
    expect((await call(url)).status).toBe(401);
    expect((await call(url, { headers: { authorization: 'Bearer secreT' } })).status).toBe(401);
    expect((await call(url, { headers: { authorization: 'Bearer secret' } })).status).toBe(200);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it.each([
    ['a body that is no JSON', '{', 400],
    ['a body beyond the limit', JSON.stringify({ text: 'x'.repeat(1024 * 1024) }), 413],
    ['what is no message', { hello: 'world' }, 400],
  ])('refuses %s', async (_title, body, status) => {
    const [{ url }] = await startTestServers('benchmark');
    const response = await call(url, { body });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('error');
  });

  it('refuses pages of others', async () => {
    const [{ url }] = await startTestServers('benchmark');
    expect((await call(url, { headers: { origin: 'https://attacker.example' } })).status).toBe(403);
    expect((await call(url, { headers: { origin: 'http://localhost:3000' } })).status).toBe(200);
  });

  it('answers what runs before it stops, and takes nothing new', async () => {
    const [server] = await startTestServers('everything');
    const { url } = server;
    const running = call(url, {
      body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'test_tool_with_progress' } },
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const stopped = server.stop(5000);
    const response = await running;
    expect(response.headers.get('connection')).not.toBe('keep-alive');
    expect(await response.json()).toMatchObject({ result: { content: [{ type: 'text' }] } });
    await stopped;
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
  });

  it('does not wait for a client that only listens', async () => {
    const [server] = await startTestServers('benchmark');
    const client = await connectClient(server.url);
    const stream = await fetch(`${server.url}/mcp`, {
      headers: { accept: 'text/event-stream', 'mcp-session-id': client.transport?.sessionId ?? '' },
    });
    // The client may have opened its own already; either way somebody listens.
    expect([200, 409]).toContain(stream.status);
    await server.stop(60_000);
    await stream.text();
  });
});

describe('many servers', () => {
  it('start all or none, and name the port that was taken', async () => {
    // On 127.0.0.1 the port below may be another program's, at any moment.
    const host = addressOfOurOwn();
    const taken = createServer();
    onTestFinished(() => void taken.close());
    await new Promise<void>((resolve) => void taken.listen(0, host, resolve));
    const { port } = taken.address() as AddressInfo;
    const settings = await settingsOf('benchmark');
    const options = { settings, host, allowedHosts: [], token: undefined };
    await expect(startServers({ ...options, count: 3, startPort: port - 1 })).rejects.toThrow(
      `cannot listen on "${host}" port ${port}: the port is taken`,
    );
    // What had started before is gone.
    await expect(fetch(`http://${host}:${port - 1}/health`)).rejects.toThrow('fetch failed');
  });

  it('are a hundred in one process', async () => {
    const servers = await startTestServers('benchmark', { count: 100 });
    const statuses = await Promise.all(servers.map(async ({ url }) => (await fetch(`${url}/health`)).status));
    expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
  });
});
