/**
 * Arbitrary values for the serializer's properties: what JSON.stringify can meet, oddities included.
 */
import * as fc from 'fast-check';

/** A class with a toJSON that uses its key, one that gives an object, and one without. */
class Keyed {
  toJSON(key: string): string {
    return `key ${key}`;
  }
}

class Nested {
  readonly at = new Date(5);
  toJSON(): unknown {
    return { at: this.at, toJSON: 'no function' };
  }
}

class Plain {
  readonly at = new Date(7);
  readonly name = 'plain';
}

const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 2, arbitrary: fc.string() },
  { weight: 2, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 4, arbitrary: fc.date({ noInvalidDate: false }) },
  fc.boolean(),
  fc.constantFrom<unknown>(null, undefined, -0, Symbol('s'), () => 1, new Keyed(), new Nested(), new Plain()),
  fc
    .constantFrom<() => unknown>(
      () => new Date(Number.NaN),
      () => Buffer.from('bytes'),
      () => new Uint8Array(3),
      () => new Map([[1, 2]]),
      () => new URL('http://localhost/'),
      () => Object('boxed'),
      () => Object(1),
      () => Object.freeze({ at: new Date(9) }),
      () => Object.assign(Object.create(null) as object, { at: new Date(1) }),
      () => Object.assign(new Date(3), { toJSON: () => 'own' }),
      () => '\ud800',
      () => '\u2028</script>',
      () => (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON('5'),
    )
    .map((make) => make()),
);

const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('id', 'at', 'name', 'tools', 'result', 'entities', 'tags') },
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', '0', '10', 'a"b', '`', '\u2028'),
);

/** Any nesting of objects, lists and leaves. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('object'), tie('list')),
  object: fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  list: fc.array(tie('value'), { maxLength: 6 }),
})).value;

/** Lists long enough to be written in chunks, of items that are mostly alike, alone or inside an envelope. */
export const longList: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.record(
      { id: fc.uuid(), at: fc.date({ noInvalidDate: false }), note: fc.string({ unit: 'binary' }) },
      { noNullPrototype: true },
    ),
    fc.array(anyValue, { maxLength: 5 }),
    fc.integer({ min: 0, max: 40 }),
    fc.constantFrom('bare', 'tools', 'result', 'both'),
  )
  .map(([item, strangers, count, envelope]) => {
    const list: unknown[] = Array.from({ length: count }, (_, index) => ({ ...item, n: index }));
    for (const [index, stranger] of strangers.entries()) list.splice((index * 7) % (list.length + 1), 0, stranger);
    if (envelope === 'bare') return list;
    if (envelope === 'tools') return { at: new Date(0), tools: list, nextCursor: null };
    if (envelope === 'result') return { jsonrpc: '2.0', result: { tools: list, at: new Date(1) }, id: 1 };
    return { entities: { tools: list, servers: [...list], none: [] }, exported_at: new Date(2) };
  });
