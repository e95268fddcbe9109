/**
 * Reading and writing entities: what a body may say, pages, and how each mistake is answered.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';

import { entityKinds } from '../../../src/gateway/entities/entity.ts';
import { describePayload } from '../../../src/gateway/entities/schemas.ts';
import { serializerNames } from '../../../src/gateway/settings.ts';
import { startGateway } from '../start-gateway.ts';
import { createMemoryStore, readAll, readFirst } from '../store/memory-store.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);

/** What the payload's schema has against a value; `null` for nothing. */
function findFaults(payload: string, value: unknown): unknown {
  ajv.validate(describePayload(payload), value);
  return ajv.errors ?? null;
}

const least: Readonly<Record<string, object>> = {
  tools: { name: 'new tool' },
  servers: { name: 'new server' },
  gateways: { name: 'new gateway', url: 'https://new.example.com/mcp' },
  resources: { name: 'new resource', uri: 'resource://new' },
  prompts: { name: 'new prompt', template: 'Explain {{ text }}' },
};

describe.for(entityKinds)('%s', (kind) => {
  it('are created with what their schema asks for, changed, and deleted', async () => {
    const { app, store } = await startGateway();
    const created = await app.inject({ method: 'POST', url: `/${kind}`, payload: least[kind] ?? {} });
    expect(created).toMatchObject({ statusCode: 201 });
    const entity = created.json<{ id: string; version: number }>();
    expect(created.headers['location']).toBe(`/${kind}/${entity.id}`);
    expect(findFaults(kind.slice(0, -1), entity)).toBeNull();

    const url = `/${kind}/${entity.id}`;
    const changed = await app.inject({ method: 'PUT', url, payload: { description: 'changed "é" 🚀' } });
    expect(changed.json()).toEqual({ ...entity, ...changed.json<object>(), description: 'changed "é" 🚀', version: 2 });
    expect((await app.inject(url.toUpperCase().replace(`/${kind.toUpperCase()}`, `/${kind}`))).json()).toEqual(
      changed.json(),
    );
    expect(await app.inject({ method: 'DELETE', url })).toMatchObject({ statusCode: 204, payload: '' });
    for (const method of ['GET', 'DELETE'] as const) expect((await app.inject({ method, url })).statusCode).toBe(404);
    expect((await app.inject({ method: 'PUT', url, payload: { description: null } })).statusCode).toBe(404);
    expect(await store.count(kind)).toBe(5);
  });

  it('come in pages that hold each of them once', async () => {
    const { app, store } = await startGateway({ items: 11 });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const response: { json(): unknown } = await app.inject(
        `/${kind}?include_pagination=true&limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      const page: Record<string, { id: string }[]> & { nextCursor: string | null } = response.json() as typeof page;
      expect(Object.keys(page)).toEqual([kind, 'nextCursor']);
      seen.push(...(page[kind] ?? []).map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual((await readAll(store, kind)).map(({ id }) => id.toString()));
  });
});

describe('the shapes of responses', () => {
  it.each(serializerNames)('are those of the payloads under %s', async (serializer) => {
    const { app } = await startGateway({ responses: { serializer } });
    for (const [url, payload] of [
      ['/tools', 'tools'],
      ['/tools?include_pagination=true', 'tools-page'],
      ['/servers', 'servers'],
      ['/gateways', 'gateways'],
      ['/export', 'export'],
    ] as const) {
      expect({ url, faults: findFaults(payload, (await app.inject(url)).json()) }).toEqual({ url, faults: null });
    }
  });

  it('are described by the OpenAPI document, one operation a route', async () => {
    const { app } = await startGateway();
    const document = (await app.inject('/openapi.json')).json<{
      openapi: string;
      paths: Record<string, object>;
      components: { schemas: object };
    }>();
    expect(document.openapi).toBe('3.1.0');
    for (const kind of entityKinds) {
      expect(Object.keys(document.paths[`/${kind}`] ?? {})).toEqual(['get', 'post']);
      expect(Object.keys(document.paths[`/${kind}/{id}`] ?? {})).toEqual(['get', 'put', 'delete']);
    }
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/health', '/export', '/events', '/rpc', '/mcp', '/openapi.json']),
    );
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(references).not.toHaveLength(0);
    for (const name of references) expect(document.components.schemas).toHaveProperty(String(name));
  });

  it('have the same head for HEAD as for GET, and no body', async () => {
    const { app } = await startGateway({ responses: { compression: 'gzip', cache: true } });
    for (const url of ['/tools', '/health', '/tags', '/tools?limit=1']) {
      const headers = { 'accept-encoding': 'gzip' };
      const [get, head] = [await app.inject({ url, headers }), await app.inject({ method: 'HEAD', url, headers })];
      expect(head).toMatchObject({ statusCode: 200, payload: '' });
      expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
    }
  });
});

describe('mistakes', () => {
  const send = async (request: {
    method?: 'POST' | 'PUT' | 'GET';
    url?: string;
    payload?: object | string;
    headers?: Record<string, string>;
  }) => {
    const { app } = await startGateway();
    const { method = 'POST', url = '/tools', ...rest } = request;
    return (await app.inject({ method, url, ...rest })).json<{ statusCode: number; message: string; error: string }>();
  };
  const json = { 'content-type': 'application/json' };

  it.each([
    ['a field that is missing', { description: 'x' }, "required property 'name'"],
    ['a field of another type', { name: 'x', enabled: 'true' }, 'body/enabled must be boolean'],
    ['an unknown field', { name: 'x', color: 'red' }, 'must NOT have additional properties'],
    ['a field that the gateway sets', { name: 'x', createdBy: 'somebody else' }, 'must NOT have additional properties'],
    [
      'a value outside an enumeration',
      { name: 'x', requestType: 'PATCH' },
      'must be equal to one of the allowed values',
    ],
    ['a UUID that is none', { name: 'x', gatewayId: 'urn:uuid:1' }, 'must match format "uuid"'],
  ])('in a body are answered with 422: %s', async (_what, payload, message) => {
    const answer = await send({ payload });
    expect(answer.statusCode).toBe(422);
    expect(answer.message).toContain(message);
  });

  it.each<[string, Parameters<typeof send>[0], number]>([
    ['no JSON', { payload: '{"name":', headers: json }, 400],
    ['no body', { payload: '', headers: json }, 400],
    ['a poisoned prototype', { payload: '{"name":"x","__proto__":{"enabled":false}}', headers: json }, 400],
    ['a poisoned constructor', { payload: '{"name":"x","constructor":{"prototype":{}}}', headers: json }, 400],
    [
      'another content type',
      { payload: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
    ],
    ['plain text', { payload: '{"name":"x"}', headers: { 'content-type': 'text/plain' } }, 415],
    ['a body that is too large', { payload: { name: 'x'.repeat(70_000) } }, 413],
    ['nothing to change', { method: 'PUT', url: '/tools/00000000-0000-4000-8000-000000000000', payload: {} }, 422],
    ['an id that is no UUID', { method: 'GET', url: '/tools/1%20OR%201=1' }, 422],
    ['a cursor of nobody', { method: 'GET', url: '/tools?cursor=abc' }, 422],
    ['a page that is too large', { method: 'GET', url: '/tools?include_pagination=true&limit=101' }, 422],
    ['an unknown path', { method: 'GET', url: '/unknown' }, 404],
  ])('are answered by their kind: %s', async (_what, request, statusCode) => {
    const answer = await send(request);
    expect(Object.keys(answer).toSorted()).toEqual(['error', 'message', 'statusCode']);
    expect(answer.statusCode).toBe(statusCode);
  });

  it('ignores parameters that nobody knows', async () => {
    const { app } = await startGateway();
    expect((await app.inject('/tools?unknown=1&limit=2')).json()).toHaveLength(2);
  });

  it('lets one of several creations with one name pass, and refuses to rename onto a taken name', async () => {
    const { app, store } = await startGateway();
    const creations = await Promise.all(
      Array.from({ length: 6 }, () =>
        app.inject({ method: 'POST', url: '/tools', payload: { name: 'one of a kind' } }),
      ),
    );
    expect(creations.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
      201, 409, 409, 409, 409, 409,
    ]);
    const first = await readFirst(store, 'tools');
    expect(
      (await app.inject({ method: 'PUT', url: `/tools/${first.id}`, payload: { name: 'one of a kind' } })).statusCode,
    ).toBe(409);
    const own = await app.inject({ method: 'PUT', url: `/tools/${first.id}`, payload: { name: first['name'] } });
    expect(own.statusCode).toBe(200);
  });

  it('tells nothing of a failure inside but that there was one', async () => {
    const store = createMemoryStore(2);
    store.afterRead = () => Promise.reject(new Error('secret detail'));
    store.failure = new Error('secret detail');
    const { app } = await startGateway({ store });
    for (const [url, statusCode] of [
      ['/tools', 500],
      ['/ready', 503],
    ] as const) {
      const answer = await app.inject(url);
      expect(answer.statusCode).toBe(statusCode);
      expect(answer.payload).not.toMatch(/secret detail|stack|\.ts/);
    }
  });
});
