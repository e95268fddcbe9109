/**
 * The event stream and the end of a gateway, over real sockets.
 */
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout } from 'node:timers/promises';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';

import { describePayload } from '../../src/gateway/schemas.ts';
import { serializerNames } from '../../src/gateway/serializers.ts';
import { stopGateway } from '../../src/gateway/shutdown.ts';
import { readFirst } from './memory-store.ts';
import { startGateway } from './start-gateway.ts';

async function openEvents(app: FastifyInstance): Promise<{ response: http.IncomingMessage; data: object[]; until: (count: number) => Promise<void> }> {
  const { port } = app.server.address() as { port: number };
  const [response] = (await once(http.get({ port, path: '/events', headers: { 'accept-encoding': 'gzip' } }), 'response')) as [http.IncomingMessage];
  const data: object[] = [];
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) if (frame.startsWith('data: ')) data.push(JSON.parse(frame.slice(6)) as object);
  });
  // What is cut while it is read is what some of these tests are about.
  response.on('error', () => {});
  const until = async (count: number): Promise<void> => {
    while (data.length < count) await setTimeout(5);
  };
  return { response, data, until };
}

describe('the event stream', () => {
  it.each(serializerNames)('tells of every change in the shape of its payload, under %s', async (serializer) => {
    const { app, store } = await startGateway({ responses: { serializer, compression: 'gzip', cache: true } });
    await app.listen({ port: 0 });
    const tool = await readFirst(store, 'tools');
    const { response, data, until } = await openEvents(app);
    expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream' });
    expect(response.headers).not.toHaveProperty('content-encoding');

    const url = `/tools/${tool.id}`;
    await app.inject({ method: 'PUT', url, payload: { description: 'one\n\ntwo "é" 🚀', enabled: false } });
    const created = await app.inject({ method: 'POST', url: '/servers', payload: { name: 'new' } });
    await app.inject({ method: 'DELETE', url });
    await until(3);
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string;
    expect(data).toEqual([
      { type: 'tool_updated', data: { id: tool.id, name: tool['name'], url: tool['url'], description: 'one\n\ntwo "é" 🚀', enabled: false }, timestamp },
      { type: 'server_created', data: { id: created.json<{ id: string }>().id, name: 'new', url: null, description: null, enabled: true }, timestamp },
      { type: 'tool_deleted', data: { id: tool.id, name: null, url: null, description: null, enabled: null }, timestamp },
    ]);
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.validate(describePayload('sse-event'), data[0]);
    expect(ajv.errors).toBeNull();
    response.destroy();
  });

  it('goes on for others when a reader goes', async () => {
    const { app, store } = await startGateway();
    await app.listen({ port: 0 });
    const tool = await readFirst(store, 'tools');
    const [leaves, stays] = [await openEvents(app), await openEvents(app)];
    leaves.response.destroy();
    await setTimeout(20);
    for (const description of ['a', 'b']) await app.inject({ method: 'PUT', url: `/tools/${tool.id}`, payload: { description } });
    await stays.until(2);
    expect(leaves.data).toEqual([]);
    stays.response.destroy();
  });
});

describe('the end of a gateway', () => {
  it('lets a running request finish, ends event streams, and closes the store last', async () => {
    const { app, store, settings } = await startGateway();
    await app.listen({ port: 0 });
    const { port } = app.server.address() as { port: number };
    const events = await openEvents(app);
    const ended = once(events.response, 'end');
    const held = Promise.withResolvers<void>();
    const wasRead = Promise.withResolvers<void>();
    store.afterRead = () => (wasRead.resolve(), held.promise);
    const running = fetch(`http://localhost:${port}/tools`);
    await wasRead.promise;

    const stopping = stopGateway(app, { store, drainMs: settings.drainMs });
    await ended;
    expect(store.isClosed).toBe(false);
    await expect(fetch(`http://127.0.0.1:${port}/health`, { headers: { connection: 'close' } }).then(({ ok }) => ok, () => false)).resolves.toBe(false);
    held.resolve();
    expect(await (await running).json()).toHaveLength(5);
    await stopping;
    expect(store.isClosed).toBe(true);
  });

  it('cuts a request that does not finish in time', async () => {
    const { app, store } = await startGateway();
    await app.listen({ port: 0 });
    const { port } = app.server.address() as { port: number };
    const wasRead = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    store.afterRead = () => (wasRead.resolve(), held.promise);
    const running = fetch(`http://localhost:${port}/tools`).then(() => 'answered', () => 'cut');
    await wasRead.promise;
    await stopGateway(app, { store, drainMs: 50 });
    expect(await running).toBe('cut');
    held.resolve();
  });

  it('closes the connection after each response where keep-alive is off', async () => {
    const { app } = await startGateway({ responses: { keepAlive: false } });
    for (const url of ['/health', '/tools', '/nothing']) expect((await app.inject(url)).headers['connection']).toBe('close');
  });
});
