/**
 * Servers that misbehave: the caller learns which one and how, and nobody else notices.
 */
import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { startTestServers } from '../../servers/start-test-servers.ts';
import { type Misbehave, post, startFederation, startMisbehaving } from './start-federation.ts';

const tool = (name: string): object => ({ name, inputSchema: { type: 'object' } });

describe('a tool', () => {
  it('that was renamed between the list and the call is an error that says at which server, until it is asked again', async () => {
    let name = 'before';
    const { url: upstream } = await startMisbehaving(({ method, params, id }, response) => {
      if (method === 'tools/list') return { tools: [tool(name)] };
      if (method !== 'tools/call') return undefined;
      if (params?.['name'] === name) return { content: [] };
      const error = { code: -32_602, message: `Unknown tool: ${String(params?.['name'])}` };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
      return undefined;
    });
    const { url, register, rpc } = await startFederation();
    const { id } = (await (await register('renaming', upstream)).json()) as { id: string };
    expect((await rpc('tools/call', { name: 'renaming-before' })).result).toEqual({ content: [] });
    name = 'after';
    expect((await rpc('tools/call', { name: 'renaming-before' })).error).toEqual({
      code: -32_602,
      message: 'Unknown tool: before',
      data: { server: 'renaming' },
    });
    await post(`${url}/gateways/${id}/refresh`, {});
    expect((await rpc('tools/call', { name: 'renaming-before' })).error?.message).toBe(
      'Unknown tool: "renaming-before"',
    );
    expect((await rpc('tools/call', { name: 'renaming-after' })).result).toEqual({ content: [] });
  });

  it('that is switched off is neither listed nor called, until it is switched on', async () => {
    const { url: upstream } = await startMisbehaving(({ method }) => {
      if (method === 'tools/list') return { tools: [tool('one'), tool('two')] };
      return method === 'tools/call' ? { content: [] } : undefined;
    });
    const { url, register, rpc } = await startFederation();
    await register('server', upstream);
    const tools = (await (await fetch(`${url}/tools`)).json()) as { id: string; name: string }[];
    const id = tools.find((one) => one.name === 'server-one')?.id;
    const names = async (): Promise<string[]> =>
      (((await rpc('tools/list')).result?.['tools'] ?? []) as { name: string }[]).map((one) => one.name);
    await post(`${url}/tools/${id}/state?activate=false`, {});
    expect(await names()).toEqual(['server-two']);
    expect((await rpc('tools/call', { name: 'server-one' })).error?.message).toBe('Tool is switched off: "server-one"');
    await post(`${url}/tools/${id}/state?activate=true`, {});
    expect(await names()).toEqual(['server-one', 'server-two']);
    expect((await rpc('tools/call', { name: 'server-one' })).result).toEqual({ content: [] });
  });
});

