/**
 * The gateway's contract, for settings of which there are many: every endpoint gives the same JSON under each of them,
 * and lists the same bytes where a serializer promises them.
 */
import zlib from 'node:zlib';

import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';

import { entityKinds } from '../../src/gateway/entities/entity.ts';
import type { ResponseSettings } from '../../src/gateway/settings.ts';
import { startGateway } from './start-gateway.ts';
import { createMemoryStore, readAll } from './store/memory-store.ts';

/** Enough for lists to be written in more than one way: whole, and in chunks. */
const items = 40;
const store = createMemoryStore(items);
const idOf = async (kind: (typeof entityKinds)[number]): Promise<string> => String((await readAll(store, kind))[3]?.id);
const cursor = (await store.list('tools', { limit: 2 })).nextCursor;
const toolName = String((await readAll(store, 'tools'))[0]?.['name']);

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly payload?: object;
}

const lists: Call[] = entityKinds.map((kind) => ({ method: 'GET', url: `/${kind}` }));
const pages: Call[] = entityKinds.map((kind) => ({ method: 'GET', url: `/${kind}?include_pagination=true&limit=7` }));
const single: Call[] = await Promise.all(
  entityKinds.map(async (kind): Promise<Call> => ({ method: 'GET', url: `/${kind}/${await idOf(kind)}` })),
);
const others: Call[] = [
  ...[
    '/health',
    '/ready',
    '/version',
    '/tags',
    '/export',
    '/openapi.json',
    `/tools?include_pagination=true&limit=5&cursor=${cursor}`,
    '/tools?limit=3',
  ].map((url): Call => ({ method: 'GET', url })),
  // Errors: unknown path, unknown id, no UUID, wrong limit, a body that the schema refuses, forbidden and unknown
  // fields.
  ...['/nothing', '/tools/00000000-0000-4000-8000-000000000000', '/tools/x"<é', '/tools?limit=none'].map(
    (url): Call => ({ method: 'GET', url }),
  ),
  { method: 'POST', url: '/tools', payload: { name: 7 } },
  { method: 'POST', url: '/servers', payload: { name: 'a', 'unknown "field"': 1 } },
  { method: 'PUT', url: `/tools/${await idOf('tools')}`, payload: { version: 3 } },
  { method: 'POST', url: '/rpc', payload: { jsonrpc: '2.0', id: 1, method: 'tools/list' } },
  {
    method: 'POST',
    url: '/rpc',
    payload: { jsonrpc: '2.0', id: 'é', method: 'tools/call', params: { name: toolName, arguments: {} } },
  },
  { method: 'POST', url: '/rpc', payload: { jsonrpc: '2.0', id: 2, method: 'nothing/here' } },
];

const decoders = {
  none: (body: Buffer) => body,
  gzip: zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  zstd: zlib.zstdDecompressSync,
};

interface Answer {
  readonly status: number;
  readonly type: unknown;
  readonly encoding: unknown;
  readonly body: Buffer;
}

async function ask(app: FastifyInstance, call: Call, compression: ResponseSettings['compression']): Promise<Answer> {
  const response = await app.inject({ ...call, headers: { 'accept-encoding': 'gzip, br, zstd' } });
  const encoding = response.headers['content-encoding'];
  const body = encoding === undefined ? response.rawPayload : decoders[compression](response.rawPayload);
  return { status: response.statusCode, type: response.headers['content-type'], encoding, body };
}

/** The time of an export is the one thing that differs from call to call. */
function parse({ status, type, body }: Answer): object {
  const text = body.toString().replace(/"exported_at":"[^"]+"/, '"exported_at":"now"');
  return { status, type, json: JSON.parse(text) as unknown };
}

const plain = await startPlain();

async function startPlain(): Promise<Map<Call, Answer>> {
  const { createGateway } = await import('../../src/gateway/app.ts');
  const { plainSettings } = await import('./start-gateway.ts');
  const app = await createGateway({ store, settings: plainSettings });
  const calls = [...lists, ...pages, ...single, ...others];
  const answers = await Promise.all(
    calls.map(async (call): Promise<[Call, Answer]> => [call, await ask(app, call, 'none')]),
  );
  await app.close();
  return new Map(answers);
}

/** Declares the tests of the contract. */
export function describeContract(combinations: readonly ResponseSettings[]): void {
  describe.for(combinations)('$serializer, compression $compression, cache $cache', (responses) => {
    it('gives the same JSON, status and content type as JSON.stringify without anything else', async () => {
      const { app } = await startGateway({ store, responses });
      for (const [call, expected] of plain) {
        const answer = await ask(app, call, responses.compression);
        expect({ call, ...parse(answer) }).toEqual({ call, ...parse(expected) });
        // A second time, for what is kept.
        expect({ call, ...parse(await ask(app, call, responses.compression)) }).toEqual({ call, ...parse(expected) });
      }
    });

    it('compresses exactly what is long enough', async () => {
      const { app } = await startGateway({ store, responses });
      for (const [call, { body }] of plain) {
        const { encoding } = await ask(app, call, responses.compression);
        const isLong = body.length >= responses.compressionMinimumBytes && responses.compression !== 'none';
        expect({ call, encoding }).toEqual({ call, encoding: isLong ? responses.compression : undefined });
      }
    });
  });

  /** Schema-driven code may write the same fields in another order. */
  const exact = combinations.filter(({ serializer }) => serializer !== 'fast-json-stringify');

  describe.for(exact)('$serializer, compression $compression, cache $cache', (responses) => {
    it('gives the bytes of JSON.stringify', async () => {
      const { app } = await startGateway({ store, responses });
      for (const call of [...lists, ...pages, ...single]) {
        const { body } = await ask(app, call, responses.compression);
        expect({ call, text: body.toString('latin1') }).toEqual({
          call,
          text: plain.get(call)?.body.toString('latin1'),
        });
      }
    });
  });

  describe('what every setting is compared with', () => {
    it('is what the store holds', async () => {
      for (const kind of entityKinds) {
        const answer = [...plain].find(([call]) => call.url === `/${kind}`)?.[1];
        expect(answer?.body.toString()).toBe(JSON.stringify(await readAll(store, kind)));
      }
    });

    it('has each status that the calls were made for', () => {
      expect(new Set([...plain.values()].map(({ status }) => status))).toEqual(new Set([200, 404, 422]));
    });
  });
}
