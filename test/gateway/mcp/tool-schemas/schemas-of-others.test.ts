/**
 * Other people's schemas: no stored one keeps anybody waiting, and what is accepted is what the official client lists.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createGenerator } from '../../../../src/corpus/generator.ts';
import { CheckingEnded, createCheckingThread } from '../../../../src/gateway/mcp/tool-schemas/checking-thread.ts';
import { findClientError } from '../../../../src/gateway/mcp/tool-schemas/compile-schema.ts';
import { isProblem, measureSchema } from '../../../../src/gateway/mcp/tool-schemas/measure-schema.ts';
import { startGateway } from '../../start-gateway.ts';
import { readFirst } from '../../store/memory-store.ts';
import { startMcp, toolInput } from '../start-mcp.ts';
import { deepArguments, endless, fine, tooMuch, unreadable } from './hostile-schemas.ts';

const settings = { bodyLimitBytes: 4 * 1024 * 1024, mostPageItems: 1_000 };

async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  onTestFinished(() => client.close());
  return client;
}

async function listAll(client: Client): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    // An empty page reads as the end to many clients.
    if (page.nextCursor !== undefined && page.tools.length === 0) throw new Error('a page is empty and not the last');
    names.push(...page.tools.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return names;
}

describe('a tool with a schema', () => {
  it('is refused with the place where it is too much work or cannot be listed', async () => {
    const { app, store } = await startGateway({ items: 1, settings });
    const { id } = await readFirst(store, 'tools');
    for (const [name, [outputSchema, place]] of [...Object.entries(tooMuch), ...Object.entries(unreadable)]) {
      const created = (
        await app.inject({ method: 'POST', url: '/tools', payload: { name: 'new', outputSchema } })
      ).json<object>();
      expect({ name, ...created }).toMatchObject({
        name,
        statusCode: 422,
        message: expect.stringContaining(`body/outputSchema${place}`) as string,
      });
      const changed = (
        await app.inject({ method: 'PUT', url: `/tools/${id}`, payload: { outputSchema } })
      ).json<object>();
      expect({ name, ...changed }).toEqual({ name, ...created });
    }
    expect(await store.count('tools')).toBe(1);
  });

  it('is refused for its arguments too where it is too much work', async () => {
    const { app } = await startGateway({ items: 1, settings });
    for (const [name, [inputSchema, place]] of Object.entries(tooMuch)) {
      const created = (
        await app.inject({ method: 'POST', url: '/tools', payload: { name: 'new', inputSchema } })
      ).json<object>();
      expect({ name, ...created }).toMatchObject({
        name,
        statusCode: 422,
        message: expect.stringContaining(`body/inputSchema${place}`) as string,
      });
    }
  });

  it('is refused where the client reads another type', async () => {
    const { app } = await startGateway({ items: 1 });
    const cases: [place: string, fields: object][] = [
      ['annotations/title', { annotations: { title: 7 } }],
      ['annotations/readOnlyHint', { annotations: { readOnlyHint: 'yes' } }],
      ['inputSchema/type', { inputSchema: { type: 'string' } }],
      ['inputSchema/properties', { inputSchema: { type: 'object', properties: [] } }],
      ['inputSchema/properties/a~1b', { inputSchema: { type: 'object', properties: { 'a/b': false } } }],
      ['inputSchema/required/0', { inputSchema: { type: 'object', required: [7] } }],
    ];
    for (const [place, fields] of cases) {
      const created = await app.inject({ method: 'POST', url: '/tools', payload: { name: 'new', ...fields } });
      expect(created.json()).toMatchObject({
        statusCode: 422,
        message: expect.stringContaining(`body/${place} `) as string,
      });
    }
  });

  it('is accepted where it is only odd, and the official client lists and calls all of them', async () => {
    const { app } = await startGateway({ items: 3, settings });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const client = await connect(url);
    const before = await listAll(client);
    for (const [name, outputSchema] of Object.entries(fine)) {
      for (const fields of [
        { name, outputSchema },
        { name: `${name}, of arguments`, inputSchema: outputSchema },
      ]) {
        expect({
          name,
          status: (await app.inject({ method: 'POST', url: '/tools', payload: fields })).statusCode,
        }).toEqual({ name, status: 201 });
      }
      await listAll(client);
    }
    const names = Object.keys(fine).flatMap((name) => [name, `${name}, of arguments`]);
    expect(await listAll(client)).toEqual([...before, ...names]);
    // A result is made up without looking at patterns, which the client then misses.
    for (const name of names.filter((one) => one !== 'a slow pattern'))
      expect(await client.callTool({ name })).toHaveProperty('isError');
  });

  it('of an earlier version is left out where no client could read it, with one line of log, and called with an answer', async () => {
    const lines: string[] = [];
    const { url, store } = await startMcp({ items: 0, warn: (line) => lines.push(line) });
    // No version stored so many levels; and a result of another type is left out of the list by itself.
    const neverStored = new Set([
      'thousands of levels',
      'levels of data',
      'a list for a result',
      'no type for a result',
    ]);
    const bad = Object.entries({ ...tooMuch, ...unreadable }).filter(([name]) => !neverStored.has(name));
    for (const [name, [schema]] of bad)
      await store.create('tools', toolInput(name, { inputSchema: schema, outputSchema: schema }));
    await store.create('tools', toolInput('good'));
    const client = await connect(url);
    for (const limit of [1, 3, 500]) {
      const page = await client.listTools({ limit } as never);
      expect(page.tools.map(({ name }) => name)).toEqual(['good']);
    }
    expect(lines).toHaveLength(bad.length);
    for (const [name] of bad) {
      expect(lines.filter((line) => line.includes(JSON.stringify(name)))).toHaveLength(1);
      expect(await client.callTool({ name, arguments: {} })).toHaveProperty('isError');
    }
    // A change is another row: it is looked at again.
    const { id } = await readFirst(store, 'tools');
    await store.update('tools', id, { inputSchema: { type: 'object' }, outputSchema: null });
    expect(await listAll(client)).toEqual([bad[0]?.[0], 'good']);
  });

  it('keeps nobody waiting: a check without an end is ended, and others are answered meanwhile', async () => {
    const thread = createCheckingThread({ compileMs: 3_000, checkMs: 3_000, waiting: 5 });
    const { url, store } = await startMcp({ thread });
    await store.create('tools', toolInput('endless', { inputSchema: endless }));
    await store.create('tools', toolInput('other'));
    const ask = async (name: string, given: object): Promise<string> => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } });
      return (
        await fetch(`${url}/rpc`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      ).text();
    };
    const waiting = ask('endless', deepArguments());
    expect(await Promise.race([waiting, ask('other', { query: 'x' })])).toContain('"isError":false');
    expect(await waiting).toContain('takes longer than 3000 ms');
    expect(await ask('endless', { c: { c: 1 } })).toContain('"isError":false');
  });

  it('is as large as arguments may make it without keeping others waiting', async () => {
    const thread = createCheckingThread({ compileMs: 60_000, checkMs: 60_000, waiting: 5 });
    const { url, store } = await startMcp({ thread });
    const many = {
      type: 'object',
      properties: {
        a: {
          type: 'array',
          items: { anyOf: Array.from({ length: 80 }, (_, index) => ({ type: 'string', minLength: index + 2 })) },
        },
      },
    };
    await store.create('tools', toolInput('many', { inputSchema: many }));
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'many', arguments: { a: Array.from({ length: 100_000 }, () => 0) } },
    });
    const answer = await fetch(`${url}/rpc`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await answer.text()).toContain('/a/0');
  });
});

describe('the thread for long work', () => {
  it('runs jobs in their order, refuses more than may wait, and ends with the gateway', async () => {
    const thread = createCheckingThread({ compileMs: 60_000, checkMs: 60_000, waiting: 2 });
    const check = (value: unknown) =>
      thread.run({ task: 'check a value', schema: { type: 'string' }, value, key: 'text' });
    const [first, second, third] = await Promise.allSettled([check('a'), check(7), check('b')]);
    expect([first, second]).toMatchObject([{ value: 'fits' }, { value: { message: 'must be string' } }]);
    expect(third).toMatchObject({ status: 'rejected', reason: { isBusy: true } });
    await thread.close();
    await expect(check('c')).rejects.toBeInstanceOf(CheckingEnded);
  });
});

describe('looking at a schema', () => {
  it('finds every tool of the corpus plainly fine', () => {
    const generator = createGenerator(7);
    for (let count = 0; count < 500; count += 1) {
      const { inputSchema, outputSchema } = generator.tool() as { inputSchema: object; outputSchema: object | null };
      for (const schema of [inputSchema, outputSchema ?? {}])
        expect(measureSchema(schema as Record<string, unknown>)).toMatchObject({ doubt: undefined });
    }
  });

  /** Keywords with values that often fit and often do not. */
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      true,
      false,
      0,
      -1,
      1.5,
      'string',
      'object',
      '#',
      '#/$defs/a',
      '#/properties/b',
      '^a$',
      '(',
      [],
      [1],
      ['a'],
      ['string', 'null'],
      {},
      null,
    ),
    fc.string(),
  );
  const names = [
    'type',
    'properties',
    '$ref',
    'items',
    'required',
    'enum',
    'const',
    'minimum',
    'exclusiveMinimum',
    'pattern',
    'patternProperties',
    'format',
    'allOf',
    'anyOf',
    'oneOf',
    'not',
    'if',
    'then',
    'additionalProperties',
    'dependencies',
    'dependentRequired',
    'nullable',
    '$defs',
    '$id',
    'id',
    '$anchor',
    'contains',
    'additionalItems',
    'propertyNames',
    'uniqueItems',
    'minItems',
    'prefixItems',
    'unevaluatedProperties',
    'x-own',
    '$comment',
    '$schema',
    'default',
  ];
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(
        { depthSize: 'small' },
        value,
        fc.dictionary(fc.constantFrom('a', 'b', 'toString'), tie('schema'), { maxKeys: 2 }),
        fc.array(tie('schema'), { maxLength: 2 }),
        tie('schema'),
      ),
      { maxKeys: 3 },
    ),
  }));

  it('says that a schema is plainly fine only where the client compiles it', () => {
    let plain = 0;
    fc.assert(
      fc.property(schema, (given) => {
        const found = measureSchema(given as Record<string, unknown>);
        if (isProblem(found) || found.doubt !== undefined) return;
        plain += 1;
        expect(findClientError(given)).toBeUndefined();
      }),
      { seed: 1, numRuns: 3_000 },
    );
    expect(plain).toBeGreaterThan(300);
  });
});

