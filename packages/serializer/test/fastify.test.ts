import { get as httpGet } from 'node:http';

import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';

import type { FastifyResponseSerializerOptions } from '../src/fastify.ts';
import { fastifyResponseSerializer } from '../src/fastify.ts';
import { longCount, makeTools, payloads } from './payloads.ts';

const apps: FastifyInstance[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** Names one field of many and one that is often not there, so that a serializer that trusts it would lose much. */
const tool = {
  type: 'object',
  properties: { created_at: { type: 'string', format: 'date-time' }, absent: { type: 'integer' } },
  required: ['absent'],
};
const schema = { response: { '2xx': { anyOf: [{ type: 'array', items: tool }, tool, { type: 'null' }] }, 404: tool } };

async function start(
  options: FastifyResponseSerializerOptions,
  routes: (app: FastifyInstance) => void,
): Promise<string> {
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  await app.register(fastifyResponseSerializer, options);
  // In a plugin of its own, as routes are, and a level below.
  await app.register(((child, _options, done) => {
    routes(child);
    done();
  }) satisfies FastifyPluginCallback);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

describe('a reply of Fastify', () => {
  it.each(payloads)('has the bytes of JSON.stringify, with and without a schema: %s', async (_title, value) => {
    const url = await start({}, (app) => {
      app.get('/plain', (_request, reply) => reply.send(value));
      app.get('/schema', { schema }, (_request, reply) => reply.send(value));
      app.get('/returned', { schema }, () => Promise.resolve(value));
    });
    const expected = Buffer.from(JSON.stringify(value));
    for (const path of ['/plain', '/schema', '/returned']) {
      const response = await fetch(url + path);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('content-length')).toBe(String(expected.length));
      expect(Buffer.from(await response.arrayBuffer()).equals(expected)).toBe(true);
    }
  });

  it('would lose fields to the schema without the plugin', async () => {
    const app = fastify();
    apps.push(app);
    app.get('/', { schema: { response: { 200: { type: 'object', properties: { a: { type: 'string' } } } } } }, () =>
      Promise.resolve({ a: 'a', b: 'b' }),
    );
    expect((await app.inject('/')).body).toBe('{"a":"a"}');
  });

  it('keeps strings, Buffers and replies without a body as they are', async () => {
    const url = await start({}, (app) => {
      app.get('/text', (_request, reply) => reply.send('text "as it is"'));
      app.get('/bytes', (_request, reply) => reply.send(Buffer.from([1, 2, 3])));
      app.get('/none', (_request, reply) => reply.code(204).send());
    });
    expect(await (await fetch(`${url}/text`)).text()).toBe('text "as it is"');
    expect([...new Uint8Array(await (await fetch(`${url}/bytes`)).arrayBuffer())]).toEqual([1, 2, 3]);
    expect((await fetch(`${url}/none`)).status).toBe(204);
  });

  it('to HEAD has the length and no body', async () => {
    const url = await start({}, (app) => {
      app.get('/', { schema }, () => Promise.resolve(makeTools(3)));
    });
    const response = await fetch(url, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(JSON.stringify(makeTools(3)))));
    expect(await response.text()).toBe('');
  });

  it('is a 500 where the value cannot be written, even a long one', async () => {
    const url = await start({}, (app) => {
      app.get('/', () => Promise.resolve([...makeTools(longCount), 1n]));
      app.get('/function', (_request, reply) => reply.send(() => 1));
    });
    for (const path of ['/', '/function']) {
      const response = await fetch(url + path);
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ statusCode: 500 });
    }
  });

  it('keeps all fields of errors and of statuses with a schema of their own', async () => {
    const url = await start({}, (app) => {
      app.get('/missing', { schema }, (_request, reply) => reply.code(404).send({ code: 'E_NONE', at: new Date(0) }));
      app.get('/error', { schema }, () =>
        Promise.reject(Object.assign(new Error('gone'), { statusCode: 404, code: 'E_GONE' })),
      );
      app.setErrorHandler((error: Error, _request, reply) =>
        reply.code(404).send({ message: error.message, at: new Date(1) }),
      );
    });
    expect(await (await fetch(`${url}/missing`)).text()).toBe('{"code":"E_NONE","at":"1970-01-01T00:00:00.000Z"}');
    expect(await (await fetch(`${url}/error`)).text()).toBe('{"message":"gone","at":"1970-01-01T00:00:00.001Z"}');
  });

  it('loses nothing in serializers that a handler asks for by schema', async () => {
    const url = await start({}, (app) => {
      app.get('/', { schema }, (_request, reply) => {
        const serialize = reply.getSerializationFunction('404') as (payload: object) => string;
        return reply.type('application/json').send(serialize({ extra: 1, created_at: new Date(0) }));
      });
    });
    expect(await (await fetch(url)).text()).toBe('{"extra":1,"created_at":"1970-01-01T00:00:00.000Z"}');
  });

  it('tells of an error with a schema what Fastify tells, and what the schema names, and no more', async () => {
    const error = Object.assign(new Error('a teapot'), {
      statusCode: 418,
      code: 'E_TEA',
      hint: 'try coffee',
      secret: 's',
    });
    const url = await start({}, (app) => {
      app.get(
        '/named',
        { schema: { response: { 418: { type: 'object', properties: { hint: { type: 'string' } } } } } },
        () => Promise.reject(error),
      );
      app.get('/any', { schema: { response: { 418: true } } }, () => Promise.reject(error));
      app.get('/plain', () => Promise.reject(error));
    });
    const fields = { statusCode: 418, code: 'E_TEA', error: "I'm a Teapot", message: 'a teapot' };
    expect(await (await fetch(`${url}/plain`)).json()).toEqual(fields);
    expect(await (await fetch(`${url}/any`)).json()).toEqual(fields);
    expect(await (await fetch(`${url}/named`)).json()).toEqual({ ...fields, hint: 'try coffee' });
  });

  it('goes through the plugin although the routes were declared before it was loaded', async () => {
    const app = fastify();
    apps.push(app);
    void app.register(fastifyResponseSerializer, { types: { bigint: true } });
    app.get('/', () => Promise.resolve({ n: 1n }));
    app.get('/schema', { schema }, () => Promise.resolve({ n: 1n }));
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await (await fetch(url)).text()).toBe('{"n":1}');
    expect(await (await fetch(`${url}/schema`)).text()).toBe('{"n":1}');
  });

  it('takes the options of the serializer: types and a cache, whose items can be invalidated', async () => {
    const items = Array.from({ length: 20 }, (_, n) => ({ n: BigInt(n), name: 'old' }));
    const url = await start({ types: { bigint: true }, cache: {} }, (app) => {
      app.get('/', { schema: { response: { 200: { type: 'array' } } } }, () => Promise.resolve(items));
      app.get('/forget', () => {
        app.responseSerializer.invalidate(items[3] as object);
        return Promise.resolve({ forgotten: 3n });
      });
    });
    const text = (): Promise<string> => fetch(url).then((response) => response.text());
    const before = await text();
    expect(JSON.parse(before)).toHaveLength(20);
    for (const item of items) item.name = 'new';
    expect(await text()).toBe(before);
    expect(await (await fetch(`${url}/forget`)).text()).toBe('{"forgotten":3}');
    expect((await text()).match(/new/g)).toHaveLength(1);
  });

  it('can be streamed in chunks where a handler asks for it, until the client goes away', async () => {
    // More than the buffers of both sockets hold.
    const tools = Array.from({ length: 5000 }, (_, n) => ({ at: new Date(n), text: 'x'.repeat(8000) }));
    const closed = Promise.withResolvers<boolean>();
    const url = await start({}, (app) => {
      app.get('/', (_request, reply) => {
        const stream = app.responseSerializer.stream(tools);
        stream.once('close', () => closed.resolve(stream.readableEnded));
        return reply.type('application/json; charset=utf-8').send(stream);
      });
    });
    httpGet(url, { agent: false }, (response) => {
      response.once('data', () => response.destroy());
    }).on('error', () => undefined);
    expect(await closed.promise).toBe(false);

    const response = await fetch(url);
    expect(response.headers.get('content-length')).toBeNull();
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(JSON.stringify(tools)))).toBe(true);
  });

  it('lets a hook see the bytes before they are sent', async () => {
    const url = await start({}, (app) => {
      app.addHook('onSend', (_request, reply, payload, done) => {
        reply.header('x-bytes', String(Buffer.byteLength(payload as Buffer)));
        done(null, payload);
      });
      app.get('/', () => Promise.resolve({ at: new Date(0) }));
    });
    const response = await fetch(url);
    expect(response.headers.get('x-bytes')).toBe(String((await response.text()).length));
  });

  it('is not begun with options that are out of range', async () => {
    await expect(start({ chunkItems: 0 }, () => undefined)).rejects.toThrow('chunkItems');
  });
});