describe('a server is not registered', () => {
  it.each<[string, Misbehave, string]>([
    ['whose list is none', ({ method }) => (method === 'tools/list' ? { tools: 'many' } : undefined), 'without a list'],
    [
      'whose tools have no name',
      ({ method }) => (method === 'tools/list' ? { tools: [{}] } : undefined),
      'without a name',
    ],
    [
      'that repeats a cursor',
      ({ method }) => (method === 'tools/list' ? { tools: [], nextCursor: 'again' } : undefined),
      'again and again',
    ],
    [
      'that lists two tools of one name',
      ({ method }) => (method === 'tools/list' ? { tools: [tool('a'), tool('a')] } : undefined),
      'two tools',
    ],
    [
      'whose names are the same as slugs',
      ({ method }) => (method === 'tools/list' ? { tools: [tool('a_b'), tool('a-b')] } : undefined),
      'its tools \\"a_b\\" and \\"a-b\\" would both be called',
    ],
    [
      'that lists too many',
      ({ method }) =>
        method === 'tools/list'
          ? { tools: Array.from({ length: 10_000 }, (_, index) => tool(`t${index}`)) }
          : undefined,
      'more than 5000 tools',
    ],
    [
      'that answers too much',
      ({ method }) => (method === 'tools/list' ? { tools: [tool('x'.repeat(2 * 1024 * 1024))] } : undefined),
      'bytes',
    ],
    [
      'that answers no JSON',
      (_message, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{{');
        return undefined;
      },
      'no MCP',
    ],
    [
      'that answers with an error of HTTP',
      (_message, response) => {
        response.writeHead(500).end('broken');
        return undefined;
      },
      'status 500',
    ],
    [
      'that redirects',
      (_message, response) => {
        response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
        return undefined;
      },
      'redirects are not followed',
    ],
    [
      'that cuts the connection',
      (_message, response) => {
        response.destroy();
        return undefined;
      },
      'the connection broke',
    ],
    [
      'that never answers',
      (message) => (message.method === 'tools/list' ? new Promise(() => {}) : undefined),
      'did not answer',
    ],
  ])('%s', async (_title, misbehave, reason) => {
    const { url } = await startMisbehaving(misbehave);
    const { register, store } = await startFederation({ timeoutMs: 500 });
    const response = await register('odd', url);
    const text = await response.text();
    expect(text).toContain('the server \\"odd\\" cannot be used');
    expect(text).toContain(reason);
    expect(response.status).toBe(502);
    expect(await store.count('gateways')).toBe(0);
  });

  it('that is not there', async () => {
    const { register } = await startFederation();
    const { url, server } = await startMisbehaving(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const response = await register('gone', url);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('nobody listens there');
  });
});

describe('a call of a server that', () => {
  const cases: [string, Misbehave, string][] = [
    ['never answers', () => new Promise(() => {}), 'did not answer within 0.3 s'],
    [
      'dies in the middle',
      (_message, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"jsonrpc":"2.0",');
        response.destroy();
        return undefined;
      },
      'failed:',
    ],
    ['answers too much', () => ({ content: [{ type: 'text', text: 'x'.repeat(2 * 1024 * 1024) }] }), 'bytes'],
    [
      'answers nonsense',
      (_message, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end('[1,2');
        return undefined;
      },
      'no MCP',
    ],
  ];

  it.each(cases)('%s fails with its name, and others go on', async (_title, misbehave, reason) => {
    const { url } = await startMisbehaving((message, response, request) =>
      message.method === 'tools/call' ? misbehave(message, response, request) : undefined,
    );
    const [good] = await startTestServers('benchmark');
    const { register, rpc } = await startFederation({ timeoutMs: 300 });
    expect((await register('odd', url)).status).toBe(201);
    expect((await register('good', `${good.url}/mcp`)).status).toBe(201);
    const [bad, other] = await Promise.all([
      rpc('tools/call', { name: 'odd-one' }),
      rpc('tools/call', { name: 'good-benchmark-tool-1' }),
    ]);
    expect(bad.error?.code).toBe(-32_603);
    expect(bad.error?.message).toContain('the server "odd" behind this gateway failed');
    expect(bad.error?.message).toContain(reason);
    expect(other.result).toMatchObject({ isError: false });
  });

  it('answers an error of its own passes that error on', async () => {
    const { url } = await startMisbehaving(({ method, id }, response) => {
      if (method !== 'tools/call') return undefined;
      const error = { code: -32_602, message: 'the tool was renamed', data: { now: 'two' } };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
      return undefined;
    });
    const { register, rpc } = await startFederation();
    await register('odd', url);
    expect((await rpc('tools/call', { name: 'odd-one' })).error).toEqual({
      code: -32_602,
      message: 'the tool was renamed',
      data: { now: 'two' },
    });
  });
});

describe('the gateway', () => {
  it('opens at most the connections of its pool, however many calls there are', async () => {
    const { url, connections } = await startMisbehaving(async ({ method }) => {
      if (method === 'tools/call') await wait(5);
      return undefined;
    });
    const { register, rpc } = await startFederation({ timeoutMs: 20_000 });
    await register('one', url);
    const results = await Promise.all(Array.from({ length: 300 }, () => rpc('tools/call', { name: 'one-one' })));
    expect(results.filter(({ result }) => result === undefined)).toEqual([]);
    // Four for calls; two more were opened to register, of which one session listens by itself.
    expect(connections()).toBeLessThanOrEqual(8);
  });

  it('opens another session where the server has forgotten it', async () => {
    let beginnings = 0;
    let isForgotten = false;
    const { url } = await startMisbehaving(({ method }, response) => {
      if (method === 'initialize') {
        beginnings += 1;
        isForgotten = false;
      } else if (isForgotten) {
        response.writeHead(404).end();
      }
      return undefined;
    });
    const { register, rpc } = await startFederation();
    await register('one', url);
    expect((await rpc('tools/call', { name: 'one-one' })).result).toBeDefined();
    const before = beginnings;
    isForgotten = true;
    expect((await rpc('tools/call', { name: 'one-one' })).result).toBeDefined();
    expect(beginnings).toBe(before + 1);
  });

  it('marks a server that does not answer, and takes it back', async () => {
    let isDown = false;
    const { url } = await startMisbehaving(({ method }, response) => {
      if (method === 'ping' && isDown) response.destroy();
      return undefined;
    });
    const { register, store } = await startFederation({ healthEveryMs: 20 });
    const { id } = (await (await register('one', url)).json()) as { id: string };
    isDown = true;
    await expect.poll(async () => (await store.get('gateways', id))?.['reachable']).toBe(false);
    isDown = false;
    await expect.poll(async () => (await store.get('gateways', id))?.['reachable']).toBe(true);
  });
});

describe('a call that was answered', () => {
  it('is not cancelled afterwards, when the gateway ends', async () => {
    const methods: string[] = [];
    const { url, server } = await startMisbehaving(() => undefined);
    server.prependListener('request', (request) => {
      request.on(
        'data',
        (piece: Buffer) => void methods.push((JSON.parse(piece.toString()) as { method: string }).method),
      );
    });
    const { register, rpc, stop } = await startFederation();
    await register('one', url);
    for (let call = 0; call < 5; call += 1) expect((await rpc('tools/call', { name: 'one-one' })).result).toBeDefined();
    await stop();
    expect(methods.filter((method) => method === 'tools/call')).toHaveLength(5);
    expect(methods).not.toContain('notifications/cancelled');
  });
});
