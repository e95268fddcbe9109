import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ResponseSerializerOptions } from '../src/response-serializer.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';
import { anyValue, known, longList } from './values.ts';

/** Cases of each property in CI; together with the entry points they make more than ten thousand. */
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 2500);

/** What JSON.stringify does with a value: its text, or the kind of its error. */
function truth(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'no text';
  } catch (error) {
    return `throws ${(error as Error).name}`;
  }
}

function outcome(action: () => string): string {
  try {
    return action();
  } catch (error) {
    return (error as Error).message.startsWith('the value has no JSON text')
      ? 'no text'
      : `throws ${(error as Error).name}`;
  }
}

function outcomes(serializer: ReturnType<typeof createResponseSerializer>, value: unknown): string[] {
  return [
    outcome(() => serializer.stringify(value)),
    outcome(() => serializer.toBuffer(value).toString()),
    outcome(() => Buffer.from(serializer.toBody(value)).toString()),
    outcome(() => Buffer.concat([...serializer.chunks(value)]).toString()),
  ];
}

const schema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      at: { type: 'string', format: 'date-time' },
      name: { type: 'integer' },
    },
  },
};

const setups: [string, ResponseSerializerOptions][] = [
  ['as it comes', {}],
  ['one item at a time', { chunkItems: 1 }],
  ['in large chunks', { chunkItems: 64 }],
  ['with a schema that the values need not fit', { schema }],
  ['told of classes of UUIDs', { types: { known } }],
  ['told of them, one item at a time', { types: { known }, chunkItems: 1 }],
  ['with a cache', { cache: {} }],
  ['with a cache that is always full', { cache: { maxBytes: 200 } }],
];

describe.each(setups)('the serializer, %s', (_title, options) => {
  it('writes what JSON.stringify writes for any value, through every entry', () => {
    const serializer = createResponseSerializer(options);
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = truth(value);
        // A lone surrogate is escaped by JSON.stringify, so its text survives UTF-8.
        expect(outcomes(serializer, value)).toEqual([text, text, text, text]);
      }),
      { numRuns },
    );
  });

  it('writes what JSON.stringify writes for long lists with strangers in them', () => {
    const serializer = createResponseSerializer(options);
    fc.assert(
      fc.property(longList, (value) => {
        const text = truth(value);
        expect(outcomes(serializer, value)).toEqual([text, text, text, text]);
        // A second time, with whatever was learned or kept.
        expect(outcomes(serializer, value)).toEqual([text, text, text, text]);
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  });
});

describe('the serializer', () => {
  const serializer = createResponseSerializer();

  it('does not change its input, which may be frozen', () => {
    const item = Object.freeze({ at: new Date(0), tags: Object.freeze([Object.freeze({ at: new Date(1) })]) });
    const list = Object.freeze(Array.from({ length: 20 }, () => item));
    const before = structuredClone(list);
    expect(serializer.toBuffer(list).toString()).toBe(JSON.stringify(list));
    expect(list).toEqual(before);
  });

  it('throws for a cycle what JSON.stringify throws', () => {
    const cycle: Record<string, unknown> = { at: new Date(0) };
    cycle['self'] = cycle;
    const list = Array.from({ length: 20 }, () => cycle);
    for (const value of [cycle, list, { result: { tools: list } }]) {
      expect(() => serializer.stringify(value)).toThrow('circular');
      expect(() => serializer.toBuffer(value)).toThrow('circular');
      expect(() => serializer.toBody(value)).toThrow('circular');
      expect(() => [...serializer.chunks(value)]).toThrow('circular');
    }
  });

  it('throws for a BigInt what JSON.stringify throws', () => {
    expect(() => serializer.toBuffer([1n])).toThrow('BigInt');
  });

  it('writes deep nesting, or fails as JSON.stringify does', () => {
    let deep: unknown = new Date(0);
    for (let level = 0; level < 3000; level += 1) deep = { deep };
    expect(serializer.toBuffer(deep).toString()).toBe(JSON.stringify(deep));
  });

  it('stays correct when a later item has a Date where no earlier one had', () => {
    const own = createResponseSerializer();
    const items = Array.from({ length: 50 }, (_, n): Record<string, unknown> => ({ n, at: null }));
    own.toBuffer(items);
    items[40] = { n: 40, at: new Date(0), more: [{ at: new Date(1) }] };
    expect(own.toBuffer(items).toString()).toBe(JSON.stringify(items));
  });

  it('gives every response memory of its own', () => {
    const first = serializer.toBuffer(Array.from({ length: 20 }, () => 'a'));
    const text = first.toString();
    serializer.toBuffer(Array.from({ length: 20 }, () => 'b'));
    expect(first.toString()).toBe(text);
  });

  it('cannot be made to run code by the names in a schema', () => {
    const nasty = [
      '__proto__',
      'constructor',
      '"];globalThis.hacked=1;["',
      '`${globalThis.hacked=1}`',
      '\u2028',
      "'+globalThis.hacked+'",
    ];
    const properties = JSON.parse(
      `{${nasty.map((name) => `${JSON.stringify(name)}:{"type":"string","format":"date-time"}`).join(',')}}`,
    ) as object;
    const own = createResponseSerializer({ schema: { type: 'array', items: { type: 'object', properties } } });
    const item = JSON.parse(`{${nasty.map((name) => `${JSON.stringify(name)}:1`).join(',')}}`) as Record<
      string,
      unknown
    >;
    Object.defineProperty(item, nasty[2] as string, { value: new Date(0), enumerable: true });
    const list = Array.from({ length: 20 }, () => item);
    expect(own.toBuffer(list).toString()).toBe(JSON.stringify(list));
    expect('hacked' in globalThis).toBe(false);
    expect(({} as Record<string, unknown>)['format']).toBeUndefined();
  });

  it('lets other work run while it streams', async () => {
    const list = Array.from({ length: 5000 }, (_, n) => ({ n, at: new Date(n), text: 'x'.repeat(500) }));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      pending = setImmediate(count);
    };
    let pending = setImmediate(count);
    let pieces = 0;
    for await (const piece of serializer.stream(list)) pieces += (piece as Buffer).length > 0 ? 1 : 0;
    clearImmediate(pending);
    expect(pieces).toBeGreaterThan(20);
    // A turn of the event loop after each piece; a few may be read ahead of the first turn.
    expect(turns).toBeGreaterThanOrEqual(pieces - 6);
  });

  it('hands a BigInt with a toJSON its index in the whole list', () => {
    const prototype = BigInt.prototype as { toJSON?: (key: string) => string };
    prototype.toJSON = (key) => `index ${key}`;
    try {
      const list = Array.from({ length: 20 }, () => 1n);
      expect(serializer.toBuffer(list).toString()).toBe(JSON.stringify(list));
    } finally {
      delete prototype.toJSON;
    }
  });

  it('refuses a chunk size that is none', () => {
    expect(() => createResponseSerializer({ chunkItems: 0 })).toThrow(RangeError);
    expect(() => createResponseSerializer({ chunkItems: 1.5 })).toThrow('1.5');
  });

  it('streams the same bytes', async () => {
    const list = Array.from({ length: 3000 }, (_, n) => ({ n, at: new Date(n), text: 'é'.repeat(40) }));
    const pieces: Buffer[] = [];
    for await (const piece of serializer.stream(list)) pieces.push(piece as Buffer);
    expect(pieces.length).toBeGreaterThan(2);
    expect(Buffer.concat(pieces).toString()).toBe(JSON.stringify(list));
  });
});
