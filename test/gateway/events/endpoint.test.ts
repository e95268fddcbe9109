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

import { describePayload } from '../../../src/gateway/entities/schemas.ts';
import { KeptEvents } from '../../../src/gateway/events/kept-events.ts';
import { serializerNames } from '../../../src/gateway/settings.ts';
import { stopGateway } from '../../../src/gateway/shutdown.ts';
import { startGateway } from '../start-gateway.ts';
import { readFirst } from '../store/memory-store.ts';

interface Events {
  readonly response: http.IncomingMessage;
  readonly data: object[];
  /** The id as a browser would know it: of the last block that had one. */
  readonly lastId: () => string;
  /** Names of the events that have one. */
  readonly names: string[];
  readonly until: (count: number) => Promise<void>;
}

async function openEvents(app: FastifyInstance, lastEventId?: string): Promise<Events> {
  const { port } = app.server.address() as { port: number };
  const headers = { 'accept-encoding': 'gzip', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
  const [response] = (await once(http.get({ port, path: '/events', headers }), 'response')) as [http.IncomingMessage];
  const data: object[] = [];
  const names: string[] = [];
  let lastId = '';
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const line of frames.flatMap((frame) => frame.split('\n'))) {
      if (line.startsWith('id: ')) lastId = line.slice(4);
      if (line.startsWith('event: ')) names.push(line.slice(7));
      if (line.startsWith('data: ')) data.push(JSON.parse(line.slice(6)) as object);
    }
  });
  // What is cut while it is read is what some of these tests are about.
  response.on('error', () => {});
  const until = async (count: number): Promise<void> => {
    while (data.length < count) await setTimeout(5);
  };
  return { response, data, lastId: () => lastId, names, until };
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
      {
        type: 'tool_updated',
        data: { id: tool.id, name: tool['name'], url: tool['url'], description: 'one\n\ntwo "é" 🚀', enabled: false },
        timestamp,
      },
      {
        type: 'server_created',
        data: { id: created.json<{ id: string }>().id, name: 'new', url: null, description: null, enabled: true },
        timestamp,
      },
      {
        type: 'tool_deleted',
        data: { id: tool.id, name: null, url: null, description: null, enabled: null },
        timestamp,
      },
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
    for (const description of ['a', 'b'])
      await app.inject({ method: 'PUT', url: `/tools/${tool.id}`, payload: { description } });
    await stays.until(2);
    expect(leaves.data).toEqual([]);
    stays.response.destroy();
  });
});

describe('a reader of events who comes back', () => {
  async function startEvents(): Promise<{ app: FastifyInstance; change: (description: string) => Promise<void> }> {
    const { app, store } = await startGateway();
    await app.listen({ port: 0 });
    const tool = await readFirst(store, 'tools');
    const change = async (description: string): Promise<void> =>
      void (await app.inject({ method: 'PUT', url: `/tools/${tool.id}`, payload: { description } }));
    return { app, change };
  }
  const descriptions = ({ data }: Events): unknown[] =>
    data.map((event) => (event as { data: { description: unknown } }).data.description);

  it('gets what was missed, each once and in order, and then what follows', async () => {
    const { app, change } = await startEvents();
    const first = await openEvents(app);
    await change('a');
    await first.until(1);
    first.response.destroy();
    for (const text of ['b', 'c']) await change(text);
    const second = await openEvents(app, first.lastId());
    await change('d');
    await second.until(3);
    expect(descriptions(second)).toEqual(['b', 'c', 'd']);
    expect(second.names).toEqual([]);
    second.response.destroy();
    const third = await openEvents(app, second.lastId());
    await change('e');
    await third.until(1);
    expect(descriptions(third)).toEqual(['e']);
    third.response.destroy();
  });

  it('has an id before the first event', async () => {
    const { app, change } = await startEvents();
    const first = await openEvents(app);
    await expect.poll(first.lastId).not.toBe('');
    first.response.destroy();
    await change('a');
    const second = await openEvents(app, first.lastId());
    await second.until(1);
    expect(descriptions(second)).toEqual(['a']);
    second.response.destroy();
  });

  it.each(['1', 'another-3', 'no id at all', '{}', '-', `${'x'.repeat(3000)}-1`])(
    'is told that it missed events where nobody here gave its id: %s',
    async (id) => {
      const { app, change } = await startEvents();
      const reader = await openEvents(app, id);
      await change('a');
      await reader.until(2);
      expect(reader.names).toEqual(['missed']);
      expect(reader.data[0]).toEqual({ type: 'events_missed' });
      expect(descriptions({ ...reader, data: reader.data.slice(1) })).toEqual(['a']);
      reader.response.destroy();
    },
  );
});

describe('kept events', () => {
  it('are the latest thousand, and an id before them is unknown', () => {
    const kept = new KeptEvents();
    const mark = kept.markOf('amara');
    const ids = [kept.lastId(mark)];
    for (let count = 1; count <= 1500; count += 1) {
      kept.add(String(count));
      ids.push(kept.lastId(mark));
    }
    expect(kept.since(ids[1500] as string, mark)).toEqual([]);
    expect(kept.since(ids[1498] as string, mark)).toEqual([
      `id: ${mark}-1499\ndata: 1499\n\n`,
      `id: ${mark}-1500\ndata: 1500\n\n`,
    ]);
    expect(kept.since(ids[500] as string, mark)).toHaveLength(1000);
    expect(kept.since(ids[499] as string, mark)).toBeUndefined();
    expect(kept.since(ids[0] as string, mark)).toBeUndefined();
    expect(kept.since(`${mark}-1501`, mark)).toBeUndefined();
    expect(kept.since('other-1500', mark)).toBeUndefined();
  });

  it('are fewer where they are long', () => {
    const kept = new KeptEvents();
    const mark = kept.markOf('amara');
    for (let count = 1; count <= 20; count += 1) kept.add('x'.repeat(100_000));
    expect(kept.since(`${mark}-15`, mark)).toHaveLength(5);
    expect(kept.since(`${mark}-14`, mark)).toBeUndefined();
    kept.add('x'.repeat(1_000_000));
    expect(kept.since(`${mark}-20`, mark)).toBeUndefined();
    expect(kept.since(`${mark}-21`, mark)).toEqual([]);
  });

  it('have ids of their own for each reader and each process', () => {
    const [kept, other] = [new KeptEvents(), new KeptEvents()];
    const marks = [kept.markOf('amara'), kept.markOf('boris'), other.markOf('amara')];
    expect(new Set(marks).size).toBe(3);
    expect(kept.markOf('amara')).toBe(marks[0]);
    kept.add('1');
    expect(kept.since(`${marks[0]}-0`, marks[0] as string)).toHaveLength(1);
    expect(kept.since(`${marks[0]}-0`, marks[1] as string)).toBeUndefined();
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
    await expect(
      fetch(`http://127.0.0.1:${port}/health`, { headers: { connection: 'close' } }).then(
        ({ ok }) => ok,
        () => false,
      ),
    ).resolves.toBe(false);
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
    const running = fetch(`http://localhost:${port}/tools`).then(
      () => 'answered',
      () => 'cut',
    );
    await wasRead.promise;
    await stopGateway(app, { store, drainMs: 50 });
    expect(await running).toBe('cut');
    held.resolve();
  });

  it('closes the connection after each response where keep-alive is off', async () => {
    const { app } = await startGateway({ responses: { keepAlive: false } });
    for (const url of ['/health', '/tools', '/nothing'])
      expect((await app.inject(url)).headers['connection']).toBe('close');
  });
});
