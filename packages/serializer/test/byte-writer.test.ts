/**
 * Items that are written byte by byte have the text of JSON.stringify, or are left to it.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ByteWriter, type Learned } from '../src/byte-writer.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';
import { createConvert } from '../src/substitute.ts';
import { Writer } from '../src/writer.ts';
import { anyValue, known } from './values.ts';

const bytes = new ByteWriter({ bytesOf: () => undefined, convert: createConvert([]) });
let learned: Learned | undefined;

/** The text of an item as it stands in a list; `undefined` where it is left to JSON.stringify. */
function write(item: unknown): string | undefined {
  learned = bytes.begin(learned);
  expect(learned).toBeDefined();
  try {
    if (!bytes.writeItem(item, 0, 0x5b)) return undefined;
    const writer = new Writer();
    bytes.drain(writer);
    return writer.take().toString().slice(1);
  } finally {
    bytes.finish(1);
  }
}

/** Those that are not written as JSON.stringify writes them, once with keys that are new and once with expected ones. */
function differing(items: readonly unknown[]): unknown[] {
  return [...items, ...items].filter((item) => write(item) !== (JSON.stringify(item) ?? 'null'));
}

describe('an item that is written byte by byte', () => {
  it('has strings of every length with any character in any place', () => {
    const lengths = Array.from({ length: 41 }, (_, length) => length);
    const odd = [
      '"',
      '\\',
      '\n',
      '\u0000',
      '\u001f',
      ' ',
      '\x7f',
      '\x80',
      'é',
      'ÿ',
      'Ā',
      '日',
      '😀',
      '\ud800',
      '\udc00',
      '\u2028',
    ];
    const texts = odd.flatMap((character) =>
      lengths.flatMap((length) =>
        lengths.slice(0, length + 1).map((place) => `${'x'.repeat(place)}${character}${'x'.repeat(length - place)}`),
      ),
    );
    expect(differing(texts)).toEqual([]);
  });

  it('has every kind of number', () => {
    const edges = [0, -0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 2 ** 31 - 1, 2 ** 31, -1, -9999, 1e21, 5e-324, 0.1];
    const all = [...edges, Number.NaN, Infinity, -Infinity].map((number) => ({ number }));
    expect(differing(all)).toEqual([]);
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer()), (number) => {
        expect(differing([[number]])).toEqual([]);
      }),
    );
  });

  it('has objects with keys in any order, with some left out, and with odd ones', () => {
    const names = [
      'id',
      'name',
      '0',
      '10',
      '__proto__',
      'constructor',
      'a"b',
      'é',
      '\x7f',
      '\ud800',
      'x'.repeat(300),
      '',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...names), { maxLength: 8 }),
        fc.array(anyPlain, { maxLength: 8 }),
        (some, values) => {
          const item = {};
          for (const [index, name] of some.entries())
            Object.defineProperty(item, name, {
              value: values[index],
              enumerable: true,
              configurable: true,
              writable: true,
            });
          expect(differing([item])).toEqual([]);
        },
      ),
    );
  });

  it('has lists and objects without anything in them, and with nothing that has a text', () => {
    expect(
      differing([[], {}, [[]], [{}], [undefined], { none: undefined }, [Symbol('s'), () => 1], undefined]),
    ).toEqual([]);
  });

  it('goes on after more keys than are kept', () => {
    for (let round = 0; round < 3; round += 1) {
      const many = Array.from({ length: 200 }, (_, index) =>
        Object.fromEntries(
          Array.from({ length: 100 }, (__, key) => [`key ${round} ${index} ${key}`, { [`k${index}`]: key }]),
        ),
      );
      expect(differing(many)).toEqual([]);
      expect(differing([{ id: 1, name: 'the usual' }])).toEqual([]);
    }
  });

  it('is left to JSON.stringify where it is too large, too deep, or not what it seems', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = { cycle };
    let deep: unknown = 1;
    for (let level = 0; level < 40; level += 1) deep = [deep];
    const disguised = Object.setPrototypeOf(Object(5), Object.prototype) as unknown;
    const raw = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON('5');
    for (const item of [
      'x'.repeat(70_000),
      { list: Array.from({ length: 40_000 }, () => 1) },
      Object.fromEntries(Array.from({ length: 9_000 }, (_, key) => [`key ${key}`, key])),
      deep,
      cycle,
      disguised,
      raw,
      1n,
      new Proxy({}, {}),
      { inside: [new Proxy([], {})] },
    ])
      expect(write(item) === undefined).toBe(true);
  });

  it('does not wait for another that is being written', () => {
    const first = bytes.begin(undefined);
    try {
      expect(first).toBeDefined();
      expect(new ByteWriter({ bytesOf: () => undefined, convert: createConvert([]) }).begin(undefined)).toBeUndefined();
    } finally {
      bytes.finish(1);
    }
  });
});

const anyPlain = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 60 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: false }),
  fc.array(fc.integer(), { maxLength: 3 }),
);

describe('a list that is written byte by byte', () => {
  it('has the text of JSON.stringify, whatever stands in it and whoever calls in the middle', () => {
    const serializer = createResponseSerializer({ types: { known } });
    const inner = Array.from({ length: 20 }, (_, index) => ({ index, at: new Date(index) }));
    const curious = {
      toJSON: () => ({ inner: serializer.toBuffer(inner).toString() === JSON.stringify(inner) }),
    };
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.date(), id: fc.integer(), more: anyValue }), { minLength: 2, maxLength: 30 }),
        (list) => {
          const items = [...list.slice(0, 2), { at: new Date(1), id: 2, more: curious }, ...list.slice(2)];
          for (let time = 0; time < 2; time += 1) {
            let expected: string;
            try {
              expected = JSON.stringify(items);
            } catch {
              return;
            }
            expect(serializer.toBuffer(items).toString()).toBe(expected);
            expect(Buffer.concat([...serializer.chunks(items)]).toString()).toBe(expected);
          }
        },
      ),
    );
  });
});
