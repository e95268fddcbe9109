/**
 * Nothing of the user's objects is called that JSON.stringify does not call, and what they throw comes through.
 */
import vm from 'node:vm';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ResponseSerializer, ResponseSerializerOptions } from '../src/response-serializer.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';
import { anyValue } from './values.ts';

const options: [string, ResponseSerializerOptions][] = [
  ['nothing set', {}],
  ['a cache', { cache: {} }],
  ['one item at a time', { chunkItems: 1 }],
  ['types', { types: { map: true, typedArrays: true, uuidBytes: true } }],
];

const entries: [string, (serializer: ResponseSerializer, value: unknown) => string][] = [
  ['stringify', (serializer, value) => serializer.stringify(value)],
  ['toBuffer', (serializer, value) => serializer.toBuffer(value).toString()],
  ['toBody', (serializer, value) => String(serializer.toBody(value))],
  ['chunks', (serializer, value) => Buffer.concat([...serializer.chunks(value)]).toString()],
];
const ways = options.flatMap(([title, settings]) =>
  entries.map(([name, write]): [string, typeof write, ResponseSerializerOptions] => [
    `${name}, ${title}`,
    write,
    settings,
  ]),
);

const stranger = (): never => {
  throw new Error('this is not for JSON');
};

/** A list of another class whose every method, iterator and species is a trap. */
class Guarded extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return stranger();
  }
  override [Symbol.iterator](): ArrayIterator<unknown> {
    return stranger();
  }
}
for (const name of Object.getOwnPropertyNames(Array.prototype)) {
  if (name !== 'length' && name !== 'constructor')
    Object.defineProperty(Guarded.prototype, name, { get: stranger, configurable: true });
}
Object.defineProperty(Guarded.prototype, 'constructor', { get: stranger });
Object.defineProperty(Guarded.prototype, 'inherited', { get: stranger, enumerable: true });

function guarded(items: readonly unknown[]): Guarded {
  const list = new Guarded();
  for (const [index, item] of items.entries()) list[index] = item;
  return list;
}

/** The same fields below a prototype whose inherited ones must not be read. */
function inheriting(fields: object): object {
  const prototype = Object.defineProperties(
    {},
    { tools: { get: stranger, enumerable: true }, result: { get: stranger, enumerable: true } },
  );
  return Object.assign(Object.create(prototype) as object, fields);
}

const foreign = vm.runInNewContext(
  '(items) => { const list = []; for (const item of items) list.push(item); return list; }',
) as (items: readonly unknown[]) => unknown[];

/** Lists as other code makes them. */
const lists: [string, (items: readonly unknown[]) => unknown][] = [
  ['a class of its own', guarded],
  ['another realm', foreign],
  ['no prototype', (items) => Object.setPrototypeOf([...items], null) as unknown],
  ['a proxy', (items) => new Proxy([...items], {})],
  ['holes', (items) => Object.assign(Object.assign([], { length: items.length + 3 }), items)],
  ['fields of its own', (items) => Object.assign([...items], { total: 3, map: stranger, slice: stranger })],
  ['frozen', (items) => Object.freeze([...items])],
  ['the prototype of objects', (items) => Object.setPrototypeOf([...items], Object.prototype) as unknown],
];

const items = Array.from({ length: 40 }, (_, id) => ({ id, at: new Date(id), tags: ['a', `${id}`] }));

