/**
 * The schema inferred from a catalog: it accepts every item, loses nothing in a schema-driven serializer, and names
 * formats only where the native variant gives the same bytes.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import fastJsonStringify from 'fast-json-stringify';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formattedFields, inferSchema } from '../../src/corpus/infer.ts';
import { toJtd } from '../../src/corpus/jtd.ts';
import { reviveNative } from '../../src/corpus/native.ts';
import { nativeTypes } from '../../src/corpus/uuid.ts';
import type { JsonSchema, JsonValue } from '../../src/model/values.ts';
import { tools } from '../fixtures/record/tools.ts';

const addFormats = formatsPlugin as unknown as (ajv: Ajv2020) => void;

const uuid = '0b5c2f1e-4a77-4d2b-9d53-000000000010';
const datetime = '2024-02-29T10:20:30.000Z';

describe('inferSchema', () => {
  it('describes a record with its optional, nullable and formatted fields', () => {
    const items: JsonValue[] = [
      { id: uuid, name: 'a', count: 1, score: 1, at: null, tags: [], owner: { email: 'x' } },
      { id: uuid, name: 'b', count: 2, score: 1.5, at: datetime, tags: ['t'], owner: null, note: 'n' },
    ];
    expect(inferSchema(items)).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid' },
        name: { type: 'string' },
        count: { type: 'integer' },
        score: { type: 'number' },
        at: { type: ['string', 'null'], format: 'date-time' },
        tags: { type: 'array', items: { type: 'string' } },
        owner: {
          type: ['object', 'null'],
          properties: { email: { type: 'string' } },
          required: ['email'],
          additionalProperties: false,
        },
        note: { type: 'string' },
      },
      required: ['id', 'name', 'count', 'score', 'at', 'tags', 'owner'],
      additionalProperties: false,
    });
  });

  it('accepts anything where nothing is known', () => {
    expect(inferSchema([])).toEqual({});
    expect(inferSchema([1, 'a'])).toEqual({});
    expect(inferSchema([[], []])).toEqual({ type: 'array', items: {} });
    expect(inferSchema([null])).toEqual({ type: 'null' });
  });

  it('tells a map from a record', () => {
    const schemas = Array.from({ length: 10 }, (_, index) => ({
      type: 'object',
      properties: { [`a${index}`]: { type: 'string' }, [`b${index}`]: { type: 'integer' } },
    }));
    expect(inferSchema(schemas)).toMatchObject({
      properties: { type: { type: 'string' }, properties: { type: 'object', additionalProperties: true } },
    });
    const sharing = schemas.map(({ properties }) => Object.assign({ session: {} }, properties));
    expect(inferSchema(sharing)).toEqual({ type: 'object', additionalProperties: true });
  });

  it('leaves an object open whose keys a schema cannot list safely', () => {
    for (const key of ['__proto__', 'toString', '$ref', '$id']) {
      const items = [JSON.parse(`{"${key}":"x","a":1}`) as JsonValue];
      expect(inferSchema(items)).toEqual({ type: 'object', additionalProperties: true });
    }
  });

  it('keeps the order of keys that the items agree on', () => {
    const schema = inferSchema([
      { a: 1, d: 1 },
      { a: 1, b: 1, d: 1 },
      { a: 1, b: 1, c: 1, d: 1 },
    ]);
    expect(Object.keys(schema['properties'] as object)).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['without milliseconds', '2024-02-29T10:20:30Z'],
    ['with an offset', '2024-02-29T10:20:30.000+01:00'],
    ['with microseconds', '2024-02-29T10:20:30.000000Z'],
    ['on a day that does not exist', '2023-02-29T10:20:30.000Z'],
    ['in an hour that does not exist', '2024-02-29T24:00:00.000Z'],
    ['that is a date only', '2024-02-29'],
    ['that is empty', ''],
  ])('does not take a datetime %s for one, since a Date would give other bytes', (_, text) => {
    expect(inferSchema([{ at: datetime }, { at: text }])).toMatchObject({ properties: { at: { type: 'string' } } });
    expect(formattedFields(inferSchema([{ at: datetime }, { at: text }]))).toEqual([]);
    expect(formattedFields(inferSchema([{ at: text }]))).toEqual([]);
  });

  it.each(['0B5C2F1E-4A77-4D2B-9D53-000000000010', '0b5c2f1e4a774d2b9d53000000000010', `urn:uuid:${uuid}`])(
    'does not take %s for a canonical UUID',
    (text) => expect(formattedFields(inferSchema([{ id: uuid }, { id: text }]))).toEqual([]),
  );

  it('finds formats below arrays and objects, and says where', () => {
    const items: JsonValue[] = [{ 'a/b': { ids: [uuid], rows: [[{ at: datetime }]] } }];
    expect(formattedFields(inferSchema(items))).toEqual([
      { format: 'uuid', pointer: '/a~1b/ids/*' },
      { format: 'date-time', pointer: '/a~1b/rows/*/*/at' },
    ]);
  });
});

