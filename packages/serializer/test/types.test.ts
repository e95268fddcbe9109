import { describe, expect, it } from 'vitest';

import type { ResponseSerializerOptions } from '../src/response-serializer.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';

const everything = { uuidBytes: true, map: true, typedArrays: true, bigint: true };
const uuidBytes = Uint8Array.from({ length: 16 }, (_, n) => n);
const uuid = '00010203-0405-0607-0809-0a0b0c0d0e0f';

/** The text from every entry point, which must agree; alone, in an envelope's long list and in a bare one. */
function write(value: unknown, types: ResponseSerializerOptions['types'] = everything): string {
  const serializer = createResponseSerializer({ types, chunkItems: 3 });
  const text = serializer.stringify(value);
  const list = Array.from({ length: 10 }, () => value);
  const items = Array.from({ length: 10 }, () => (text === undefined ? 'null' : text)).join(',');
  expect(serializer.toBuffer(value).toString()).toBe(text);
  expect(Buffer.from(serializer.toBody(value)).toString()).toBe(text);
  expect(serializer.stringify(list)).toBe(`[${items}]`);
  for (const [input, expected] of [
    [value, text],
    [list, `[${items}]`],
    [{ result: { tools: list } }, `{"result":{"tools":[${items}]}}`],
  ]) {
    expect(serializer.toBuffer(input).toString()).toBe(expected);
    expect(Buffer.concat([...serializer.chunks(input)]).toString()).toBe(expected);
  }
  return text;
}

