/**
 * A gateway in front of servers: what they have is imported once, asked under the gateway's names, and forgotten together.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { connectClient, startTestServers } from '../../servers/start-test-servers.ts';
import { post, startFederation, startMisbehaving } from './start-federation.ts';

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly uri: string;
  readonly version: number;
  readonly updatedAt: string;
}

async function list(url: string, kind: string): Promise<Listed[]> {
  return (await (await fetch(`${url}/${kind}`)).json()) as Listed[];
}

describe('a server that is registered', () => {
  it('gives its tools, resources and prompts under names of the gateway, once', async () => {
    const [server] = await startTestServers('benchmark');
    const { url, register } = await startFederation();
    const response = await register('First Server', `${server.url}/mcp`);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      name: 'First Server',
      slug: 'first-server',
      status: 'active',
      reachable: true,
      toolCount: 5,
      resourceCount: 4,
      promptCount: 3,
    });
    const before = await Promise.all(['tools', 'resources', 'prompts'].map((kind) => list(url, kind)));
    expect(before[0]?.map(({ name }) => name)).toContain('first-server-benchmark-tool-1');
    expect(before[1]?.[0]?.uri).toBe(`first-server+benchmark://${server.name}/resource_1`);
    expect(before[2]?.map(({ name }) => name)).toContain('first-server-benchmark_prompt_1');
    expect((await register('First Server', `${server.url}/mcp`)).status).toBe(409);
    const [gateway] = await list(url, 'gateways');
    expect((await post(`${url}/gateways/${gateway?.id}/refresh`, {})).status).toBe(200);
    expect(await Promise.all(['tools', 'resources', 'prompts'].map((kind) => list(url, kind)))).toEqual(before);
  });

  it('answers calls, reads and prompts as if it had been asked itself', async () => {
    const [server] = await startTestServers('benchmark');
    const { url, register, rpc } = await startFederation();
    await register('one', `${server.url}/mcp`);
    const direct = await connectClient(server.url);
    const behind = await connectClient(url);
    expect(await behind.callTool({ name: 'one-benchmark-tool-2', arguments: { message: 'hi' } })).toEqual(
      await direct.callTool({ name: 'benchmark_tool_2', arguments: { message: 'hi' } }),
    );
    const own = `benchmark://${server.name}/resource_2`;
    const uri = `one+${own}`;
    const { contents } = await direct.readResource({ uri: own });
    expect(await behind.readResource({ uri })).toEqual({ contents: contents.map((content) => ({ ...content, uri })) });
    expect(await behind.getPrompt({ name: 'one-benchmark_prompt_1' })).toEqual(
      await direct.getPrompt({ name: 'benchmark_prompt_1' }),
    );
    const called = await rpc('tools/call', { name: 'one-benchmark-tool-1' });
    expect(called.result).toMatchObject({ isError: false });
  });

  it('is told apart from others, each with its own content', async () => {
    const servers = await startTestServers('benchmark', { count: 3 });
    const { url, register } = await startFederation();
    const statuses = await Promise.all(servers.map(({ name, url: own }) => register(name, `${own}/mcp`)));
    expect(statuses.map(({ status }) => status)).toEqual([201, 201, 201]);
    const resources = await list(url, 'resources');
    expect(resources).toHaveLength(12);
    const client = await connectClient(url);
    for (const { uri } of resources) {
      const { contents } = await client.readResource({ uri });
      const [, name] = /benchmark:\/\/([^/]+)\//.exec(uri) ?? [];
      expect((contents as { text: string }[])[0]?.text).toContain(name);
    }
  });

  it('tells progress, and is cancelled with its caller', async () => {
    const [server] = await startTestServers('everything');
    const { url, register } = await startFederation();
    expect((await register('every', `${server.url}/mcp`)).status).toBe(201);
    const client = await connectClient(url);
    const progress: number[] = [];
    await client.callTool({ name: 'every-test-tool-with-progress' }, undefined, {
      onprogress: ({ progress: done }) => void progress.push(done),
    });
    expect(progress).toEqual([0, 50, 100]);
    const cancelling = new AbortController();
    const call = client.callTool({ name: 'every-test-tool-with-progress' }, undefined, { signal: cancelling.signal });
    setTimeout(() => cancelling.abort(), 20);
    await expect(call).rejects.toThrow('abort');
  });

  it('may keep its names, where nothing else has them', async () => {
    const [first, second] = await startTestServers('benchmark', { count: 2 });
    const { url, register } = await startFederation({ naming: { separator: undefined } });
    expect((await register('first', `${first.url}/mcp`)).status).toBe(201);
    expect((await list(url, 'tools')).map(({ name }) => name)).toContain('benchmark_tool_1');
    const refused = await register('second', `${second?.url}/mcp`);
    expect(refused.status).toBe(409);
    expect((await refused.json()) as { message: string }).toMatchObject({
      message: expect.stringContaining('benchmark_') as string,
    });
    // Nothing of it is left.
    expect(await list(url, 'gateways')).toHaveLength(1);
    expect(await list(url, 'resources')).toHaveLength(4);
  });

  it('keeps what was decided about its tools when it is asked again', async () => {
    let description = 'old';
    const { url: upstream } = await startMisbehaving(({ method }) =>
      method === 'tools/list' ? { tools: [{ name: 'one', description, inputSchema: { type: 'object' } }] } : undefined,
    );
    const { url, register } = await startFederation();
    const { id } = (await (await register('server', upstream)).json()) as { id: string };
    const [tool] = await list(url, 'tools');
    expect((await post(`${url}/tools/${tool?.id}/state?activate=false`, {})).status).toBe(200);
    description = 'new';
    expect((await post(`${url}/gateways/${id}/refresh`, {})).status).toBe(200);
    expect(await list(url, 'tools')).toMatchObject([{ id: tool?.id, description: 'new', enabled: false }]);
  });

  it('is switched off and on with all that was imported from it, and with what it has new meanwhile', async () => {
    const [server] = await startTestServers('everything');
    const { url, register, rpc } = await startFederation();
    await register('one', `${server.url}/mcp`);
    const [gateway] = await list(url, 'gateways');
    const offered = async (method: string, field: string): Promise<unknown[]> =>
      (await rpc(method)).result?.[field] as unknown[];
    const all = async () => ({
      tools: await offered('tools/list', 'tools'),
      resources: await offered('resources/list', 'resources'),
      templates: await offered('resources/templates/list', 'resourceTemplates'),
      prompts: await offered('prompts/list', 'prompts'),
    });
    const before = await all();
    expect(Object.values(before).every((kind) => kind.length > 0)).toBe(true);
    const [{ name }] = before.tools as [{ name: string }];

    const off = await post(`${url}/gateways/${gateway?.id}/state?activate=false`, {});
    expect(await off.json()).toMatchObject({ id: gateway?.id, enabled: false });
    expect(await all()).toEqual({ tools: [], resources: [], templates: [], prompts: [] });
    expect((await rpc('tools/call', { name })).error?.message).toContain(name);
    // What is read again while it is off is off as well: one tool is taken away, so that it comes as a new one.
    const [tool] = await list(url, 'tools');
    expect((await fetch(`${url}/tools/${tool?.id}`, { method: 'DELETE' })).ok).toBe(true);
    expect((await post(`${url}/gateways/${gateway?.id}/refresh`, {})).status).toBe(200);
    expect((await all()).tools).toEqual([]);

    await post(`${url}/gateways/${gateway?.id}/state`, {});
    const after = await all();
    expect(after).toEqual({ ...before, tools: expect.arrayContaining(before.tools) as unknown });
    expect(after.tools).toHaveLength(before.tools.length);
  });

  it('stays with all that it had where it is deleted in a state that it is not in any more', async () => {
    const [server] = await startTestServers('benchmark');
    const { url, register, store } = await startFederation();
    const { id } = (await (await register('server', `${server.url}/mcp`)).json()) as { id: string };
    const before = await store.get('gateways', id);
    await post(`${url}/gateways/${id}/state?activate=false`, {});
    const state = { version: Number(before?.['version']), updatedAt: before?.['updatedAt'] as Date };
    await expect(
      store.federate({ id, gateway: undefined, imports: { tools: [], resources: [], prompts: [] }, onlyIf: state }),
    ).rejects.toThrow('was changed since it was read');
    expect((await list(url, 'tools')).length).toBeGreaterThan(0);
    expect(await list(url, 'gateways')).toHaveLength(1);
  });

  it('is asked again where it tells of a change while its lists are read', async () => {
    let asked = 0;
    const { url: upstream } = await startMisbehaving(({ method, id }, response) => {
      if (method !== 'tools/list') return;
      asked += 1;
      const result = { tools: [{ name: asked === 1 ? 'before' : 'after', inputSchema: { type: 'object' } }] };
      if (asked > 1) return result;
      const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const message of [changed, { jsonrpc: '2.0', id, result }])
        response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      response.end();
    });
    const { url, register } = await startFederation();
    expect((await register('server', upstream)).status).toBe(201);
    await expect.poll(async () => (await list(url, 'tools')).map(({ name }) => name)).toEqual(['server-after']);
  });

  it('is forgotten with all that it had', async () => {
    const [server] = await startTestServers('benchmark');
    const { url, register, rpc } = await startFederation();
    const { id } = (await (await register('one', `${server.url}/mcp`)).json()) as { id: string };
    expect((await fetch(`${url}/gateways/${id}`, { method: 'DELETE' })).status).toBe(204);
    for (const kind of ['gateways', 'tools', 'resources', 'prompts']) expect(await list(url, kind)).toEqual([]);
    expect((await rpc('tools/call', { name: 'one-benchmark-tool-1' })).error).toMatchObject({ code: -32_602 });
    expect((await post(`${url}/gateways/${id}/refresh`, {})).status).toBe(404);
  });

  it('cannot be given another address, and can be given tags', async () => {
    const [server] = await startTestServers('benchmark');
    const { url, register } = await startFederation();
    const { id } = (await (await register('one', `${server.url}/mcp`)).json()) as { id: string };
    const put = (change: object): Promise<Response> =>
      fetch(`${url}/gateways/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      });
    expect((await put({ url: 'https://example.com/mcp' })).status).toBe(409);
    expect((await put({ description: 'ours' })).status).toBe(200);
  });

  it('is there again after a restart, and is asked for what changed meanwhile', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-federation-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const database = path.join(directory, 'gateway.db');
    let tools = ['one', 'two'];
    const { url: upstream } = await startMisbehaving(({ method }) =>
      method === 'tools/list' ? { tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })) } : undefined,
    );
    const before = await startFederation({}, { database });
    expect((await before.register('server', upstream)).status).toBe(201);
    await before.stop();
    tools = ['two', 'three'];
    const after = await startFederation({}, { database });
    await expect
      .poll(async () => (await list(after.url, 'tools')).map(({ name }) => name).toSorted((a, b) => a.localeCompare(b)))
      .toEqual(['server-three', 'server-two']);
    expect((await after.rpc('tools/call', { name: 'server-three' })).result).toMatchObject({
      content: [{ text: 'well' }],
    });
  });
});

describe('a row that no server is behind', () => {
  it('says so', async () => {
    const { url, rpc } = await startFederation();
    await post(`${url}/tools`, { name: 'alone' });
    const { result } = await rpc('tools/call', { name: 'alone', arguments: { a: 1 } });
    expect(JSON.stringify(result)).toContain('no server is behind this tool');
  });
});
