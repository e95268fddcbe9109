/**
 * Arbitrary values for the serializer's properties: what JSON.stringify can meet, oddities included.
 */
import vm from 'node:vm';

import * as fc from 'fast-check';

import type { KnownClass } from '../src/substitute.ts';
import { formatUuid } from '../src/uuid.ts';

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

/** UUIDs that a serializer can be told of; bytes of another number are left to `toJSON`. */
class Uuid {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  toJSON(): string {
    return this.bytes.length === 16 ? formatUuid(this.bytes) : `${this.bytes.length} bytes`;
  }
}

/** Another class of them, with text. */
class Identifier extends Uuid {
  override toJSON(): string {
    return `id-${super.toJSON()}`;
  }
}

export const known: readonly KnownClass[] = [
  { class: Identifier, text: (identifier: Identifier) => identifier.toJSON() },
  { class: Uuid, bytes: (uuid: Uuid) => (uuid instanceof Identifier ? new Uint8Array(0) : uuid.bytes) },
];

const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Uuid(bytes));

const leaf = fc.oneof(
  { weight: 2, arbitrary: uuid },
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
      () => new Uuid(new Uint8Array(3)),
      () => new Identifier(new Uint8Array(16)),
      () => '\x7f',
      () => '\x7f#########################',
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

const realm = vm.createContext();
const [ofRealm, listOfRealm] = [
  '(fields) => Object.defineProperties({}, Object.getOwnPropertyDescriptors(fields))',
  '(list) => Array.from(list)',
].map((code) => vm.runInContext(code, realm) as (value: unknown) => unknown) as [
  (value: object) => unknown,
  (value: unknown[]) => unknown,
];

/** Defined and not assigned, since a field may be called `__proto__`. */
function withFields(target: object, fields: object): object {
  return Object.defineProperties(target, Object.getOwnPropertyDescriptors(fields));
}

/** The same fields in objects that an engine keeps in other ways. */
const structures: readonly ((fields: Record<string, unknown>) => unknown)[] = [
  // Properties in a dictionary.
  (fields) => {
    const own: Record<string, unknown> = { first: 1, ...fields };
    delete own['first'];
    return own;
  },
  (fields) => {
    const own = {};
    for (const name of Object.keys(fields))
      Object.defineProperty(own, name, { get: () => fields[name], enumerable: true, configurable: true });
    return own;
  },
  (fields) => new Proxy(fields, {}),
  // A number, which has fields and does not look like one.
  (fields) => withFields(Object.setPrototypeOf(Object(5), Object.prototype) as object, fields),
  (fields) => Object.freeze(fields),
  (fields) => Object.defineProperty(fields, 'hidden', { value: new Date(8), enumerable: false }),
  (fields) => withFields(Object.create({ inherited: new Date(6) }) as object, fields),
  ofRealm,
];

/** The same for lists. */
const listStructures: readonly ((list: unknown[]) => unknown)[] = [
  // A hole reads as undefined.
  (list) => {
    Reflect.deleteProperty(list, list.length >> 1);
    return list;
  },
  (list) => Object.assign(list, { extra: new Date(4) }),
  (list) => new Proxy(list, {}),
  (list) => Object.freeze(list),
  listOfRealm,
];

/** Mostly the value as it is. */
function oddly<T>(arbitrary: fc.Arbitrary<T>, ways: readonly ((value: T) => unknown)[]): fc.Arbitrary<unknown> {
  const asItIs = (value: T): unknown => value;
  return fc
    .tuple(arbitrary, fc.oneof({ weight: 4, arbitrary: fc.constant(asItIs) }, fc.constantFrom(...ways)))
    .map(([value, way]) => way(value));
}

/** Any nesting of objects, lists and leaves. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('object'), tie('list')),
  object: oddly(fc.dictionary(key, tie('value'), { maxKeys: 6 }), structures),
  list: oddly(fc.oneof(fc.array(tie('value'), { maxLength: 6 }), fc.array(uuid, { maxLength: 40 })), listStructures),
})).value;

/** Lists long enough to be written in chunks, of items that are mostly alike, alone or inside an envelope. */
export const longList: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.record(
      {
        id: fc.oneof(fc.uuid(), uuid),
        at: fc.date({ noInvalidDate: false }),
        note: fc.oneof(fc.string({ unit: 'binary' }), fc.string()),
        ids: fc.array(uuid, { maxLength: 40 }),
      },
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
