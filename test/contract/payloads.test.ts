/**
 * The contract of a payload, held against every file of bench/payloads.
 */
import { Ajv as AjvJtd } from 'ajv/dist/jtd.js';
import { describe, expect, it } from 'vitest';

import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { toJtd } from '../../src/corpus/jtd.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import type { Registered } from '../../src/model/bench-module.ts';
import type { Payload } from '../../src/model/payload.ts';
import type { JsonSchema, JsonValue } from '../../src/model/values.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { compileValidator } from '../corpus/validator.ts';

const { payloads } = await loadRegistry();

/** Native forms that `JSON.stringify` does not write as the client should read them, each with its reason. */
const NOT_ITS_TEXT: { readonly [id: string]: string } = {
  'uuid-bytes': 'JSON.stringify writes a Uint8Array as an object with a key for each byte',
};

const ajv = new AjvJtd();

const KEYWORDS_OF_PLACE: ReadonlySet<string> = new Set(['$ref', '$id', '$schema', '$defs']);

it('runs over the payloads that the gateway has', () => {
  expect(payloads.length).toBeGreaterThanOrEqual(16);
});

describe.each(payloads.map((payload) => [payload.id, payload] as const))('%s', (id, payload) => {
  const schema = loadSchema(payload);
  const smallSizes = payload.fixedSizes === true ? payload.sizes : [...new Set([1, 10, ...payload.sizes.slice(0, 2)])];

  function text(request: { items?: number; seed?: number; index?: number } = {}): string {
    return catalogText({ payload, items: payload.sizes[0] ?? 1, seed: 1, index: 0, ...request });
  }

  it('says what it is and offers sizes and variants', () => {
    expect(payload.title).not.toBe('');
    expect(payload.where).not.toBe('');
    expect(payload.variants.length).toBeGreaterThan(0);
    expect(new Set(payload.variants).size).toBe(payload.variants.length);
    expect(payload.sizes.length).toBeGreaterThan(0);
    expect(payload.sizes.every((items) => Number.isSafeInteger(items) && items > 0)).toBe(true);
    expect([...payload.sizes].toSorted((a, b) => a - b)).toEqual(payload.sizes);
  });

  it('has a schema without references that describes every value', () => {
    expect(keysOf(schema).filter((key) => KEYWORDS_OF_PLACE.has(key))).toEqual([]);
    const validate = compileValidator(schema);
    for (const items of smallSizes) {
      for (const seed of [1, 2, 77]) expect(validate(JSON.parse(text({ items, seed })))).toEqual([]);
    }
    expect(validate('not a payload')).not.toEqual([]);
  });

  it('has as many items as were asked for where it is a list', () => {
    const { list } = payload;
    expect(list === null).toBe(payload.fixedSizes === true);
    const lengths = smallSizes.map((items) => {
      const found = list === null ? undefined : followPointer(JSON.parse(text({ items })), list);
      return Array.isArray(found) ? found.length : 'no list';
    });
    // An export counts the entities of all kinds, and its list is that of the tools, every second entity.
    const expected = smallSizes.map((items) => (id === 'export' ? Math.ceil(items / 2) : items));
    expect(lengths).toEqual(list === null ? smallSizes.map(() => 'no list') : expected);
  });

  it('is JSON text that parsing and writing again does not change', () => {
    expect(JSON.stringify(JSON.parse(text()))).toBe(text());
  });

  it('is written from its native form with the bytes of the text form, or the reason why not holds', ({ skip }) => {
    const reason = payload.unsupported?.();
    if (reason !== undefined) skip(reason);
    const native = readCatalog({ text: text(), payload, schema, variant: 'native' });
    // A response without a native variant has nothing to revive; a representation in text has chosen not to.
    const hasNative = payload.variants.includes('native');
    const isTextByChoice = payload.role === 'representation' && !hasNative;
    expect(hasObjectOfAClass(native) || isTextByChoice).toBe(hasNative || isTextByChoice);
    expect(JSON.stringify(native) === text()).toBe(NOT_ITS_TEXT[id] === undefined);
  });

  it('converts to a type definition whose serializer and parser keep every value', () => {
    const jtd = toJtd(schema);
    const serialize = ajv.compileSerializer<JsonValue>(jtd);
    const parse = ajv.compileParser<JsonValue>(jtd);
    for (const seed of [1, 5]) {
      const value = JSON.parse(text({ seed, items: payload.fixedSizes === true ? 1 : 50 })) as JsonValue;
      expect(JSON.parse(serialize(value))).toEqual(value);
      expect(parse(JSON.stringify(value))).toEqual(value);
    }
    expect(Object.keys(jtd)).not.toEqual([]);
  });
});

describe('export', () => {
  it('counts the entities of all kinds, and says so itself', () => {
    for (const items of [1, 10, 37]) {
      const { entities, metadata } = JSON.parse(catalogText({ payload: find('export'), items, seed: 1, index: 0 })) as {
        entities: Record<string, unknown[]>;
        metadata: { entity_counts: Record<string, number> };
      };
      const lengths = Object.fromEntries(Object.entries(entities).map(([kind, list]) => [kind, list.length]));
      expect(metadata.entity_counts).toEqual(lengths);
      expect(Object.values(lengths).reduce((sum, length) => sum + length, 0)).toBe(items);
    }
  });
});