describe('resources and prompts', () => {
  it('that no client could read are left out where an earlier version stored them', async () => {
    const lines: string[] = [];
    const { url, store } = await startMcp({ items: 2, warn: (line) => lines.push(line) });
    await store.create('prompts', { name: 'bad prompt', template: '', arguments: [{ name: 7 }], tags: [] });
    await store.create('resources', { name: 'bad resource', uri: 'test://bad', size: 'large', tags: [] });
    const client = await connect(url);
    expect((await client.listPrompts()).prompts).toHaveLength(2);
    expect((await client.listResources()).resources).toHaveLength(2);
    expect(lines).toEqual([expect.stringContaining('bad prompt'), expect.stringContaining('test://bad')]);
  });
});

describe('names that every object inherits', () => {
  const inherited = ['toString', 'constructor', 'hasOwnProperty', 'valueOf', 'isPrototypeOf'];

  it.each(inherited)('are missing where they are missing, and unknown where they are unknown: %s', async (name) => {
    const { app } = await startGateway({ items: 1 });
    const call = async (given: object): Promise<string> =>
      (
        await app.inject({
          method: 'POST',
          url: '/rpc',
          payload: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'named', arguments: given } },
        })
      ).payload;
    const inputSchema = {
      type: 'object',
      properties: { [name]: { type: 'string' } },
      required: [name],
      additionalProperties: false,
    };
    await app.inject({ method: 'POST', url: '/tools', payload: { name: 'named', inputSchema } });
    expect(await call({})).toContain(`must have required property '${name}'`);
    expect(await call({ [name]: 'x' })).toContain('"isError":false');
    expect((await app.inject({ method: 'POST', url: '/tools', payload: { name: 'x', [name]: 'x' } })).statusCode).toBe(
      422,
    );
    expect(
      (
        await app.inject({
          method: 'PUT',
          url: `/tools/${(await app.inject('/tools')).json<{ id: string }[]>()[0]?.id}`,
          payload: { [name]: 'x' },
        })
      ).statusCode,
    ).toBe(422);
    const prompt = { name: 'p', template: `{{${name}}}`, arguments: [{ name, description: null, required: true }] };
    expect((await app.inject({ method: 'POST', url: '/prompts', payload: prompt })).statusCode).toBe(201);
    const get = async (given: object): Promise<object> =>
      (
        await app.inject({
          method: 'POST',
          url: '/rpc',
          payload: { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: 'p', arguments: given } },
        })
      ).json();
    expect(await get({})).toMatchObject({ error: { code: -32_602 } });
    expect(await get({ [name]: 'x' })).toMatchObject({ result: { messages: [{ content: { text: 'x' } }] } });
  });
});
