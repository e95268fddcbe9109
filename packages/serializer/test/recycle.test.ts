/**
 * Memory that is given back is used again, and never while anybody still reads it.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as fc from 'fast-check';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';

import { fastifyResponseSerializer } from '../src/fastify.ts';
import { send } from '../src/http.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';
import { SpareMemory } from '../src/spare-memory.ts';

/** About 100 bytes an item. */
function makeList(length: number, name: string): object[] {
  return Array.from({ length }, (_, index) => ({ index, at: new Date(index), name: name.repeat(50) }));
}

describe('memory that is given back', () => {
  it('is written into again', () => {
    const serializer = createResponseSerializer();
    const [a, b] = [makeList(5000, 'a'), makeList(5000, 'b')];
    const seen = new Set<ArrayBufferLike>();
    for (let time = 0; time < 20; time += 1) {
      const list = time % 2 === 0 ? a : b;
      const written = serializer.toBuffer(list);
      expect(written.toString()).toBe(JSON.stringify(list));
      seen.add(written.buffer);
      serializer.recycle(written);
    }
    expect(seen.size).toBeLessThan(8);
  });

  it('is used once, however often it is given back', () => {
    const serializer = createResponseSerializer();
    const lists = ['a', 'b', 'c', 'd'].map((name) => makeList(3000, name));
    const first = serializer.toBuffer(lists[0]);
    for (let time = 0; time < 3; time += 1) serializer.recycle(first);
    const later = lists.map((list) => serializer.toBuffer(list));
    expect(new Set(later.map(({ buffer }) => buffer)).size).toBe(later.length);
    expect(later.map(String)).toEqual(lists.map((list) => JSON.stringify(list)));
  });

  it('is nothing but what was given out whole', () => {
    const serializer = createResponseSerializer();
    const list = makeList(3000, 'a');
    const [own, foreign] = [serializer.toBuffer(list), Buffer.alloc(200_000, 'f')];
    for (const other of [own.subarray(1), own.subarray(0, 65_536), foreign, Buffer.from('short'), 'text'])
      serializer.recycle(other);
    for (let time = 0; time < 5; time += 1) serializer.toBuffer(makeList(3000, 'b'));
    expect(own.toString()).toBe(JSON.stringify(list));
    expect(foreign.toString()).toBe('f'.repeat(200_000));
  });

  it('leaves every response alone that was not given back, whatever was', () => {
    const serializer = createResponseSerializer();
    fc.assert(
      fc.property(
        fc.array(fc.record({ length: fc.integer({ min: 0, max: 4000 }), back: fc.nat(6), way: fc.boolean() }), {
          maxLength: 12,
        }),
        (steps) => {
          const out: { pieces: Buffer[]; text: string }[] = [];
          for (const [index, { length, back, way }] of steps.entries()) {
            const list = makeList(length, String.fromCharCode(97 + (index % 26)));
            const pieces = way ? [...serializer.chunks(list)] : [serializer.toBuffer(list)];
            out.push({ pieces, text: JSON.stringify(list) });
            for (const { pieces: sent } of out.splice(0, Math.max(0, out.length - back)))
              for (const piece of sent) serializer.recycle(piece);
            for (const one of out) expect(Buffer.concat(one.pieces).equals(Buffer.from(one.text))).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is there for the next whole response after one that went out in many pieces', () => {
    const serializer = createResponseSerializer();
    const list = makeList(50_000, 'a');
    const seen = new Set<ArrayBufferLike>();
    const writeWhole = (): void => {
      const written = serializer.toBuffer(list);
      seen.add(written.buffer);
      serializer.recycle(written);
    };
    for (let time = 0; time < 10; time += 1) writeWhole();
    const known = seen.size;
    for (let time = 0; time < 3; time += 1) {
      let count = 0;
      for (const piece of serializer.chunks(list)) {
        serializer.recycle(piece);
        count += 1;
      }
      expect(count).toBeGreaterThan(50);
      writeWhole();
    }
    expect(seen.size).toBe(known);
  });

  it('is kept only as far as responses of late were large', () => {
    const memory = new SpareMemory();
    const rounds = (count: number, bytes: number, at: number): void => {
      for (let time = 0; time < count; time += 1) {
        const out = Array.from({ length: at }, () => memory.noteOut(memory.take(bytes)));
        for (const one of out) memory.takeBack(one);
      }
    };
    rounds(5, 1_000_000, 3);
    expect(memory.idleBytes).toBeGreaterThanOrEqual(2_000_000);
    rounds(1, 1_000_000, 50);
    expect(memory.idleBytes).toBeLessThanOrEqual(5_000_000);
    rounds(100, 40_000, 1);
    expect(memory.idleBytes).toBeLessThan(1_000_000);
  });
});

describe('many responses at once', () => {
  const lists = Array.from({ length: 12 }, (_, index) =>
    makeList(200 + index * 700, String.fromCharCode(97 + (index % 26))),
  );
  const texts = lists.map((list) => JSON.stringify(list));

  /** How many of all answers are not what was asked for. */
  async function countWrong(url: string): Promise<number> {
    let wrong = 0;
    for (let time = 0; time < 4; time += 1) {
      const bodies = await Promise.all(lists.map(async (_, index) => (await fetch(`${url}/${index}`)).text()));
      wrong += bodies.filter((body, index) => body !== texts[index]).length;
    }
    return wrong;
  }

  it('have their own text by node:http', async () => {
    const serializer = createResponseSerializer();
    const server = createServer((request, response) => {
      void send(response, lists[Number(request.url?.slice(1))], { serializer });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      expect(await countWrong(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toBe(0);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('have their own text by Fastify', async () => {
    const app = fastify({ forceCloseConnections: true });
    await app.register(fastifyResponseSerializer, { recycle: true });
    app.get('/:index', (request, reply) => reply.send(lists[Number((request.params as { index: string }).index)]));
    try {
      expect(await countWrong(await app.listen({ host: '127.0.0.1', port: 0 }))).toBe(0);
    } finally {
      await app.close();
    }
  });
});