describe('for every list of values, the inferred schema', () => {
  /** Keys and strings that schemas and engines treat in their own way, next to arbitrary ones. */
  const key = fc.oneof(
    fc.constantFrom('a', 'b', 'c', 'id', '__proto__', 'constructor', 'toString', 'length', '1', '$ref', '$schema', ''),
    fc.string({ maxLength: 4 }),
  );
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.uuid(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );
  const { value } = fc.letrec<{ value: JsonValue; object: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      text,
      fc.array(tie('value'), { maxLength: 4 }),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(key, tie('value')), { maxLength: 6 })
      // Through text, as a recording arrives: `__proto__` becomes an own key and -0 becomes 0.
      .map((entries) => {
        const members = entries.map(([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`);
        return JSON.parse(`{${members.join(',')}}`) as JsonValue;
      }),
  }));
  const datetimes = fc
    .date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2100-01-01') })
    .map((date) => date.toISOString());
  const record = fc.record(
    { id: fc.uuid(), name: text, at: fc.option(datetimes), rest: value },
    { requiredKeys: ['id'], noNullPrototype: true },
  ) as fc.Arbitrary<JsonValue>;
  const catalogs = fc.oneof(fc.array(value, { maxLength: 6 }), fc.array(record, { minLength: 1, maxLength: 8 }));
  const check = (property: (items: JsonValue[], schema: JsonSchema) => void): void => {
    fc.assert(
      fc.property(catalogs, (drawn) => {
        const items = JSON.parse(JSON.stringify(drawn)) as JsonValue[];
        property(items, inferSchema(items));
      }),
      { numRuns: 200 },
    );
  };

  it('accepts each of them, formats included', () => {
    check((items, schema) => {
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
      addFormats(ajv);
      const validate = ajv.compile(schema);
      expect(items.filter((item) => !validate(item))).toEqual([]);
    });
  });

  it('rejects a key that no item has, or leaves the object open', () => {
    const validate = new Ajv2020().compile(inferSchema([{ a: 1 }, { a: 2, b: null }]));
    expect(validate({ a: 3 })).toBe(true);
    expect(validate({ a: 3, c: 1 })).toBe(false);
  });

  it('loses nothing in a schema-driven serializer', () => {
    check((items, schema) => {
      const stringify = fastJsonStringify({ type: 'array', items: schema });
      expect(JSON.parse(stringify(items))).toEqual(JSON.parse(JSON.stringify(items)));
    });
  });

  it('gives the same bytes from the native variant', () => {
    check((items, schema) => {
      const native = reviveNative(structuredClone(items), { type: 'array', items: schema }, nativeTypes);
      expect(JSON.stringify(native)).toBe(JSON.stringify(items));
    });
  });

  it('converts to a type definition', () => {
    check((_, schema) => expect(() => toJtd(schema)).not.toThrow());
  });
});

it('describes the catalog of the test servers', () => {
  const schema = inferSchema(tools);
  expect(formattedFields(schema)).toEqual([
    { format: 'uuid', pointer: '/id' },
    { format: 'date-time', pointer: '/createdAt' },
  ]);
  expect(schema['required']).toEqual([
    'unknownToAnyProtocol',
    'name',
    'description',
    'id',
    'createdAt',
    'localTime',
    'inputSchema',
  ]);
});
