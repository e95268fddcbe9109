import { once } from 'node:events';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import type { SendOptions, SendResult } from '../src/http.ts';
import { send } from '../src/http.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';
import { longCount, makeTools, payloads } from './payloads.ts';

const serializer = createResponseSerializer();
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A server on a free port; what it answers with is settled in `result`. */
async function serve(
  value: unknown,
  options: Partial<SendOptions> = {},
): Promise<{ url: string; result: Promise<SendResult> }> {
  const { promise: result, resolve, reject } = Promise.withResolvers<SendResult>();
  const url = await listen((_request, response) => {
    send(response, value, { serializer, ...options }).then(resolve, reject);
  });
  return { url, result };
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What comes over the wire, with the headers as they are there; a break is in `error`. */
async function get(
  url: string,
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer; error?: unknown }> {
  return new Promise((resolve, reject) => {
    request(url, { method, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      const settle = (error?: unknown): void =>
        resolve({
          status: response.statusCode as number,
          headers: response.headers,
          body: Buffer.concat(pieces),
          ...(error === undefined ? {} : { error }),
        });
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => settle());
      response.on('error', settle);
    })
      .on('error', reject)
      .end();
  });
}

/** Counts the pieces that are asked for, and whether the work was ended. */
function watched(): {
  readonly serializer: SendOptions['serializer'];
  readonly seen: { pieces: number; ended: boolean };
} {
  const seen = { pieces: 0, ended: false };
  function* chunks(value: unknown): Generator<Buffer, void, undefined> {
    try {
      for (const piece of serializer.chunks(value)) {
        seen.pieces += 1;
        yield piece;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { serializer: { chunks }, seen };
}

describe('a response of node:http', () => {
  it.each(payloads)('has the bytes of JSON.stringify: %s', async (_title, value) => {
    const { url, result } = await serve(value);
    const { status, headers, body } = await get(url);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body.equals(Buffer.from(JSON.stringify(value)))).toBe(true);
    expect(await result).toEqual({ outcome: 'sent' });
  });

  it('is what fetch parses', async () => {
    const { url } = await serve({ tools: makeTools(longCount) });
    const parsed: unknown = await (await fetch(url)).json();
    expect(parsed).toEqual(JSON.parse(JSON.stringify({ tools: makeTools(longCount) })));
  });

  it('that is short goes out whole, with its length in bytes', async () => {
    for (const value of [{ name: '🛠️' }, { tools: makeTools(500) }]) {
      const { url } = await serve(value);
      const { headers, body } = await get(url);
      expect(headers['content-length']).toBe(String(Buffer.byteLength(JSON.stringify(value))));
      expect(headers['transfer-encoding']).toBeUndefined();
      expect(body.length).toBe(Number(headers['content-length']));
    }
  });

  it('that is long goes out in chunks', async () => {
    const { url } = await serve({ tools: makeTools(longCount) }, { headers: { 'Content-Length': 5 } });
    const { headers } = await get(url);
    expect(headers['content-length']).toBeUndefined();
    expect(headers['transfer-encoding']).toBe('chunked');
  });

  it('takes a status and headers, among them another content type', async () => {
    const { url } = await serve(
      { title: 'no' },
      { status: 404, headers: { 'content-type': 'application/problem+json', 'X-Trace': 'abc', 'content-length': 1 } },
    );
    const { status, headers, body } = await get(url);
    expect({ status, type: headers['content-type'], trace: headers['x-trace'], body: body.toString() }).toEqual({
      status: 404,
      type: 'application/problem+json',
      trace: 'abc',
      body: '{"title":"no"}',
    });
  });

  it('has no body where the status has none', async () => {
    for (const status of [204, 304]) {
      const { url } = await serve({ a: 1 }, { status });
      const { headers, body } = await get(url);
      expect([headers['content-length'], headers['content-type'], body.length]).toEqual([undefined, undefined, 0]);
    }
  });

  it('to HEAD has the headers and no body', async () => {
    const short = await serve({ name: '🛠️' });
    const answer = await get(short.url, 'HEAD');
    expect([answer.body.length, answer.headers['content-length']]).toEqual([
      0,
      String(Buffer.byteLength('{"name":"🛠️"}')),
    ]);
    expect(await short.result).toEqual({ outcome: 'sent' });

    const { serializer: counted, seen } = watched();
    const long = await serve({ tools: makeTools(longCount) }, { serializer: counted });
    const { body, headers } = await get(long.url, 'HEAD');
    expect([body.length, headers['content-length'], headers['content-type']]).toEqual([
      0,
      undefined,
      'application/json; charset=utf-8',
    ]);
    expect(await long.result).toEqual({ outcome: 'sent' });
    expect(seen.ended).toBe(true);
    expect(seen.pieces).toBeLessThan(10);
  });

  it('lets the caller answer with 500 where the value fails before the first byte', async () => {
    const url = await listen((_request, response) => {
      send(response, { tools: [...makeTools(20), 1n] }, { serializer, headers: { 'x-late': '1' } }).catch(
        (error: unknown) => {
          response.writeHead(500).end((error as Error).message);
        },
      );
    });
    const { status, headers, body } = await get(url);
    expect([status, headers['x-late']]).toEqual([500, undefined]);
    expect(body.toString()).toContain('BigInt');
  });

  it('refuses what has no JSON text, and headers that are none, before the first byte', async () => {
    for (const [value, options] of [
      [undefined, {}],
      [{}, { headers: { 'x-bad': 'a\nb' } }],
    ] as const) {
      const url = await listen((_request, response) => {
        send(response, value, { serializer, ...options }).catch(() => response.writeHead(500).end());
      });
      expect((await get(url)).status).toBe(500);
    }
  });

  it('breaks off where the value fails after the first byte', async () => {
    const { url, result } = await serve({ tools: [...makeTools(longCount), 1n] });
    const { status, error } = await get(url);
    expect(status).toBe(200);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(await result).toMatchObject({ outcome: 'failed', error: expect.any(TypeError) as unknown });
  });

  it('ends the work when the client goes away', async () => {
    const { serializer: counted, seen } = watched();
    const tools = makeTools(longCount * 4);
    const all = [...serializer.chunks({ tools })].length;
    const { url, result } = await serve({ tools }, { serializer: counted });
    const client = request(url, { agent: false }, (response) => {
      response.once('data', () => response.destroy());
    }).on('error', () => undefined);
    client.end();
    expect(await result).toEqual({ outcome: 'aborted' });
    expect(seen.ended).toBe(true);
    expect(seen.pieces).toBeLessThan(all);
  });

  it('waits for a client that does not read', async () => {
    const { serializer: counted, seen } = watched();
    // More than the buffers of both sockets hold.
    const tools = Array.from({ length: 5000 }, () => ({ text: 'x'.repeat(8000) }));
    const { url, result } = await serve({ tools }, { serializer: counted });
    const response = await new Promise<AsyncIterable<Buffer> & { pause(): void }>((resolve) => {
      request(url, { agent: false }, (message) => {
        message.pause();
        resolve(message);
      }).end();
    });
    let before = -1;
    while (seen.pieces !== before) {
      before = seen.pieces;
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    expect(seen.ended).toBe(false);
    let bytes = 0;
    for await (const piece of response) bytes += piece.length;
    expect(bytes).toBe(Buffer.byteLength(JSON.stringify({ tools })));
    expect(await result).toEqual({ outcome: 'sent' });
  });

  it('to a client that has gone already is not begun', async () => {
    const { serializer: counted, seen } = watched();
    const { promise, resolve } = Promise.withResolvers<SendResult>();
    const url = await listen((_request, response) => {
      response.once('close', () => {
        send(response, makeTools(5), { serializer: counted }).then(resolve, () => undefined);
      });
    });
    const client = request(url, { agent: false }).on('error', () => undefined);
    client.end();
    client.once('socket', (socket) => socket.once('connect', () => setTimeout(() => client.destroy(), 50)));
    expect(await promise).toEqual({ outcome: 'aborted' });
    expect(seen.pieces).toBe(0);
  });

  it('lets other work run while a long list is sent', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      pending = setImmediate(count);
    };
    let pending = setImmediate(count);
    cleanups.push(() => clearImmediate(pending));
    const { serializer: counted, seen } = watched();
    const { promise: turnsTaken, resolve, reject } = Promise.withResolvers<number>();
    const url = await listen((_request, response) => {
      const before = turns;
      send(response, { tools: makeTools(longCount) }, { serializer: counted }).then(
        () => resolve(turns - before),
        reject,
      );
    });
    await get(url);
    expect(seen.pieces).toBeGreaterThan(10);
    // A turn for each piece but the few that were waited for at first.
    expect(await turnsTaken).toBeGreaterThanOrEqual(seen.pieces - 6);
  });
});