describe.each(ways)('%s', (_title, write, settings) => {
  it.each(lists)('reads the length and the indexes of a list, and nothing else: %s', (_what, make) => {
    const serializer = createResponseSerializer(settings);
    for (const count of [0, 1, 3, 40]) {
      const list = make(items.slice(0, count));
      for (const value of [
        list,
        { tools: list },
        { result: { tools: list } },
        [list],
        [
          { id: 1, inner: list },
          { id: 2, inner: list },
        ],
        [...items, list, list],
        inheriting({ list }),
      ]) {
        const text = JSON.stringify(value);
        // Twice, with what was learned.
        expect([write(serializer, value), write(serializer, value)]).toEqual([text, text]);
      }
    }
  });

  it('writes any items inside such lists', () => {
    const serializer = createResponseSerializer(settings);
    // With types on, some values have another text by design.
    const isPlain = settings.types === undefined;
    fc.assert(
      fc.property(
        fc.array(isPlain ? anyValue : fc.jsonValue(), { maxLength: 30 }),
        fc.constantFrom(...lists),
        (some, [, make]) => {
          const value = make(some);
          let text: string;
          try {
            text = JSON.stringify(value);
          } catch {
            return;
          }
          expect(write(serializer, value)).toBe(text);
        },
      ),
    );
  });

  it('asks a proxy for what JSON.stringify asks it', () => {
    const serializer = createResponseSerializer(settings);
    for (const target of [items.slice(0, 20), { id: 1, at: new Date(0), tools: items.slice(0, 20) }]) {
      // Of one asked twice the second answers are the same, so kinds are compared.
      const kindsFor = (action: (value: unknown) => unknown): string[] => {
        const asked = new Set<string>();
        action(new Proxy(target, recording(asked)));
        return [...asked].toSorted();
      };
      expect(kindsFor((value) => write(serializer, value))).toEqual(kindsFor((value) => JSON.stringify(value)));
      expect(kindsFor((value) => write(serializer, { tools: value, other: [value, value] }))).toEqual(
        kindsFor((value) => JSON.stringify({ tools: value, other: [value, value] })),
      );
    }
  });

  it.each([
    [
      'a toJSON',
      (error: unknown) => ({
        toJSON: () => {
          throw error;
        },
      }),
    ],
    [
      'a getter',
      (error: unknown) =>
        Object.defineProperty({}, 'id', {
          enumerable: true,
          get: () => {
            throw error;
          },
        }),
    ],
    [
      'a proxy',
      (error: unknown) =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw error;
            },
          },
        ),
    ],
  ])('hands on what %s throws', (_what, make) => {
    const serializer = createResponseSerializer(settings);
    for (const error of [new RangeError('Invalid array length'), new TypeError('no'), 'a string', undefined]) {
      for (const value of [
        make(error),
        [...items, make(error)],
        { tools: [...items, make(error)] },
        { map: make(error) },
      ]) {
        expect(thrownBy(() => write(serializer, value))).toEqual({ error });
        expect(thrownBy(() => JSON.stringify(value))).toEqual({ error });
      }
    }
  });

  it('says of a cycle and of a revoked proxy what JSON.stringify says', () => {
    const serializer = createResponseSerializer(settings);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const value of [cyclic(), [...items, cyclic()], { tools: [...items, cyclic()] }, deepCycle(500)]) {
      expect(() => write(serializer, value)).toThrow(/^Converting circular structure to JSON/);
      expect(() => write(serializer, value)).toThrow(TypeError);
    }
    for (const value of [proxy, [...items, proxy], { tools: [...items, proxy] }])
      expect(() => write(serializer, value)).toThrow(TypeError);
  });
});

function recording(asked: Set<string>): ProxyHandler<object> {
  const traps = [
    'get',
    'has',
    'ownKeys',
    'getOwnPropertyDescriptor',
    'getPrototypeOf',
    'isExtensible',
    'set',
    'defineProperty',
    'deleteProperty',
    'setPrototypeOf',
    'preventExtensions',
  ] as const;
  const handler: Record<string, unknown> = {};
  for (const trap of traps) {
    handler[trap] = (target: object, key: unknown, ...rest: unknown[]) => {
      asked.add(trap === 'get' ? `get ${String(key)}` : trap);
      return (Reflect[trap] as (...given: unknown[]) => unknown)(target, key, ...rest);
    };
  }
  return handler;
}

function thrownBy(action: () => unknown): { error: unknown } | undefined {
  try {
    action();
  } catch (error) {
    return { error };
  }
  return undefined;
}

function cyclic(): object {
  const value: Record<string, unknown> = { id: 1, at: new Date(0) };
  value['self'] = { value };
  return value;
}

function deepCycle(levels: number): object {
  const root: Record<string, unknown> = {};
  let last = root;
  for (let level = 0; level < levels; level += 1) {
    const next: Record<string, unknown> = { level };
    last['next'] = next;
    last = next;
  }
  last['root'] = root;
  return root;
}