describe('types beyond JSON.stringify', () => {
  it('are off unless asked for', () => {
    const serializer = createResponseSerializer();
    const values = [
      { id: uuidBytes },
      { id: Buffer.from(uuidBytes) },
      new Map([[1, 2]]),
      { at: [new Float32Array(3)] },
      [new Set([1])],
    ];
    for (const value of [...values, values, { tools: [...values, ...values] }]) {
      expect(serializer.toBuffer(value).toString()).toBe(JSON.stringify(value));
      expect(serializer.stringify(value)).toBe(JSON.stringify(value));
    }
    expect(() => serializer.stringify({ n: 1n })).toThrow('BigInt');
  });

  it('leave alone what was not asked for', () => {
    const value = { id: Buffer.from('abc'), map: new Map([[1, 2]]), numbers: new Int8Array(2), at: new Date(0) };
    expect(write(value, { uuidBytes: true })).toBe(JSON.stringify(value));
    expect(() => write({ n: 1n }, { map: true })).toThrow('BigInt');
  });

  it('include UUIDs of sixteen bytes, as Uint8Array and as Buffer', () => {
    expect(write({ id: uuidBytes, other: Buffer.from(uuidBytes), deep: [{ id: uuidBytes }] })).toBe(
      `{"id":"${uuid}","other":"${uuid}","deep":[{"id":"${uuid}"}]}`,
    );
    expect(write(uuidBytes)).toBe(`"${uuid}"`);
  });

  it('do not take other bytes for UUIDs', () => {
    const value = {
      short: new Uint8Array(15),
      long: Buffer.alloc(17),
      words: new Uint16Array(16),
      view: new DataView(new ArrayBuffer(16)),
    };
    expect(write(value, { uuidBytes: true })).toBe(JSON.stringify(value));
  });

  it('include Maps with integer, UUID, Date, boolean and BigInt keys', () => {
    const map = new Map<unknown, unknown>([
      ['b', 1],
      [10, 'ten'],
      [2, 'two'],
      [uuidBytes, true],
      [new Date(0), new Date(1)],
      [false, null],
      [2n ** 64n, [new Map([[1, 2]])]],
    ]);
    expect(JSON.parse(write({ map }))).toEqual({
      map: {
        '2': 'two',
        '10': 'ten',
        b: 1,
        [uuid]: true,
        '1970-01-01T00:00:00.000Z': '1970-01-01T00:00:00.001Z',
        false: null,
        '18446744073709551616': [{ '1': 2 }],
      },
    });
    expect(
      write(
        new Map([
          [2, 0],
          [1, 0],
        ]),
      ),
    ).toBe('{"1":0,"2":0}');
    expect(write(new Map())).toBe('{}');
  });

  it('write __proto__ as a key like any other, in Maps and in objects', () => {
    expect(write(new Map<string, unknown>([['__proto__', { polluted: 1 }]]))).toBe('{"__proto__":{"polluted":1}}');
    const parsed: unknown = JSON.parse('{"__proto__":{"at":1},"a":2}');
    Object.defineProperty(parsed, '__proto__', { value: { map: new Map([[1, 2]]) }, enumerable: true });
    expect(write(parsed)).toBe('{"__proto__":{"map":{"1":2}},"a":2}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuse a Map in which a value would be lost or a key has no text', () => {
    expect(() =>
      write(
        new Map<unknown, unknown>([
          [1, 'a'],
          ['1', 'b'],
        ]),
      ),
    ).toThrow('same text');
    for (const key of [null, undefined, {}, new Date(Number.NaN), Symbol('s'), [1]])
      expect(() => write(new Map([[key, 1]]))).toThrow('no text');
  });

  it('do not call a function that stands under toJSON in a Map', () => {
    expect(
      write(
        new Map<string, unknown>([
          ['toJSON', () => 'called'],
          ['a', 1],
        ]),
      ),
    ).toBe('{"a":1}');
  });

  it('let a Map with a toJSON of its own decide', () => {
    class Counted extends Map<unknown, unknown> {
      toJSON(): unknown {
        return { count: this.size, at: new Map([[1, uuidBytes]]) };
      }
    }
    expect(write({ counted: new Counted([[1, 2]]) })).toBe(`{"counted":{"count":1,"at":{"1":"${uuid}"}}}`);
  });

  it('include typed arrays, with null for what is no number', () => {
    const value = {
      a: new Uint8Array([1, 255]),
      b: new Float64Array([1.5, Number.NaN, -0, Number.POSITIVE_INFINITY]),
      c: new BigInt64Array([-1n]),
      d: new Int16Array(0),
      e: Buffer.from('a'),
    };
    expect(write(value)).toBe('{"a":[1,255],"b":[1.5,null,0,null],"c":[-1],"d":[],"e":[97]}');
  });

  it('include BigInts inside and outside of 64 bits', () => {
    const integers = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n, 10n ** 40n, -(10n ** 40n)];
    expect(write({ integers })).toBe(`{"integers":[${integers.join(',')}]}`);
    expect(write(5n)).toBe('5');
  });

  it('are found in what a toJSON gives, whose own toJSON is not called', () => {
    const result = { id: uuidBytes, n: 1n, toJSON: () => 'called twice' };
    expect(write({ row: { toJSON: () => result } })).toBe(`{"row":{"id":"${uuid}","n":1}}`);
    expect(write({ toJSON: () => 7n })).toBe('7');
    expect(write({ list: { toJSON: () => [new Date(0), new Map([[1, 1n]])] } })).toBe(
      '{"list":["1970-01-01T00:00:00.000Z",{"1":1}]}',
    );
    const empty = {
      date: { toJSON: () => new Date(0) },
      none: { toJSON: () => undefined },
      fn: { toJSON: () => () => 1 },
    };
    expect(write(empty)).toBe(JSON.stringify(empty));
  });

  it('are found in instances of classes', () => {
    class Row {
      readonly id = uuidBytes;
      get [Symbol.toStringTag](): string {
        return 'Row';
      }
    }
    expect(write(new Row())).toBe(`{"id":"${uuid}"}`);
  });

  it('leave everything else as JSON.stringify writes it', () => {
    const holes: unknown[] = [1];
    holes[3] = new Date(1);
    const value = {
      holes,
      boxed: [Object(1), Object('a'), Object(false)],
      raw: (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON('1.10'),
      at: new Date(0),
      never: new Date(Number.NaN),
      skipped: undefined,
      fn: () => 1,
      list: [undefined, () => 1, Symbol('s'), 1],
      set: new Set([1]),
      lone: '\ud800',
      zero: -0,
      nan: Number.NaN,
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
      url: new URL('http://localhost/'),
      error: new Error('no own keys'),
      toJSON: 'no function',
    };
    expect(write(value)).toBe(JSON.stringify(value));
  });

  it('use a known class for its text', () => {
    class Id {
      readonly bytes: Uint8Array;
      constructor(bytes: Uint8Array) {
        this.bytes = bytes;
      }
      toJSON(): string {
        return 'slow';
      }
    }
    const known = [{ class: Id, text: () => 'fast' }];
    expect(write({ id: new Id(uuidBytes), n: 1n }, { bigint: true, known })).toBe('{"id":"fast","n":1}');
  });

  it('do not change their input, which may be frozen', () => {
    const value = Object.freeze({
      id: uuidBytes,
      map: new Map([[1, Object.freeze([1n])]]),
      at: new Date(0),
      list: Object.freeze([Object.freeze({ n: 1n })]),
    });
    const before = structuredClone(value);
    write(value);
    expect(value).toEqual(before);
  });

  it('say of a cycle what JSON.stringify says', () => {
    const cycle: Record<string, unknown> = { at: new Date(0) };
    cycle['self'] = cycle;
    const serializer = createResponseSerializer({ types: everything });
    const list = Array.from({ length: 20 }, () => cycle);
    for (const value of [cycle, list, { tools: list }]) {
      expect(() => serializer.stringify(value)).toThrow('circular');
      expect(() => serializer.toBuffer(value)).toThrow('circular');
      expect(() => [...serializer.chunks(value)]).toThrow('circular');
    }
  });

  it.each(['uuidBytes', 'map', 'typedArrays', 'bigint'])(
    'say it beside their own values too, with %s alone',
    (type) => {
      const serializer = createResponseSerializer({ types: { [type]: true } });
      const values = { uuidBytes, map: new Map([['a', 1]]), typedArrays: new Float64Array(3), bigint: 5n };
      const cycle: Record<string, unknown> = { value: values[type as keyof typeof values], at: new Date(0) };
      cycle['inner'] = [{ cycle }];
      for (const value of [cycle, [cycle], { tools: Array.from({ length: 20 }, () => cycle) }]) {
        for (const ask of [
          () => serializer.stringify(value),
          () => serializer.toBuffer(value),
          () => serializer.toBody(value),
          () => [...serializer.chunks(value)],
        ]) {
          expect(ask).toThrow(/^Converting circular structure to JSON/);
          expect(ask).toThrow(TypeError);
        }
      }
      // The same object twice is no cycle, also where it stands deep.
      let deep: object = { at: new Date(0) };
      for (let level = 0; level < 300; level += 1) deep = { deep };
      expect(serializer.stringify([deep, deep, { deep }])).toBe(JSON.stringify([deep, deep, { deep }]));
    },
  );

  it('say it of a cycle through a Map', () => {
    const map = new Map<string, unknown>();
    map.set('self', { map });
    expect(() => write({ map })).toThrow(/^Converting circular structure to JSON/);
  });

  it('call what is too deep a RangeError, as JSON.stringify does, and hand on the RangeErrors of others', () => {
    const serializer = createResponseSerializer({ types: everything });
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level += 1) deep = { deep };
    expect(() => serializer.stringify(deep)).toThrow(RangeError);
    const own = new RangeError('out of range');
    const thrower = {
      toJSON: (): never => {
        throw own;
      },
    };
    for (const value of [thrower, new Map([['a', thrower]]), [1, { thrower }]])
      expect(() => serializer.stringify(value)).toThrow(own);
  });

  it('are read past what a class has put in the way', () => {
    class OwnMap extends Map<string, number> {
      override [Symbol.iterator](): never {
        throw new Error('not for JSON');
      }
      override entries(): never {
        throw new Error('not for JSON');
      }
      override forEach(): never {
        throw new Error('not for JSON');
      }
    }
    class OwnFloats extends Float64Array {
      override get length(): number {
        return 1;
      }
      override [Symbol.iterator](): never {
        throw new Error('not for JSON');
      }
    }
    const floats = new OwnFloats(2);
    floats[1] = 0.5;
    const tagged = Object.defineProperty({ a: 1 }, Symbol.toStringTag, {
      get: () => {
        throw new Error('not for JSON');
      },
    });
    expect(write({ map: new OwnMap([['a', 1]]), floats, tagged })).toBe(
      '{"map":{"a":1},"floats":[0,0.5],"tagged":{"a":1}}',
    );
  });

  it('are never lost in silence, however deep they stand', () => {
    const serializer = createResponseSerializer({ types: everything });
    for (const levels of [100, 2000, 3000, 4000, 5000, 7000, 10_000, 20_000]) {
      let deep: unknown = new Map([[1, 'kept']]);
      for (let level = 0; level < levels; level += 1) deep = { deep };
      let text: string | undefined;
      try {
        text = serializer.stringify(deep);
      } catch {
        continue;
      }
      expect(text).toContain('kept');
    }
  });
});