describe('rpc-tool-result', () => {
  it('holds the structured content a second time as text', () => {
    const { result } = JSON.parse(catalogText({ payload: find('rpc-tool-result'), items: 1, seed: 1, index: 0 })) as {
      result: { content: { text: string }[]; structuredContent: unknown };
    };
    expect(JSON.parse(result.content[0]?.text ?? '')).toEqual(result.structuredContent);
  });
});

describe('seed-items', () => {
  it('has the value of its number times one and a half, and a description of about 85 characters', () => {
    const items = JSON.parse(catalogText({ payload: find('seed-items'), items: 300, seed: 1, index: 0 })) as {
      id: number;
      value: number;
      description: string;
      tags: string[];
    }[];
    expect(items.map(({ value }) => value)).toEqual(items.map((_, index) => index * 1.5));
    expect(items.every(({ tags }) => tags.length === 3)).toBe(true);
    const length = items.reduce((sum, { description }) => sum + description.length, 0) / items.length;
    expect(length).toBeGreaterThan(80);
    expect(length).toBeLessThan(90);
  });
});

describe('sse-event', () => {
  it('stands in a data line of its own', () => {
    expect(find('sse-event').frame).toEqual({ prefix: 'data: ', suffix: '\n\n' });
    // A line break would end the data line; JSON text holds none outside its escapes.
    expect(catalogText({ payload: find('sse-event'), items: 1, seed: 1, index: 0 })).not.toMatch(/[\r\n]/);
  });
});

describe('datetime-temporal', () => {
  it('has the text that Temporal.Instant writes', ({ skip }) => {
    const payload = find('datetime-temporal');
    const reason = payload.unsupported?.();
    if (reason !== undefined) skip(reason);
    const text = catalogText({ payload, items: 500, seed: 1, index: 0 });
    const native = readCatalog({ text, payload, schema: loadSchema(payload), variant: 'native' }) as {
      at: Temporal.Instant;
    }[];
    expect(native.map(({ at }) => at.toString())).toEqual((JSON.parse(text) as { at: string }[]).map(({ at }) => at));
    expect(native.every(({ at }) => at instanceof Temporal.Instant)).toBe(true);
  });

  it('says why where the runtime has no Temporal', () => {
    const payload = find('datetime-temporal');
    const saved = Object.getOwnPropertyDescriptor(globalThis, 'Temporal');
    Reflect.deleteProperty(globalThis, 'Temporal');
    try {
      expect(payload.unsupported?.()).toMatch(/Temporal/);
    } finally {
      if (saved !== undefined) Object.defineProperty(globalThis, 'Temporal', saved);
    }
  });
});

describe('the schemas of lists', () => {
  it.each(['tools', 'servers', 'gateways', 'rpc-tools-list', 'export', 'seed-items'])(
    'of %s require exactly what is always there, and allow null exactly where it occurs',
    (id) => {
      const payload = find(id);
      const value = JSON.parse(catalogText({ payload, items: 2_000, seed: 1, index: 0 })) as JsonValue;
      const census: Census = new Map();
      take(census, { schema: loadSchema(payload), value, path: '' });
      expect(complaintsOf(census)).toEqual([]);
    },
  );
});

/** What was seen at one place of a schema over all items. */
interface Sighting {
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  parents: number;
  present: number;
  nulls: number;
}
type Census = Map<string, Sighting>;

function take(census: Census, at: { schema: JsonSchema; value: JsonValue; path: string }): void {
  const { schema, value, path } = at;
  if (Array.isArray(value)) {
    for (const entry of value)
      take(census, { schema: (schema['items'] ?? {}) as JsonSchema, value: entry, path: `${path}/*` });
    return;
  }
  const properties = schema['properties'] as { [name: string]: JsonSchema } | undefined;
  if (value === null || typeof value !== 'object' || properties === undefined) return;
  const required = schema['required'] as string[];
  for (const [name, property] of Object.entries(properties)) {
    const place = `${path}/${name}`;
    const type = property['type'];
    const isNullable = Array.isArray(type) && type.includes('null');
    const sighting = census.get(place) ?? {
      isRequired: required.includes(name),
      isNullable,
      parents: 0,
      present: 0,
      nulls: 0,
    };
    census.set(place, sighting);
    sighting.parents += 1;
    const entry = value[name];
    if (entry === undefined) continue;
    sighting.present += 1;
    if (entry === null) sighting.nulls += 1;
    take(census, { schema: property, value: entry, path: place });
  }
}

function complaintsOf(census: Census): string[] {
  const complaints: string[] = [];
  for (const [place, { isRequired, isNullable, parents, present, nulls }] of census) {
    // A place that a document has once, such as its cursor, cannot be seen both ways.
    if (parents === 1) continue;
    if (isRequired !== (present === parents)) complaints.push(`${place} is required: ${isRequired}`);
    if (present === 0) complaints.push(`${place} never occurs`);
    if (isNullable !== nulls > 0) complaints.push(`${place} allows null: ${isNullable}`);
    if (nulls === present) complaints.push(`${place} is always null`);
  }
  return complaints;
}

function find(id: string): Registered<Payload> {
  const payload = payloads.find((candidate) => candidate.id === id);
  if (payload === undefined) throw new Error(`no payload ${id}`);
  return payload;
}

function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => [key].concat(keysOf(entry)));
}

function followPointer(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((found, name) => (found as Record<string, unknown>)[name], value);
}

function hasObjectOfAClass(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasObjectOfAClass);
  return Object.getPrototypeOf(value) !== Object.prototype || Object.values(value).some(hasObjectOfAClass);
}
