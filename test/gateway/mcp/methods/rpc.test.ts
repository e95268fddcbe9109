/**
 * POST /rpc: what is answered to well-formed, malformed and hostile messages.
 */
import { request as httpRequest } from 'node:http';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

import { resolveFile } from '../../../../src/corpus/schemas.ts';
import { toolsAnswer } from '../../../../src/gateway/mcp/methods/answer-schemas.ts';
import { startMcp, toolInput } from '../start-mcp.ts';

interface Answer {
  readonly jsonrpc: string;
  readonly id: unknown;
  // Tests look at different results; each says what it expects.
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

async function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
}

async function call(url: string, method: string, params?: unknown): Promise<Answer> {
  const { text } = await post(
    url,
    JSON.stringify({ jsonrpc: '2.0', id: 1, method, ...(params === undefined ? {} : { params }) }),
  );
  return JSON.parse(text) as Answer;
}

async function codeOf(url: string, body: string): Promise<{ status: number; code: number | undefined; id: unknown }> {
  const { status, text } = await post(url, body);
  const { error, id } = JSON.parse(text) as Answer;
  return { status, code: error?.code, id };
}

describe('POST /rpc', () => {
  it('introduces itself in the revision that was asked for, or in its newest', async () => {
    const { url } = await startMcp();
    const clientInfo = { name: 'test', version: '1' };
    const known = await call(url, 'initialize', { protocolVersion: '2025-03-26', capabilities: {}, clientInfo });
    expect(known.result).toMatchObject({
      protocolVersion: '2025-03-26',
      serverInfo: { name: 'wirebench-gateway' },
      capabilities: { tools: {} },
    });
    const unknown = await call(url, 'initialize', { protocolVersion: '1999-01-01', capabilities: {}, clientInfo });
    expect(unknown.result?.['protocolVersion']).toBe('2025-11-25');
    expect((await call(url, 'initialize', {})).error?.code).toBe(-32_602);
    expect((await call(url, 'ping')).result).toEqual({});
  });

  it('lists tools in the documented shape', async () => {
    const { url } = await startMcp({ items: 120 });
    const answer = await call(url, 'tools/list');
    const validate = new Ajv2020({ strict: false }).compile(resolveFile('rpc-tools-list.schema.json'));
    expect({ fits: validate(answer), errors: validate.errors }).toEqual({ fits: true, errors: null });
    expect(answer.result?.['tools']).toHaveLength(50);
  });

  it('gives as many items as a client asks for, up to the most', async () => {
    const { url } = await startMcp({ items: 600 });
    expect((await call(url, 'tools/list', { limit: 7 })).result?.['tools']).toHaveLength(7);
    expect((await call(url, 'tools/list', { limit: 5_000 })).result?.['tools']).toHaveLength(500);
    expect((await call(url, 'tools/list', { limit: 0 })).error?.code).toBe(-32_602);
  });

  it('names in its response schema every field that a tool may have', () => {
    const fields = (schema: unknown): string[] => Object.keys((schema as { properties: object }).properties).toSorted();
    const { result } = toolsAnswer['properties'] as { result: { properties: { tools: { items: unknown } } } };
    expect(fields(result.properties.tools.items)).toEqual(fields(resolveFile('mcp-tool.schema.json')));
  });

  it('says what was called with which arguments', async () => {
    const { url, store } = await startMcp();
    await store.create('tools', toolInput('look_up'));
    const answeredBy = 'the gateway, since no server is behind this tool';
    const called = { tool: 'look_up', arguments: { query: 'héllo 🎈' }, answeredBy };
    const answer = await call(url, 'tools/call', { name: 'look_up', arguments: { query: 'héllo 🎈' } });
    expect(answer).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { content: [{ type: 'text', text: JSON.stringify(called) }], structuredContent: called, isError: false },
    });
  });

  it('tells the model which argument does not fit, as an error of the call', async () => {
    const { url, store } = await startMcp();
    await store.create('tools', toolInput('look_up'));
    for (const [given, part] of [
      [{}, 'query'],
      [{ query: 3 }, 'string'],
      [{ query: '', extra: 1 }, 'extra'],
    ] as const) {
      const { result } = await call(url, 'tools/call', { name: 'look_up', arguments: given });
      expect(result).toMatchObject({ isError: true });
      expect(JSON.stringify(result?.['content'])).toContain(part);
    }
  });

  it('finds a tool after it was renamed and not after it was deleted', async () => {
    const { url, store } = await startMcp();
    const { id } = await store.create('tools', toolInput('before'));
    const given = { query: 'x' };
    expect((await call(url, 'tools/call', { name: 'before', arguments: given })).result?.['isError']).toBe(false);
    await store.update('tools', id.toString(), { name: 'after' });
    expect((await call(url, 'tools/call', { name: 'before', arguments: given })).error?.message).toBe(
      'Unknown tool: "before"',
    );
    expect((await call(url, 'tools/call', { name: 'after', arguments: given })).result?.['isError']).toBe(false);
    await store.remove('tools', id.toString());
    expect((await call(url, 'tools/call', { name: 'after', arguments: given })).error?.code).toBe(-32_602);
  });

  it('reads the names once for many calls', async () => {
    const { url, store } = await startMcp({ items: 300 });
    let lists = 0;
    store.afterRead = async () => void (lists += 1);
    const { items } = await store.list('tools');
    lists = 0;
    for (const { name } of items.slice(0, 30)) await call(url, 'tools/call', { name, arguments: {} });
    for (let miss = 0; miss < 10; miss += 1) await call(url, 'tools/call', { name: `missing ${miss}` });
    expect(lists).toBe(1);
  });

  it('checks arguments by the schema as it is now', async () => {
    const { url, store } = await startMcp();
    const { id } = await store.create('tools', toolInput('look_up'));
    expect((await call(url, 'tools/call', { name: 'look_up', arguments: { query: 'x' } })).result?.['isError']).toBe(
      false,
    );
    await store.update('tools', id.toString(), {
      inputSchema: { type: 'object', properties: { query: { type: 'integer' } } },
    });
    expect((await call(url, 'tools/call', { name: 'look_up', arguments: { query: 'x' } })).result?.['isError']).toBe(
      true,
    );
  });

  it("is not held up by what a tool's schema says", async () => {
    const { url, store } = await startMcp();
    const broken: [string, unknown][] = [
      ['slow pattern', { type: 'object', properties: { query: { type: 'string', pattern: '^(a+)+$' } } }],
      ['pairs compared', { type: 'object', properties: { query: true }, uniqueItems: true }],
      ['no such type', { type: 'nonsense' }],
      ['reference to nowhere', { type: 'object', $ref: '#/$defs/missing' }],
      ['reference abroad', { type: 'object', properties: { query: { $ref: 'https://example.com/schema.json' } } }],
      ['itself', { type: 'object', $ref: '#' }],
      ['same id', { $id: 'https://example.com/one', type: 'object' }],
      ['same id again', { $id: 'https://example.com/one', type: 'object' }],
    ];
    for (const [name, inputSchema] of broken) {
      await store.create('tools', toolInput(name, { inputSchema }));
      const { result } = await call(url, 'tools/call', { name, arguments: { query: `${'a'.repeat(40)}!` } });
      expect({ name, isAnswered: typeof result?.['isError'] }).toEqual({ name, isAnswered: 'boolean' });
    }
  });

  it('makes up results that fit the output schema', async () => {
    const { url, store } = await startMcp({ items: 400 });
    const { items } = await store.list('tools');
    const withOutput = items.filter(({ outputSchema }) => outputSchema !== null);
    expect(withOutput.length).toBeGreaterThan(5);
    for (const { name, outputSchema } of withOutput) {
      await store.create(
        'tools',
        toolInput(`${String(name)} again`, { inputSchema: { type: 'object' }, outputSchema }),
      );
      const { result } = await call(url, 'tools/call', { name: `${String(name)} again` });
      const { $schema: _, ...schema } = outputSchema as Record<string, unknown>;
      const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)(
        result?.['structuredContent'],
      );
      expect({ name, fits, isError: result?.['isError'] }).toEqual({ name, fits: true, isError: false });
    }
    await store.create(
      'tools',
      toolInput('impossible', {
        inputSchema: {},
        outputSchema: { type: 'object', properties: { a: { type: 'string', const: 1 } } },
      }),
    );
    expect((await call(url, 'tools/call', { name: 'impossible' })).result).toMatchObject({ isError: true });
  });

  it('fills in a prompt once, and asks for what is missing', async () => {
    const { url, store } = await startMcp();
    const given = [{ name: 'what', description: null, required: true }];
    await store.create('prompts', {
      name: 'explain',
      template: 'Explain {{ what }} and {{other}}',
      arguments: given,
      tags: [],
    });
    const answer = await call(url, 'prompts/get', { name: 'explain', arguments: { what: '{{other}} $&' } });
    expect(answer.result?.['messages']).toEqual([
      { role: 'user', content: { type: 'text', text: 'Explain {{other}} $& and {{other}}' } },
    ]);
    expect((await call(url, 'prompts/get', { name: 'explain' })).error).toMatchObject({
      code: -32_602,
      message: expect.stringContaining('"what"') as string,
    });
    expect((await call(url, 'prompts/get', { name: 'explain', arguments: { what: 1 } })).error?.code).toBe(-32_602);
    expect((await call(url, 'prompts/get', { name: 'no such prompt' })).error?.code).toBe(-32_602);
    const listed = (await call(url, 'prompts/list')).result?.['prompts'] as { name: string }[];
    expect(listed.find(({ name }) => name === 'explain')).toEqual({
      name: 'explain',
      arguments: [{ name: 'what', required: true }],
    });
  });

  it('does not let a prompt grow without end', async () => {
    const { url, store } = await startMcp();
    await store.create('prompts', { name: 'many', template: '{{a}}'.repeat(1_000), arguments: [], tags: [] });
    const { error } = await call(url, 'prompts/get', { name: 'many', arguments: { a: 'x'.repeat(100_000) } });
    expect(error).toMatchObject({ code: -32_602, message: expect.stringContaining('longer than') as string });
  });

  it('reads a resource by its address', async () => {
    const { url, store } = await startMcp();
    await store.create('resources', {
      uri: 'resource://a/b',
      name: 'b',
      description: 'All of b',
      mimeType: 'text/plain',
      tags: [],
    });
    const answer = await call(url, 'resources/read', { uri: 'resource://a/b' });
    expect(answer.result).toEqual({ contents: [{ uri: 'resource://a/b', mimeType: 'text/plain', text: 'All of b' }] });
    expect((await call(url, 'resources/read', { uri: 'resource://a/c' })).error?.code).toBe(-32_002);
    expect((await call(url, 'resources/templates/list')).result).toEqual({ resourceTemplates: [] });
  });

  it('answers by the standard codes', async () => {
    const { url } = await startMcp();
    const cases: [body: string, expected: { status: number; code: number; id: unknown }][] = [
      ['{"jsonrpc":"2.0","id":1,', { status: 400, code: -32_700, id: null }],
      ['', { status: 400, code: -32_700, id: null }],
      ['{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{"a":1}}', { status: 400, code: -32_700, id: null }],
      ['1', { status: 400, code: -32_600, id: null }],
      ['null', { status: 400, code: -32_600, id: null }],
      ['[]', { status: 400, code: -32_600, id: null }],
      ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', { status: 400, code: -32_600, id: null }],
      ['{"id":7,"method":"ping"}', { status: 400, code: -32_600, id: 7 }],
      ['{"jsonrpc":"1.0","id":"x","method":"ping"}', { status: 400, code: -32_600, id: 'x' }],
      ['{"jsonrpc":"2.0","id":1}', { status: 400, code: -32_600, id: 1 }],
      ['{"jsonrpc":"2.0","id":1,"method":5}', { status: 400, code: -32_600, id: 1 }],
      ['{"jsonrpc":"2.0","id":1,"result":{}}', { status: 400, code: -32_600, id: 1 }],
      ['{"jsonrpc":"2.0","id":null,"method":"ping"}', { status: 400, code: -32_600, id: null }],
      ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', { status: 400, code: -32_600, id: null }],
      ['{"jsonrpc":"2.0","id":1e400,"method":"ping"}', { status: 400, code: -32_600, id: null }],
      ['{"jsonrpc":"2.0","id":12345678901234567890,"method":"ping"}', { status: 400, code: -32_600, id: null }],
      ['{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}', { status: 400, code: -32_600, id: null }],
      [
        JSON.stringify({ jsonrpc: '2.0', id: 'x'.repeat(100_000), method: 'ping' }),
        { status: 400, code: -32_600, id: null },
      ],
      ['{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}', { status: 400, code: -32_600, id: 1 }],
      ['{"jsonrpc":"2.0","id":1,"method":"no/such"}', { status: 200, code: -32_601, id: 1 }],
      ['{"jsonrpc":"2.0","id":1,"method":"constructor"}', { status: 200, code: -32_601, id: 1 }],
      ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', { status: 200, code: -32_601, id: 1 }],
      ['{"jsonrpc":"2.0","id":"ä","method":"ping","params":[1]}', { status: 200, code: -32_602, id: 'ä' }],
      ['{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":5}}', { status: 200, code: -32_602, id: 1 }],
      [
        '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"never given"}}',
        { status: 200, code: -32_602, id: 1 },
      ],
      ['{"jsonrpc":"2.0","id":1,"method":"tools/call"}', { status: 200, code: -32_602, id: 1 }],
      [
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"no such tool"}}',
        { status: 200, code: -32_602, id: 1 },
      ],
      [
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":[]}}',
        { status: 200, code: -32_602, id: 1 },
      ],
    ];
    for (const [body, expected] of cases) expect({ body, ...(await codeOf(url, body)) }).toEqual({ body, ...expected });
  });

  it('tells nothing of a failure inside', async () => {
    const { url, store } = await startMcp();
    store.list = async () => Promise.reject(new Error('secret of the database'));
    const { status, text } = await post(url, '{"jsonrpc":"2.0","id":9,"method":"tools/list"}');
    expect({ status, answer: JSON.parse(text) as Answer }).toEqual({
      status: 500,
      answer: { jsonrpc: '2.0', error: { code: -32_603, message: 'Internal error' }, id: 9 },
    });
  });

  it('takes notifications without a word', async () => {
    const { url } = await startMcp();
    for (const method of ['notifications/initialized', 'notifications/cancelled', 'no/such', 'tools/call']) {
      expect(await post(url, JSON.stringify({ jsonrpc: '2.0', method }))).toEqual({ status: 202, text: '' });
    }
  });

  it('refuses what is nested too deeply, and survives it', async () => {
    const { url, store } = await startMcp();
    await store.create('tools', toolInput('anything', { inputSchema: { type: 'object' } }));
    for (const depth of [100, 100_000]) {
      const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"anything","arguments":{"a":${deep}}}}`;
      expect(await codeOf(url, body)).toEqual({ status: 400, code: -32_600, id: 1 });
    }
    expect((await call(url, 'ping')).result).toEqual({});
  });

  it('takes JSON only, of limited size, in revisions that it knows', async () => {
    const { url } = await startMcp();
    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    expect((await post(url, ping, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(url, ping, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post(url, ping, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
    expect((await post(url, JSON.stringify({ big: 'x'.repeat(1_100_000) }))).status).toBe(413);
    expect((await post(url, ping, { 'mcp-protocol-version': '2025-11-25' })).status).toBe(200);
    expect((await post(url, ping, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
  });

  it("shows a caller's text without what a terminal would act on", async () => {
    const { url } = await startMcp();
    const { error } = await call(url, '\u001b[31m\u202ered');
    expect(error?.message).toBe('Method not found: "\\u001b[31m\\u{202e}red"');
  });

  it('lets no foreign page in that has made its name point here', async () => {
    const { url } = await startMcp();
    const { port } = new URL(url);
    expect(await statusWith(url, { host: 'evil.example' })).toBe(403);
    expect(await statusWith(url, { host: `localhost:${port}` })).toBe(200);
    expect(await statusWith(url, { host: `localhost:${port}`, origin: 'http://localhost:6274' })).toBe(200);
    expect(await statusWith(url, { host: `localhost:${port}`, origin: 'https://evil.example' })).toBe(403);
    expect(await statusWith(url, { host: `localhost:${port}`, origin: 'null' })).toBe(403);
  });
});

/** By node:http, since fetch sets these headers itself. */
function statusWith(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${url}/rpc`,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      },
    );
    sent.on('error', reject).end('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  });
}
