import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, it } from 'vitest';

import { FragmentCache, StaleFragmentError } from '../src/cache.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';

interface Item {
  name: string;
  version: number;
  readonly at: Date;
}

function makeItems(count: number): Item[] {
  return Array.from({ length: count }, (_, n) => ({ name: `item ${n}`, version: 1, at: new Date(n) }));
}

/** Counts how often an item is written. */
function counter(bytes: number): { readonly make: () => Buffer; readonly count: () => number } {
  let made = 0;
  return { make: () => Buffer.alloc(bytes, (made += 1)), count: () => made };
}

describe('a serializer with a cache', () => {
  it('writes an item once and gives its bytes again', () => {
    const items = makeItems(20);
    let reads = 0;
    Object.defineProperty(items[0], 'counted', { enumerable: true, get: () => (reads += 1) });
    const serializer = createResponseSerializer({ cache: {} });
    const first = serializer.toBuffer(items);
    // Every reading gives another number, so bytes written anew would differ.
    expect(serializer.toBuffer(items).toString()).toBe(first.toString());
    expect(createResponseSerializer().toBuffer(items).toString()).not.toBe(first.toString());
  });

  it('knows an item by its version', () => {
    const items = makeItems(20);
    const serializer = createResponseSerializer({ cache: { version: (item) => (item as Item).version } });
    const before = serializer.toBuffer(items).toString();
    const item = items[7] as Item;
    item.name = 'renamed';
    expect(serializer.toBuffer(items).toString()).toBe(before);
    item.version = 2;
    expect(serializer.toBuffer(items).toString()).toBe(JSON.stringify(items));
    item.version = Number.NaN;
    expect(serializer.toBuffer(items).toString()).toBe(JSON.stringify(items));
  });

  it('forgets an item that is invalidated, and only that', () => {
    const items = makeItems(20);
    const serializer = createResponseSerializer({ cache: {} });
    serializer.toBuffer(items);
    (items[3] as Item).name = 'new';
    (items[4] as Item).name = 'not told';
    serializer.invalidate(items[3] as Item);
    serializer.invalidate({});
    const text = serializer.toBuffer(items).toString();
    expect(text).toContain('"new"');
    expect(text).toContain('"item 4"');
    serializer.invalidate(items[4] as Item);
    expect(serializer.toBuffer(items).toString()).toBe(JSON.stringify(items));
  });

  it('finds a changed item in development mode, through every entry that uses the cache', () => {
    const items = makeItems(20);
    const serializer = createResponseSerializer({ cache: { verify: true } });
    expect(serializer.toBuffer(items).toString()).toBe(JSON.stringify(items));
    expect(serializer.toBuffer(items).toString()).toBe(JSON.stringify(items));
    (items[5] as Item).at.setTime(999);
    expect(() => serializer.toBuffer(items)).toThrow(StaleFragmentError);
    expect(() => [...serializer.chunks({ tools: items })]).toThrow('item 5');
    serializer.invalidate(items[5] as Item);
    expect(serializer.toBuffer(items).toString()).toBe(JSON.stringify(items));
  });

  it('uses the same bytes of an item in two lists and twice in one', () => {
    const items = makeItems(20);
    const serializer = createResponseSerializer({ cache: {} });
    serializer.toBuffer(items);
    const value = { one: items, result: { two: [...items, ...items].toReversed() } };
    for (let pass = 0; pass < 2; pass += 1) {
      expect(serializer.toBuffer(value).toString()).toBe(JSON.stringify(value));
      expect(Buffer.concat([...serializer.chunks(value)]).toString()).toBe(JSON.stringify(value));
    }
    (items[0] as Item).name = 'changed in all three places at once';
    serializer.invalidate(items[0] as Item);
    expect(serializer.toBuffer(value).toString()).toBe(JSON.stringify(value));
  });

  it('does not keep what depends on the place in the list', () => {
    const keyed = { toJSON: (key: string) => `at ${key}` };
    const list: unknown[] = [1, 'a', null, undefined, keyed, keyed, new Date(0), () => 1, keyed, [keyed]];
    const serializer = createResponseSerializer({ cache: {} });
    for (let pass = 0; pass < 2; pass += 1) {
      expect(serializer.toBuffer(list).toString()).toBe(JSON.stringify(list));
      list.reverse();
    }
  });

  it('stays right with a limit that holds few items, or none', () => {
    const items = makeItems(50);
    for (const maxBytes of [1, 100, 500, 2000]) {
      const serializer = createResponseSerializer({ cache: { maxBytes } });
      for (let pass = 0; pass < 3; pass += 1) expect(serializer.toBuffer(items).toString()).toBe(JSON.stringify(items));
    }
  });

  it('writes extended types through it', () => {
    const items = Array.from({ length: 20 }, (_, n) => new Map<unknown, unknown>([[n, BigInt(n)]]));
    const serializer = createResponseSerializer({ cache: {}, types: { map: true, bigint: true } });
    const text = `[${items.map((_, n) => `{"${n}":${n}}`).join(',')}]`;
    for (let pass = 0; pass < 2; pass += 1) expect(serializer.toBuffer(items).toString()).toBe(text);
  });
});

describe('a fragment cache', () => {
  it('keeps what was used last within its limit', () => {
    const cache = new FragmentCache({ maxBytes: 1000 });
    const hot = {};
    const { make, count } = counter(100);
    cache.bytesOf(hot, make);
    for (let other = 0; other < 100; other += 1) {
      cache.bytesOf({}, () => Buffer.alloc(100));
      cache.bytesOf(hot, make);
    }
    expect(count()).toBe(1);
  });

  it('drops what was not used for long', () => {
    const cache = new FragmentCache({ maxBytes: 1000 });
    const cold = {};
    const { make, count } = counter(100);
    cache.bytesOf(cold, make);
    for (let other = 0; other < 11; other += 1) cache.bytesOf({}, () => Buffer.alloc(100));
    cache.bytesOf(cold, make);
    expect(count()).toBe(2);
  });

  it('does not keep a fragment larger than half its limit, and loses nothing to it', () => {
    const cache = new FragmentCache({ maxBytes: 1000 });
    const small = {};
    const large = {};
    const smalls = counter(100);
    const larges = counter(501);
    cache.bytesOf(small, smalls.make);
    for (let pass = 0; pass < 5; pass += 1) cache.bytesOf(large, larges.make);
    cache.bytesOf(small, smalls.make);
    expect(larges.count()).toBe(5);
    expect(smalls.count()).toBe(1);
  });

  it('refuses a limit that is none', () => {
    for (const maxBytes of [0, -1, Number.NaN]) expect(() => new FragmentCache({ maxBytes })).toThrow(RangeError);
    expect(() => createResponseSerializer({ cache: { maxBytes: 0 } })).toThrow('maxBytes');
  });

  it('lets go of items that nobody else holds', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const serializer = createResponseSerializer({ cache: {} });
    const seen = ((): WeakRef<Item>[] => {
      const items = makeItems(20);
      serializer.toBuffer(items);
      serializer.toBuffer({ tools: items });
      return items.map((item) => new WeakRef(item));
    })();
    for (let turn = 0; turn < 10 && seen.some((item) => item.deref() !== undefined); turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      collect();
    }
    expect(seen.filter((item) => item.deref() !== undefined)).toEqual([]);
  });
});
