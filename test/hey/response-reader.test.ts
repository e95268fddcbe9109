/**
 * Responses are read the same in whatever pieces they come; what leaves their end open is refused.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { HeadReader } from '../../src/hey/generator/response-head.ts';
import { ResponseReader } from '../../src/hey/generator/response-reader.ts';

/** Reads pieces out of one buffer that is used again, as connections do. */
function read(pieces: readonly Buffer[], method = 'POST') {
  const reader = new ResponseReader(new HeadReader(method));
  reader.begin();
  const shared = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)));
  let isWhole = false;
  for (const piece of pieces) {
    piece.copy(shared);
    isWhole = reader.read(shared.subarray(0, piece.length));
    if (isWhole) break;
  }
  const { head, body, keepsAlive } =
    isWhole || reader.end() ? reader : { head: undefined, body: undefined, keepsAlive: false };
  return { isWhole, head, body: body?.toString(), keepsAlive };
}

function whole(text: string, method?: string) {
  return read([Buffer.from(text, 'latin1')], method);
}

/** @param cuts where it is cut, as shares of its length. */
function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((share) => Math.floor(share * bytes.length)), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('ResponseReader', () => {
  it('reads a body with a length in any pieces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), shares, (text, cuts) => {
        const body = Buffer.from(text);
        const head = `HTTP/1.1 200 OK\r\nContent-Type: application/JSON; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`;
        const {
          isWhole,
          head: read_,
          body: got,
          keepsAlive,
        } = read(cut(Buffer.concat([Buffer.from(head), body]), cuts));
        expect({ isWhole, got, keepsAlive }).toEqual({ isWhole: true, got: body.toString(), keepsAlive: true });
        expect(read_).toMatchObject({ status: 200, type: 'application/json', encoding: '' });
      }),
    );
  });

  it('reads chunks in any pieces, with extensions and trailers', () => {
    const chunks = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(chunks, shares, fc.boolean(), (list, cuts, hasMore) => {
        const body = list.map((text) => {
          const bytes = Buffer.from(text);
          const line = `${bytes.length.toString(16).toUpperCase()}${hasMore ? ';name=value' : ''}\r\n`;
          return Buffer.concat([Buffer.from(line), bytes, Buffer.from('\r\n')]);
        });
        const end = hasMore ? '0\r\nServer-Timing: total\r\nETag: "a"\r\n\r\n' : '0\r\n\r\n';
        const bytes = Buffer.concat([
          Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n'),
          ...body,
          Buffer.from(end),
        ]);
        const { isWhole, body: got, keepsAlive } = read(cut(bytes, cuts));
        expect({ isWhole, got, keepsAlive }).toEqual({ isWhole: true, got: list.join(''), keepsAlive: true });
      }),
    );
  });

  it('is never done before the end of what it reads', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n');
    for (let length = 0; length < bytes.length; length += 1) {
      expect(read([bytes.subarray(0, length)])).toMatchObject({ isWhole: false, body: undefined });
    }
  });

  it('takes the end of the connection for the end of a body without a length', () => {
    const reader = new ResponseReader(new HeadReader('GET'));
    reader.begin();
    expect(reader.end()).toBe(false);
    expect(reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nall of'))).toBe(false);
    expect(reader.read(Buffer.from(' it'))).toBe(false);
    expect(reader.end()).toBe(true);
    expect(reader.body.toString()).toBe('all of it');
    expect(reader.keepsAlive).toBe(false);
  });

  it('knows what has no body', () => {
    const length = 'Content-Length: 5\r\n';
    expect(whole(`HTTP/1.1 200 OK\r\n${length}\r\n`, 'HEAD')).toMatchObject({ isWhole: true, keepsAlive: true });
    expect(whole(`HTTP/1.1 304 Not Modified\r\n${length}\r\n`)).toMatchObject({ isWhole: true });
    expect(whole('HTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({ isWhole: true, keepsAlive: true });
    expect(whole('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')).toMatchObject({ isWhole: true, body: '' });
  });

  it('passes over interim responses', () => {
    const text =
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok';
    expect(whole(text)).toMatchObject({ isWhole: true, body: 'ok', head: { status: 201 } });
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\nConnection: upgrade, close\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', true],
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', false],
    // What nobody asked for would be taken for the next answer.
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n', false],
  ])('knows whether the connection can be used again: %j', (text, keepsAlive) => {
    expect(whole(text)).toMatchObject({ isWhole: true, keepsAlive });
  });

  it('knows how long a connection stays open', () => {
    const idleMs = (field: string) => whole(`HTTP/1.1 200 OK\r\n${field}Content-Length: 0\r\n\r\n`).head?.idleMs;
    expect(idleMs('Keep-Alive: timeout=5, max=100\r\n')).toBe(5000);
    expect(idleMs('')).toBe(Infinity);
  });

  it.each([
    ['SSH-2.0-OpenSSH\r\n\r\n', 'no HTTP'],
    ['HTTP/2 200\r\n\r\n', 'no HTTP'],
    ['HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'malformed header'],
    ['HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n', 'malformed header'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n', 'malformed length'],
    ['HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n', 'malformed length'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n', 'more than 64 MiB'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 'transfer coding'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n', 'malformed chunk'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n', 'malformed chunk'],
    [`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(70_000)}`, 'endless header'],
  ])('refuses %j', (text, reason) => {
    expect(() => whole(text)).toThrow(reason);
  });

  it('reads one response after the other over a connection, with heads that differ and heads that do not', () => {
    const reader = new ResponseReader(new HeadReader('POST'));
    for (const [date, text] of [
      ['1', 'one'],
      ['1', 'two'],
      ['2', 'three'],
      ['2', ''],
    ] as const) {
      reader.begin();
      const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nDate: ${date}\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
      expect(reader.read(bytes)).toBe(true);
      expect(reader.body.toString()).toBe(text);
      expect(reader.receivedBytes).toBe(bytes.length);
    }
  });
});
