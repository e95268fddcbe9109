/**
 * What operators and other programs ask beside entities: metrics, states, what a virtual server has, texts for crawlers.
 */
import { describe, expect, it } from 'vitest';

import { connectClient, startTestServers } from '../../servers/start-test-servers.ts';
import { startGateway } from '../start-gateway.ts';
import { readAll } from '../store/memory-store.ts';
import { startFederation } from '../upstreams/start-federation.ts';

describe('GET /metrics', () => {
  it('counts requests by their routes, and calls of servers behind the gateway', async () => {
    const [server] = await startTestServers('benchmark');
    const { url, register, rpc } = await startFederation();
    await register('one', `${server.url}/mcp`);
    await fetch(`${url}/tools`);
    await fetch(`${url}/tools/00000000-0000-4000-8000-000000000000`);
    await fetch(`${url}/"a\nb"`);
    for (let call = 0; call < 3; call += 1) await rpc('tools/call', { name: 'one-benchmark-tool-1' });
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toContain('gateway_request_duration_seconds_count{method="GET",route="/tools",status="200"} 1');
    expect(text).toContain('gateway_request_duration_seconds_count{method="GET",route="/tools/:id",status="404"} 1');
    expect(text).toContain('gateway_upstream_calls_total{outcome="answered"} 3');
    expect(text).toContain('gateway_upstreams{state="reachable"} 1');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('gateway_request_duration_seconds_count{method="POST",route="/rpc",status="200"} 3');
  });
});

describe('POST /{kind}/{id}/state', () => {
  it('switches an entity off and on', async () => {
    const { app, store } = await startGateway();
    const [tool] = await readAll(store, 'tools');
    const id = String(tool?.id);
    const off = await app.inject({ method: 'POST', url: `/tools/${id}/state?activate=false` });
    expect(off.json()).toMatchObject({ id, enabled: false });
    const on = await app.inject({ method: 'POST', url: `/tools/${id}/state` });
    expect(on.json()).toMatchObject({ id, enabled: true });
    const missing = '00000000-0000-4000-8000-000000000000';
    expect((await app.inject({ method: 'POST', url: `/prompts/${missing}/state` })).statusCode).toBe(404);
    expect((await app.inject({ method: 'POST', url: `/tools/${id}/state?activate=maybe` })).statusCode).toBe(422);
  });
});

describe('texts and roots', () => {
  it('keep crawlers out, and name a contact where there is one', async () => {
    const { app } = await startGateway({ settings: { securityContact: 'mailto:security@example.com' } });
    const robots = await app.inject('/robots.txt');
    expect([robots.headers['content-type'], robots.body]).toEqual([
      'text/plain; charset=utf-8',
      'User-agent: *\nDisallow: /\n',
    ]);
    const security = await app.inject('/.well-known/security.txt');
    expect(security.body).toMatch(/^Contact: mailto:security@example\.com\nExpires: \d{4}-/);
    expect((await app.inject('/roots')).json()).toEqual([]);
    const { app: silent } = await startGateway();
    expect((await silent.inject('/.well-known/security.txt')).statusCode).toBe(404);
  });
});

describe('a virtual server', () => {
  it('has what it names and nothing else, as lists and by MCP', async () => {
    const [server] = await startTestServers('benchmark');
    const { url, register } = await startFederation();
    await register('one', `${server.url}/mcp`);
    const list = async (path: string): Promise<{ id: string; name: string; uri: string }[]> =>
      (await (await fetch(`${url}${path}`)).json()) as { id: string; name: string; uri: string }[];
    const [tools, resources, prompts] = await Promise.all(['/tools', '/resources', '/prompts'].map(list));
    const create = async (body: object): Promise<string> => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/servers`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(response.status).toBe(201);
      return ((await response.json()) as { id: string }).id;
    };
    const id = await create({
      name: 'part',
      associatedToolIds: [tools?.[2]?.id, tools?.[0]?.id],
      associatedResources: [resources?.[1]?.id],
      associatedPrompts: [prompts?.[0]?.id],
    });
    expect((await list(`/servers/${id}/tools`)).map(({ name }) => name)).toEqual([tools?.[2]?.name, tools?.[0]?.name]);
    expect(await list(`/servers/${id}/resources`)).toHaveLength(1);
    const client = await connectClient(`${url}/servers/${id}`);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([tools?.[2]?.name, tools?.[0]?.name]);
    expect((await client.listPrompts()).prompts).toHaveLength(1);
    expect(await client.callTool({ name: tools?.[0]?.name ?? '' })).toMatchObject({ isError: false });
    await expect(client.callTool({ name: tools?.[1]?.name ?? '' })).rejects.toThrow('Unknown tool');
    await expect(client.readResource({ uri: resources?.[0]?.uri ?? '' })).rejects.toThrow('Resource not found');
    const empty = await create({ name: 'empty' });
    const nothing = await connectClient(`${url}/servers/${empty}`);
    expect((await nothing.listTools()).tools).toEqual([]);
    // A session belongs to the server that opened it.
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': client.transport?.sessionId ?? '',
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await fetch(`${url}/servers/${empty}/mcp`, { method: 'POST', headers, body })).status).toBe(404);
    expect((await fetch(`${url}/servers/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${url}/servers/${id}/mcp`, { method: 'POST', headers, body })).status).toBe(404);
  });
});
