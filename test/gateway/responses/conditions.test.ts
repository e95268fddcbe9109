/**
 * Conditional requests: HEAD beside GET for every endpoint, cache, compression and condition; and writes that are meant
 * for one state of an entity.
 */
import { describe, expect, it } from 'vitest';

import { matchesTag, tagEncoded } from '../../../src/gateway/responses/conditions.ts';
import type { ResponseSettings } from '../../../src/gateway/settings.ts';
import { startGateway } from '../start-gateway.ts';
import { createMemoryStore, readFirst } from '../store/memory-store.ts';

const store = createMemoryStore(6);
const tool = await readFirst(store, 'tools');
const nobody = '00000000-0000-4000-8000-000000000000';

/** What GET answers with 200, and then with each other status. */
const found = [
  '/tools',
  '/tools?limit=2',
  '/tools?include_pagination=true&limit=2',
  `/tools/${tool.id}`,
  '/gateways',
  '/tags',
  '/export',
  '/health',
  '/ready',
  '/version',
  '/openapi.json',
];
const refused = [
  `/tools/${nobody}`,
  '/tools/none',
  '/tools?limit=none',
  '/nothing',
  '/rpc',
  '/mcp',
  '/tools/%zz',
  `/tools/${'1'.repeat(200)}`,
];

const combinations: Pick<ResponseSettings, 'compression' | 'cache' | 'serializer'>[] = [
  ...(['none', 'gzip', 'br'] as const).flatMap((compression) =>
    [false, true].map((cache) => ({ compression, cache, serializer: 'gateway-serializer' as const })),
  ),
  { compression: 'gzip', cache: true, serializer: 'fast-json-stringify' },
  { compression: 'none', cache: false, serializer: 'json-stringify' },
];

