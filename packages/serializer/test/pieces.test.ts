/**
 * Pieces of `chunks` and `stream`: bounded in size and time by what is being written, not by what was written before.
 */
import { describe, expect, it, vi } from 'vitest';

import type { ResponseSerializer, ResponseSerializerOptions } from '../src/response-serializer.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';

const pieceBytes = 64 * 1024;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const tiny = times(8_000, (id) => ({ id }));
const heavy = (count: number, length: number): object[] => times(count, (id) => ({ id, text: 'x'.repeat(length) }));

/** The pieces' lengths, after their bytes were found right. */
function lengthsOf(serializer: ResponseSerializer, value: unknown): number[] {
  const pieces = [...serializer.chunks(value)];
  expect(Buffer.concat(pieces).equals(Buffer.from(JSON.stringify(value)))).toBe(true);
  return pieces.map(({ length }) => length);
}

/** One that has seen tiny items, large ones, or nothing. */
function experienced(kind: 'nothing' | 'tiny' | 'large', options: ResponseSerializerOptions = {}): ResponseSerializer {
  const serializer = createResponseSerializer(options);
  const seen = { nothing: [], tiny, large: heavy(20, 500_000) }[kind];
  for (let count = 0; count < 3; count += 1) {
    serializer.toBuffer(seen);
    lengthsOf(serializer, seen);
  }
  return serializer;
}

const setups = (['nothing', 'tiny', 'large'] as const).flatMap((kind) =>
  ([{}, { cache: {} }, { chunkItems: 500 }] as const).map(
    (options): [string, ResponseSerializerOptions, typeof kind] => [JSON.stringify(options), options, kind],
  ),
);

describe.each(setups)('pieces with the options %s after %o and %s', (_title, options, kind) => {
  const serializer = experienced(kind, options);

  it.each([
    ['of items near to a piece', heavy(40, 50_000)],
    ['of items above a piece', heavy(20, 200_000)],
    ['of tiny items', tiny],
    ['of items that grow suddenly', [...tiny.slice(0, 5_000), ...heavy(40, 100_000)]],
    ['of items that shrink suddenly', [...heavy(5, 100_000), ...tiny.slice(0, 5_000)]],
    ['in an envelope', { jsonrpc: '2.0', result: { tools: heavy(40, 30_000) }, id: 1 }],
    ['deep in an envelope', { data: { page: { result: { tools: heavy(40, 30_000) } } } }],
    ['of strings', times(5_000, (index) => `${index}`.padEnd(200, '-'))],
    ['of numbers', times(20_000, (index) => index)],
    ['of lists', times(300, () => times(200, (index) => index))],
    ['of few items', heavy(3, 60_000)],
    ['of plain ASCII below what is written at once otherwise', heavy(3_000, 1_000)],
  ])('%s are bounded', (_what, value) => {
    const lengths = lengthsOf(serializer, value);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(pieceBytes);
  });
});

describe('pieces of items that are slow to write', () => {
  it('are given out after a few milliseconds, one item at a time', () => {
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const slow = { toJSON: () => ((nowMs += 3), 'slow') };
    const list = times(100, (id) => ({ id, slow }));
    const serializer = createResponseSerializer();
    const waits: number[] = [];
    let before = nowMs;
    const pieces = serializer.chunks(list);
    while (pieces.next().done !== true) {
      waits.push(nowMs - before);
      before = nowMs;
    }
    vi.restoreAllMocks();
    // The look that finds out what the items are like, and then two of them a piece.
    expect(Math.max(...waits)).toBeLessThanOrEqual(6);
  });
});

describe('pieces of items that become slow without notice', () => {
  it.each([{}, { cache: {} }, { types: { bigint: true } }])(
    'are late once, and one item at a time after that: %j',
    (options) => {
      let nowMs = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
      const serializer = createResponseSerializer(options);
      serializer.toBuffer(tiny);
      const pieces = serializer.chunks(
        times(300, (id) => ({ id, slow: { toJSON: () => void (nowMs += id < 100 ? 0.01 : 1) } })),
      );
      const waits: number[] = [];
      for (let sinceMs = nowMs; pieces.next().done !== true; sinceMs = nowMs) {
        waits.push(nowMs - sinceMs);
        // The reader's own time does not count.
        nowMs += 1000;
      }
      vi.restoreAllMocks();
      expect(waits.filter((wait) => wait > 6.5).length).toBeLessThanOrEqual(1);
      expect(Math.max(...waits)).toBeLessThanOrEqual(20);
    },
  );
});

describe('pieces of what is no list', () => {
  it('are cut', () => {
    expect(
      Math.max(
        ...lengthsOf(createResponseSerializer(), Object.fromEntries(times(20_000, (id) => [`key ${id}`, { id }]))),
      ),
    ).toBeLessThanOrEqual(pieceBytes);
  });
});

describe('pieces of a stream', () => {
  it('wait for their reader', async () => {
    let written = 0;
    const stream = createResponseSerializer().stream(
      times(1000, (id) => ({ id, text: { toJSON: () => ((written += 1), 'x'.repeat(100_000)) } })),
    );
    await stream[Symbol.asyncIterator]().next();
    for (let turn = 0; turn < 100; turn += 1)
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    expect(written).toBeLessThan(20);
    stream.destroy();
  });
});

describe('a value that no one string can hold', () => {
  it('is written in pieces of its lists, whatever was learned', () => {
    // Strings may have some 2^29 characters; a limit that is lower makes the test cheap.
    const real = JSON.stringify.bind(JSON);
    const most = 1_000_000;
    vi.spyOn(JSON, 'stringify').mockImplementation(((value: unknown) => {
      const text = real(value);
      if (text !== undefined && text.length > most) throw new RangeError('Invalid string length');
      return text;
    }) as typeof JSON.stringify);
    try {
      const serializer = experiencedWithin(most);
      const list = heavy(30, 90_000);
      for (const value of [list, { tools: list }, { data: { page: { tools: list } } }]) {
        expect(serializer.toBuffer(value).equals(Buffer.from(real(value)))).toBe(true);
        expect(Buffer.from(serializer.toBody(value)).equals(Buffer.from(real(value)))).toBe(true);
      }
      expect(() => serializer.stringify(list)).toThrow('Invalid string length');
      expect(() => serializer.toBuffer({ text: 'x'.repeat(most) })).toThrow('Invalid string length');
    } finally {
      vi.restoreAllMocks();
    }
  });

  /** Its experience makes it write hundreds of items at a time, or all of them at once. */
  function experiencedWithin(most: number): ResponseSerializer {
    const serializer = createResponseSerializer();
    const few = tiny.slice(0, Math.floor(most / 100));
    for (let count = 0; count < 3; count += 1) serializer.toBuffer(few);
    return serializer;
  }
});
