/**
 * A kept body is never one from before a write, whoever reads when; and the cache keeps within its bytes.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { ResponseCache } from '../../../src/gateway/responses/cache.ts';
import { startGateway } from '../start-gateway.ts';
import { readFirst } from '../store/memory-store.ts';

const cached = { cache: true } as const;
const body = (size: number, revision = '1') => ({ body: Buffer.alloc(size), revision, headers: {} });

describe('the cache of bodies', () => {
  it('gives a body for its revision only, and forgets it for another', () => {
    const cache = new ResponseCache(1000);
    cache.store('a', body(10, '1'));
    expect(cache.find('a', '1')).toBeDefined();
    expect(cache.find('a', '2')).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });

  it('never holds more bytes than it may, and lets the least recently used go first', () => {
    const cache = new ResponseCache(303);
    for (const key of ['a', 'b', 'c']) cache.store(key, body(100));
    expect(cache.bytes).toBe(303);
    cache.find('a', '1');
    cache.store('d', body(100));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.find(key, '1') !== undefined)).toEqual(['a', 'c', 'd']);
    cache.store('e', body(304));
    expect(cache.find('e', '1')).toBeUndefined();
    expect(cache.bytes).toBe(303);
  });
});

describe('a gateway that keeps bodies', () => {
  it('sends a body again without reading the list again', async () => {
    const { app, store } = await startGateway({ responses: cached });
    const first = await app.inject('/tools');
    let reads = 0;
    store.afterRead = async () => void (reads += 1);
    const second = await app.inject('/tools');
    expect(second.payload).toBe(first.payload);
    expect(reads).toBe(0);
  });

  it('never answers a read that begins after a write with what was there before it', async () => {
    const { app, store } = await startGateway({ responses: cached });
    const tool = await readFirst(store, 'tools');
    // Reads are held back between the database and the answer, so that writes come in between.
    let read = 0;
    store.afterRead = () => setTimeout((read += 1) % 5);
    const reading = { isOver: false, count: 0 };
    const readers = Array.from({ length: 8 }, async () => {
      while (!reading.isOver) {
        await app.inject('/tools');
        reading.count += 1;
        // A hit needs no turn of the event loop, and timers would never fire.
        await setImmediate();
      }
    });
    for (let write = 1; write <= 40; write += 1) {
      const description = `written ${write}`;
      expect((await app.inject({ method: 'PUT', url: `/tools/${tool.id}`, payload: { description } })).statusCode).toBe(
        200,
      );
      const [list, one] = await Promise.all([app.inject('/tools'), app.inject(`/tools/${tool.id}`)]);
      expect(list.json<{ description: string }[]>()[0]?.description).toBe(description);
      expect(one.json<{ description: string }>().description).toBe(description);
    }
    reading.isOver = true;
    await Promise.all(readers);
    expect(reading.count).toBeGreaterThan(0);
  });

  it('does not answer a kept read after a write that came while it was made', async () => {
    const { app, store } = await startGateway({ responses: cached });
    const tool = await readFirst(store, 'tools');
    const held = Promise.withResolvers<void>();
    const wasRead = Promise.withResolvers<void>();
    store.afterRead = () => (wasRead.resolve(), held.promise);
    const slow = app.inject('/tools');
    await wasRead.promise;
    await app.inject({ method: 'PUT', url: `/tools/${tool.id}`, payload: { description: 'newer' } });
    held.resolve();
    expect((await slow).json<{ description: string }[]>()[0]?.description).not.toBe('newer');
    store.afterRead = async () => {};
    expect((await app.inject('/tools')).json<{ description: string }[]>()[0]?.description).toBe('newer');
  });

  it('makes tags and exports anew when any kind changes', async () => {
    const { app, store } = await startGateway({ responses: cached });
    const before = await app.inject('/tags');
    const prompt = await readFirst(store, 'prompts');
    await app.inject({
      method: 'PUT',
      url: `/prompts/${prompt.id}`,
      payload: { tags: [{ id: 'zebra', label: 'Zebra' }] },
    });
    expect(before.payload).not.toContain('zebra');
    expect((await app.inject('/tags')).json()).toContainEqual({ id: 'zebra', label: 'Zebra', count: 1 });
    expect((await app.inject('/export')).payload).toContain('zebra');
  });

  it('keeps a compressed body and a plain one apart', async () => {
    const { app } = await startGateway({ responses: { ...cached, compression: 'br' } });
    const compressed = await app.inject({ url: '/tools', headers: { 'accept-encoding': 'br' } });
    const plain = await app.inject({ url: '/tools' });
    const again = await app.inject({ url: '/tools', headers: { 'accept-encoding': 'br' } });
    expect(compressed.headers['content-encoding']).toBe('br');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['vary']).toBe('accept-encoding');
    expect(again.rawPayload.equals(compressed.rawPayload)).toBe(true);
    expect(again.headers).toMatchObject({
      'content-encoding': 'br',
      vary: 'accept-encoding',
      'content-type': compressed.headers['content-type'],
    });
  });

  it('answers 304 without a body until something changes', async () => {
    const { app, store } = await startGateway({ responses: { ...cached, compression: 'gzip' } });
    const tool = await readFirst(store, 'tools');
    const headers = { 'accept-encoding': 'gzip' };
    const { etag } = (await app.inject({ url: '/tools', headers })).headers;
    const ask = () => app.inject({ url: '/tools', headers: { ...headers, 'if-none-match': String(etag) } });
    expect(await ask()).toMatchObject({ statusCode: 304, payload: '' });
    await app.inject({ method: 'DELETE', url: `/tools/${tool.id}` });
    const after = await ask();
    expect(after.statusCode).toBe(200);
    expect(after.headers['etag']).not.toBe(etag);
  });
});