/** Conditions by what they say of a tag. */
const conditions: [name: string, headers: (tag: string) => Record<string, string>, statusWithTag: number][] = [
  ['none', () => ({}), 200],
  ['If-None-Match: the tag', (tag) => ({ 'if-none-match': tag }), 304],
  ['If-None-Match: the tag, strong', (tag) => ({ 'if-none-match': tag.replace(/^W\//, '') }), 304],
  ['If-None-Match: the tag, weak', (tag) => ({ 'if-none-match': `W/${tag.replace(/^W\//, '')}` }), 304],
  ['If-None-Match: a list with the tag', (tag) => ({ 'if-none-match': `"a, b" , W/"c",${tag}` }), 304],
  ['If-None-Match: *', () => ({ 'if-none-match': '*' }), 304],
  ['If-None-Match: other tags', (tag) => ({ 'if-none-match': `"x", W/"${tag.length}"` }), 200],
  ['If-None-Match: no tag at all', (tag) => ({ 'if-none-match': tag.replaceAll('"', '') }), 200],
  ['If-Match: *', () => ({ 'if-match': '*' }), 200],
  ['If-Match: another tag', () => ({ 'if-match': '"x"' }), 412],
  ['If-Match: *, and If-None-Match: the tag', (tag) => ({ 'if-match': '*', 'if-none-match': tag }), 304],
];

describe.for(combinations)('HEAD with compression $compression, cache $cache, $serializer', (responses) => {
  it('has the status and headers of GET and no body under every condition', async () => {
    const { app } = await startGateway({ store, responses });
    const cases = conditions.flatMap((condition) => [...found, ...refused].map((url) => ({ url, condition })));
    for (const {
      url,
      condition: [name, headersFor, statusWithTag],
    } of cases) {
      const plain = await app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
      const tag = plain.headers['etag'];
      const headers = { 'accept-encoding': 'gzip, br', ...headersFor(typeof tag === 'string' ? tag : '"of nothing"') };
      const get = await app.inject({ url, headers });
      const head = await app.inject({ method: 'HEAD', url, headers });
      const heads = [get, head].map((answer) => ({
        url,
        name,
        status: answer.statusCode,
        headers: { ...answer.headers, date: '' },
      }));
      // The time of an export is in its body.
      if (url === '/export')
        for (const { headers: ofExport } of heads) delete (ofExport as Record<string, unknown>)['content-length'];
      expect(heads[1]).toEqual(heads[0]);
      expect(head.payload).toBe('');
      expect({ url, name, status: get.statusCode }).toEqual({
        url,
        name,
        status: tag === undefined ? plain.statusCode : statusWithTag,
      });
      if (get.statusCode !== 304) continue;
      expect(get.payload).toBe('');
      for (const header of ['etag', 'vary', 'cache-control'])
        expect({ header, value: get.headers[header] }).toEqual({ header, value: plain.headers[header] });
      for (const header of ['content-length', 'content-type', 'content-encoding'])
        expect(get.headers).not.toHaveProperty(header);
    }
  });

  it('finds a tag wherever one is due', async () => {
    const { app } = await startGateway({ store, responses });
    const tags = await Promise.all(
      found.map(async (url): Promise<[string, boolean]> => [
        url,
        (await app.inject({ url })).headers['etag'] !== undefined,
      ]),
    );
    const single = new Set([`/tools/${tool.id}`]);
    const untagged = new Set(['/health', '/ready', '/version', '/openapi.json']);
    expect(tags).toEqual(found.map((url) => [url, single.has(url) || (responses.cache && !untagged.has(url))]));
  });
});

describe('HEAD of a stream', () => {
  it('answers with the head of the stream and opens none', async () => {
    const { app } = await startGateway({ store });
    const head = await app.inject({ method: 'HEAD', url: '/events' });
    expect(head).toMatchObject({
      statusCode: 200,
      payload: '',
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    });
  });
});

describe('a tag', () => {
  it.each([
    ['"a"', '"a"', true, true],
    ['"a"', 'W/"a"', true, false],
    ['W/"a"', '"a"', true, false],
    ['W/"a"', 'W/"a"', true, false],
    ['"a"', '*', true, true],
    ['"a"', ' "b" ,, "a"', true, true],
    ['"a"', '"b,"a"', false, false],
    ['"a"', 'a', false, false],
    ['"a"', '', false, false],
    ['"a"', '"A"', false, false],
    ['"a-gzip"', '"a"', true, true],
    ['"a"', '"a-br"', true, true],
    ['"a"', '"a-identity"', false, false],
  ])('%s against %s: weak %s, strong %s', (tag, header, weak, strong) => {
    expect(matchesTag(tag, { header, comparison: 'weak' })).toBe(weak);
    expect(matchesTag(tag, { header, comparison: 'strong' })).toBe(strong);
  });

  it('of other bytes is another one where it is strong', () => {
    expect([tagEncoded('"a"', 'gzip'), tagEncoded('W/"a"', 'gzip')]).toEqual(['"a-gzip"', 'W/"a"']);
  });

  it('is another one after each change', async () => {
    const { app } = await startGateway();
    const created = await app.inject({ method: 'POST', url: '/tools', payload: { name: 'tagged' } });
    const url = String(created.headers['location']);
    const seen = [created.headers['etag']];
    for (const title of ['a', 'b', 'b'])
      seen.push((await app.inject({ method: 'PUT', url, payload: { title } })).headers['etag']);
    expect(new Set(seen).size).toBe(4);
    expect((await app.inject({ url })).headers['etag']).toBe(seen.at(-1));
  });
});

describe.for(['PUT', 'DELETE'] as const)('%s', (method) => {
  const start = async () => {
    const { app, store: own } = await startGateway({ responses: { compression: 'gzip', compressionMinimumBytes: 1 } });
    const url = `/tools/${(await readFirst(own, 'tools')).id}`;
    const tag = String((await app.inject({ url })).headers['etag']);
    const encoded = String((await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })).headers['etag']);
    const send = (headers: Record<string, string>) =>
      app.inject({ method, url, headers, ...(method === 'PUT' ? { payload: { title: 'new' } } : {}) });
    return { app, url, tag, encoded, send };
  };
  const done = method === 'PUT' ? 200 : 204;

  it.each([
    ['no condition', () => ({})],
    ['If-Match: the tag', (tag: string) => ({ 'if-match': tag })],
    ['If-Match: the tag of the compressed bytes', (_: string, encoded: string) => ({ 'if-match': encoded })],
    ['If-Match: a list', (tag: string) => ({ 'if-match': `"x", ${tag}` })],
    ['If-Match: *', () => ({ 'if-match': '*' })],
    ['If-None-Match: another', () => ({ 'if-none-match': '"x"' })],
  ] as [string, (tag: string, encoded: string) => Record<string, string>][])(
    'is done with %s',
    async (_, headersFor) => {
      const { tag, encoded, send } = await start();
      expect((await send(headersFor(tag, encoded))).statusCode).toBe(done);
    },
  );

  it.each([
    ['If-Match: an older tag', (tag: string) => ({ 'if-match': tag }), true],
    ['If-Match: a weak tag', (tag: string) => ({ 'if-match': `W/${tag}` }), false],
    ['If-Match: no tag', () => ({ 'if-match': 'x' }), false],
    ['If-None-Match: *', () => ({ 'if-none-match': '*' }), false],
    ['If-None-Match: the tag', (tag: string) => ({ 'if-none-match': tag }), false],
  ] as [string, (tag: string) => Record<string, string>, boolean][])(
    'is 412 with %s, and nothing changes',
    async (_, headersFor, isChangedBefore) => {
      const { app, url, tag, send } = await start();
      if (isChangedBefore) await app.inject({ method: 'PUT', url, payload: { title: 'between' } });
      const before = (await app.inject({ url })).json<object>();
      expect((await send(headersFor(tag))).json()).toMatchObject({ statusCode: 412, error: 'Precondition Failed' });
      expect((await app.inject({ url })).json()).toEqual(before);
    },
  );

  it('is 404 where there is nothing, whatever the condition', async () => {
    const { app } = await start();
    for (const headers of [{ 'if-match': '"x"' }, { 'if-match': '*' }, { 'if-none-match': '*' }]) {
      const answer = await app.inject({
        method,
        url: `/tools/${nobody}`,
        headers,
        ...(method === 'PUT' ? { payload: { title: 'new' } } : {}),
      });
      expect(answer.statusCode).toBe(404);
    }
  });
});
