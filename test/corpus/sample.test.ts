/**
 * A document of the user's as a payload: whatever JSON it is, what is said about it, and its types.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createGenerator } from '../../src/corpus/generator.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { createSample, parseTypeRules } from '../../src/corpus/sample.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import type { JsonSchema, JsonValue } from '../../src/model/values.ts';
import type { Sample } from '../../src/model/sample.ts';
import { UserError } from '../../src/user-error.ts';
import { toldBy } from '../told-message.ts';

const uuid = '0b5c2f1e-4a77-4d2b-9d53-000000000010';
const datetime = '2024-02-29T10:20:30.000Z';

function sampleOf(text: string, options: { schema?: JsonSchema; types?: string } = {}): Sample {
  const { schema, types } = options;
  return createSample({
    name: 'mine',
    text,
    described: 'mine.json',
    schema,
    ...(types !== undefined && { types: parseTypeRules(types) }),
  });
}

function generate({ payload }: Sample): JsonValue {
  return payload.generate(createGenerator(1), payload.sizes[0] as number);
}

/** The values that a worker would measure, and the text that they have to give. */
function materialize(sample: Sample): { value: unknown; text: string } {
  const text = JSON.stringify(generate(sample));
  const [variant = 'text'] = sample.payload.variants;
  return { text, value: readCatalog({ text, payload: sample.payload, schema: loadSchema(sample.payload), variant }) };
}

function nested(levels: number): string {
  return `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`;
}

describe('a sample', () => {
  it.each<[string, string, string | null, number]>([
    ['a bare string', '"text"', null, 1],
    ['a number', '-1.5e3', null, 1],
    ['null', 'null', null, 1],
    ['an empty array', '[]', '', 1],
    ['an empty object', '{}', null, 1],
    ['an array', '[1, "a", {"b": null}]', '', 3],
    ['an object without a list', '{"a": [1, 2, 3], "b": {"c": 1}}', null, 1],
    ['an object with lists', '{"few": [{}], "ma/ny": [{}, {}], "numbers": [1, 2, 3]}', '/ma~1ny', 2],
    ['an envelope', '{"jsonrpc": "2.0", "result": {"tools": [{}, {}, {}]}, "id": 1}', '/result/tools', 3],
    [
      'keys that engines treat in their own way',
      '{"__proto__": {"a": 1}, "constructor": [], "toString": {"__proto__": 2}}',
      null,
      1,
    ],
    ['deep nesting', nested(3000), '/a', 1],
    ['nesting that no function calling itself survives', nested(100_000), '/a', 1],
  ])('is made of %s', (_, text, list, items) => {
    const sample = sampleOf(text);
    expect(sample.payload).toMatchObject({
      id: 'sample/mine',
      list,
      sizes: [items],
      fixedSizes: true,
      variants: ['text'],
      where: 'mine.json',
    });
    const written = JSON.stringify(JSON.parse(text));
    expect(materialize(sample).text).toBe(written);
    expect(sample.bytes).toBe(Buffer.byteLength(written));
    expect(
      new Ajv2020({ strict: false, formats: { uuid: true, 'date-time': true } }).validate(
        loadSchema(sample.payload),
        generate(sample),
      ),
    ).toBe(true);
    expect(sample).toMatchObject({ schemaOrigin: 'inferred', notes: [] });
  });

  it('is a fresh value on every call', () => {
    const sample = sampleOf('{"a": [1]}');
    expect(generate(sample)).not.toBe(generate(sample));
    expect(generate(sample)).toEqual({ a: [1] });
  });

  it.each([
    ['half of a surrogate pair in a key', '[{"\\ud800": 1}]'],
    ['such a key further in', '{"tools": [{"name": "a", "x": {"y\\udc00z": {"\\udbff": [1]}}}, {"name": "b"}]}'],
    ['half of a surrogate pair as a value', '{"a": "\\udc00"}'],
    [
      'keys that are keywords of schemas',
      '[{"$ref": "#/x", "$id": "y", "$schema": "z", "$defs": 1, "type": "wrong", "properties": [], "required": 1, "enum": []}]',
    ],
    [
      'keys with signs of pointers, addresses and templates',
      '{"": {"": 1}, "a/b": 1, "~0": 2, "%": 3, "%ZZ": 4, "#": 5, "`${x}": 6, "\\"": 7, "\\n\\u0000": 8, "*/": 9}',
    ],
    ['numeric keys', '{"10": 1, "2": 2, "-1": 3, "00": 4}'],
    ['a key of a megabyte', `{"${'k'.repeat(1_000_000)}": 1}`],
    [
      'ten thousand keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]))),
    ],
    ['objects of every type at one place', '[{"a": 1}, {"a": "x"}, {"a": null}, {"a": [1]}, {"a": {"b": 1}}, 7]'],
    ['nulls alone', '[null, {"a": null}]'],
    ['numbers that no double holds', '[1e400, -1e400, 12345678901234567890, -0]'],
  ])('with %s has a schema that checkers take and the document satisfies', (_, text) => {
    const sample = sampleOf(text);
    const schema = loadSchema(sample.payload);
    expect(new Ajv2020({ strict: false }).validate(schema, generate(sample))).toBe(true);
    expect(sample.notes.join()).not.toContain('schema');
  });

  it('refuses what JSON.stringify itself cannot write, and says so', () => {
    // An indexed key keeps V8 from its way of writing that needs no stack.
    const text = `${'{"0":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(toldBy(() => sampleOf(text))).toMatch(
      /cannot measure mine\.json: JSON\.stringify itself cannot write it: .+; it is nested too deeply/,
    );
  });

  it('refuses text that is not JSON, and names that are no file names', () => {
    expect(toldBy(() => sampleOf('{"a": }'))).toMatch(/mine\.json: it is not JSON: Unexpected token '\}'/);
    expect(toldBy(() => createSample({ name: '../x', text: '1', described: 'x' }))).toMatch(/"\.\.\/x" is no name/);
  });

  it('keeps the schema of a document without repetition small enough to be compiled', () => {
    const keys = Array.from({ length: 9 }, (_, index) => `k${index}`);
    const branch = (levels: number): JsonValue =>
      levels === 0 ? 1 : Object.fromEntries(keys.map((key) => [key, branch(levels - 1)]));
    const text = JSON.stringify(branch(5));
    const sample = sampleOf(text);
    expect(JSON.stringify(sample.payload.schema).length).toBeLessThan(text.length / 4);
    expect(new Ajv2020({ strict: false }).validate(loadSchema(sample.payload), generate(sample))).toBe(true);
  });
});

describe('for every JSON document', () => {
  const documents = fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value));

  it('the payload is what JSON.stringify writes of it, its schema accepts it, and nothing is lost', () => {
    fc.assert(
      fc.property(documents, (text) => {
        const sample = sampleOf(text);
        expect(JSON.stringify(generate(sample))).toBe(JSON.stringify(JSON.parse(text)));
        expect(
          new Ajv2020({ strict: false, validateFormats: false }).validate(
            sample.payload.schema as JsonSchema,
            generate(sample),
          ),
        ).toBe(true);
        expect(sample.notes).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('rules for its keys either revive what the text says, or are refused with a reason', () => {
    const value = fc.oneof(
      fc.constantFrom(datetime, '2024-01-01T00:00:00Z', uuid, uuid.toUpperCase()),
      fc.constant(null),
      fc.string(),
    );
    const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        value,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('at', 'id', 'a', 'toString'), tie('tree')),
      ),
    }));
    let applied = 0;
    fc.assert(
      fc.property(
        tree,
        fc.constantFrom('at=date', 'id=uuid', '/*/at=date', '/at/*=date', 'at=date,id=uuid'),
        (document, types) => {
          let sample: Sample;
          try {
            sample = sampleOf(JSON.stringify(document), { types });
          } catch (error) {
            if (error instanceof UserError) return;
            throw error;
          }
          applied += 1;
          const { value: native, text } = materialize(sample);
          expect(formatted(native)).toBeGreaterThan(0);
          expect(JSON.stringify(native)).toBe(text);
        },
      ),
      { numRuns: 600 },
    );
    expect(applied).toBeGreaterThan(0);
  });
});

describe('what JavaScript cannot hold', () => {
  it('is noted with its place and both values', () => {
    const { notes } = sampleOf('{"a": [0, {"b/c": 12345678901234567890}]}');
    expect(notes).toEqual([
      'a number changes on the way through JavaScript: 12345678901234567890 at /a/1/b~1c, is written as 12345678901234567000',
    ]);
  });

  it('counts what comes again, and writes null for what is too large', () => {
    const sample = sampleOf('[1e400, 0.10000000000000000550, 9007199254740993]');
    expect(sample.notes).toEqual([
      '3 numbers change on the way through JavaScript: the first one, 1e400 at /0, is written as null',
    ]);
    expect(materialize(sample).text).toBe('[null,0.1,9007199254740992]');
    expect(sample.payload.schema).toEqual({ type: 'array', items: { type: ['number', 'null'] } });
  });

  it('is not suspected where only the spelling changes, or the double is the same', () => {
    const respelled =
      '[1.0, 1e3, 1E+2, 0.0000000, 0e-5, 100000000000000000000000, 0.1, 0.10, 9007199254740992, 5e-324, 1.7976931348623157e308]';
    expect(sampleOf(respelled).notes).toEqual([]);
    // Coordinates as C prints doubles: 17 digits, of which 16 are enough, and 18 of them.
    const printed =
      '[-65.613616999999977, 43.420273000000009, -141.002990999999952, 0.1000000000000000055511151231257827, 0.12345678901234567]';
    expect(sampleOf(printed).notes).toEqual([]);
  });

  it.each([
    ['-0', '0'],
    ['-0.0', '0'],
    ['-0e7', '0'],
    ['1e-400', '0'],
    ['-1e400', 'null'],
    ['12345678901234567168', '12345678901234567000'],
    ['-9007199254740993', '-9007199254740992'],
    ['3.14159265358979323846264338', '3.141592653589793'],
    [`0.${'3'.repeat(120)}`, '0.3333333333333333'],
  ])('is %s, which is written as %s', (source, written) => {
    const { notes } = sampleOf(`[1, ${source}]`);
    expect(notes).toEqual([
      `a number changes on the way through JavaScript: ${source.length > 120 ? `${source.slice(0, 120)}...` : source} at /1, is written as ${written}`,
    ]);
  });

  it('is never a double, however it is printed', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 17, max: 40 }),
        (value, digits) => {
          fc.pre(!Object.is(value, -0) && !Number.isInteger(value));
          expect(sampleOf(`[${value.toPrecision(digits)}]`).notes).toEqual([]);
        },
      ),
    );
  });

  it('includes the first of two members of one name, however that is spelled', () => {
    const { notes } = sampleOf('[{"x": {"a": "\\\\\\"", "b": {"a": 1}, "\\u0061": 2}}, {"a": 3}]');
    expect(notes).toEqual([
      'a key comes again in the same object, where only the last value counts; the first one is /0/x/a',
    ]);
  });

  it('shows nothing that a terminal would obey', () => {
    expect(sampleOf('{"\\u001b[31m\\u202e": 1e999}').notes.join('')).toContain('/\\u001b[31m\\u202e, is');
  });
});

describe('a given schema', () => {
  const schema = {
    type: 'object',
    properties: { id: { type: 'integer' } },
    required: ['id'],
    additionalProperties: false,
  };

  it("becomes the payload's own", () => {
    expect(sampleOf('{"id": 1}', { schema })).toMatchObject({ schemaOrigin: 'given', notes: [], payload: { schema } });
  });

  it.each([
    [
      '{"id": 1, "extra": 2}',
      'the document does not satisfy the given schema: the top must NOT have additional properties: "extra"',
    ],
    ['{"id": "x"}', 'the document does not satisfy the given schema: /id must be integer'],
  ])('that %s does not satisfy gives a note', (text, note) => {
    expect(sampleOf(text, { schema }).notes).toEqual([note]);
  });
});

describe('types', () => {
  const rows = JSON.stringify({
    items: [
      { id: uuid, at: datetime, note: 'x' },
      { id: uuid, at: null, note: datetime },
    ],
  });

  it('are suggested where every string survives, and the document stays text', () => {
    expect(sampleOf(rows)).toMatchObject({
      suggestedTypes: [
        { pointer: '/items/*/id', type: 'uuid' },
        { pointer: '/items/*/at', type: 'date' },
      ],
      payload: { variants: ['text'] },
    });
    expect(sampleOf(`"${datetime}"`).suggestedTypes).toEqual([{ pointer: '', type: 'date' }]);
  });

  it('that are suggested can be used as rules', () => {
    for (const text of [rows, `"${datetime}"`, JSON.stringify([{ 'a/b': [[uuid]] }])]) {
      const { suggestedTypes } = sampleOf(text);
      expect(suggestedTypes.length).toBeGreaterThan(0);
      const sample = sampleOf(text, {
        types: suggestedTypes.map(({ pointer, type }) => `${pointer}=${type}`).join(','),
      });
      expect(sample).toMatchObject({ notes: [], suggestedTypes: [], payload: { variants: ['native'] } });
      expect(formatted(materialize(sample).value)).toBeGreaterThan(0);
    }
  });

  it('revive the positions that the rules name and no others', () => {
    const { value } = materialize(sampleOf(rows, { types: 'at=date' })) as {
      value: { items: { id: unknown; at: unknown; note: unknown }[] };
    };
    expect(value.items[0]).toMatchObject({ id: uuid, at: new Date(datetime), note: 'x' });
    expect(value.items[1]).toMatchObject({ id: uuid, at: null, note: datetime });
  });

  it('give the text that Date and UUID write, and say how many strings that changes', () => {
    const times = ['2024-01-01T00:00:00Z', '2024-01-01T02:00:00.123456+02:00', '2024-01-01'];
    const ids = [uuid.toUpperCase(), uuid, null];
    const text = JSON.stringify(times.map((at, index) => ({ at, id: ids[index] })));
    const sample = sampleOf(text, { types: 'at=date,/*/id=uuid' });
    expect(materialize(sample).text).toBe(
      JSON.stringify([
        { at: '2024-01-01T00:00:00.000Z', id: uuid },
        { at: '2024-01-01T00:00:00.123Z', id: uuid },
        { at: '2024-01-01T00:00:00.000Z', id: null },
      ]),
    );
    expect(sample.notes).toEqual([
      '4 of 5 typed strings are written differently by a Date or a 16-byte UUID than in the document; the rewritten form is measured',
    ]);
  });

  const tooMany = Array.from({ length: 300 }, (_, index) => [`key-${index}`, { at: '2024-01-01T00:00:00Z', n: index }]);
  it.each<[string, JsonValue, string]>([
    ['below a map', { map: Object.fromEntries(tooMany) }, 'at=date'],
    ['below a map, by pointer', { map: Object.fromEntries(tooMany) }, '/map/*/at=date'],
    ['below one key of a map', { map: Object.fromEntries(tooMany) }, '/map/key-7/at=date'],
    [
      'as the values of a map',
      { map: Object.fromEntries(tooMany.map(([key]) => [key as string, '2024-01-01T00:00:00Z'])) },
      '/map/*=date',
    ],
    ['in an object that is open', { toString: 1, at: '2024-01-01T00:00:00Z' }, 'at=date'],
    ['at the top', '2024-01-01T00:00:00Z', '=date'],
    ['in lists of strings', { ids: [uuid, uuid.toUpperCase(), null] }, 'ids=uuid'],
    ['in lists of lists', [[[uuid.toUpperCase()]]], '/*/*/*=uuid'],
    [
      'below more levels than a schema lists',
      JSON.parse(`${'{"a":['.repeat(20)}{"at":"2024-01-01T00:00:00Z"}${']}'.repeat(20)}`) as JsonValue,
      'at=date',
    ],
    ['under names with escapes', { 'a/b': { '~': uuid } }, '/a~1b/~0=uuid'],
  ])('reach strings %s', (_, document, types) => {
    const sample = sampleOf(JSON.stringify(document), { types });
    const { value, text } = materialize(sample);
    expect(formatted(value)).toBeGreaterThan(0);
    // What the native value gives is what the worker holds contenders against.
    expect(JSON.stringify(value)).toBe(text);
  });

  it('reach strings where a given schema has no type, and say where it gave way', () => {
    const schema = { type: 'object', properties: { row: { anyOf: [{ type: 'object' }, { type: 'null' }] }, list: {} } };
    const sample = sampleOf(JSON.stringify({ row: { at: datetime }, list: [{ at: datetime }] }), {
      schema,
      types: 'at=date',
    });
    expect(formatted(materialize(sample).value)).toBe(2);
    expect(sample.notes).toEqual([
      'the given schema at /row gave way to one inferred from the document, so that a type could be said there',
    ]);
  });

  it('replace the formats of a given schema', () => {
    const schema = {
      type: 'object',
      properties: { at: { type: 'string', format: 'date-time' }, to: { type: 'string', format: 'date-time' } },
    };
    const { value } = materialize(
      sampleOf(JSON.stringify({ at: datetime, to: datetime }), { schema, types: 'to=date' }),
    );
    expect(value).toEqual({ at: datetime, to: new Date(datetime) });
  });

  it.each([
    ['matches nothing', 'nowhere=date', /rule "nowhere=date": no string in the document is matched; name a key/],
    ['has an index in place of a star', '/items/0/id=uuid', /no string in the document is matched/],
    [
      'matches other strings',
      'note=date',
      /rule "note=date": \/items\/\*\/note holds "x", which is not an RFC 3339 datetime/,
    ],
    ['matches strings of the other type', 'id=date', /holds "0b5c2f1e-4a77/],
    ['names objects', '/items/*=uuid', /\/items\/\* holds \{"id":/],
  ])('refuse a rule that %s', (_, types, reason) => {
    expect(toldBy(() => sampleOf(rows, { types }))).toMatch(reason);
  });

  it('refuse a place where no schema can say the type', () => {
    expect(toldBy(() => sampleOf(JSON.stringify({ mixed: ['a', { at: datetime }] }), { types: 'at=date' }))).toMatch(
      /rule "at=date": \/mixed\/\* holds values of several types/,
    );
  });

  it('leave a mixed place alone that no rule looks into', () => {
    const sample = sampleOf(JSON.stringify({ at: datetime, mixed: ['a', { b: 1 }, [datetime]] }), { types: 'at=date' });
    expect(formatted(materialize(sample).value)).toBe(1);
  });
});

describe('parseTypeRules', () => {
  it('reads names and pointers', () => {
    expect(parseTypeRules('createdAt=date, /items/*/id=uuid,a=b=date')).toEqual([
      { field: 'createdAt', type: 'date' },
      { field: '/items/*/id', type: 'uuid' },
      { field: 'a=b', type: 'date' },
    ]);
  });

  it.each([
    ['', /"" is not a rule; write FIELD=TYPE, as in createdAt=date; types are date, uuid/],
    ['createdAt', /"createdAt" is not a rule/],
    ['createdAt=dat', /'dat'; did you mean 'date'\? choose from date, uuid/],
    ['a=date,a=uuid', /the field "a" comes twice/],
  ])('refuses %j', (text, reason) => {
    expect(toldBy(() => parseTypeRules(text))).toMatch(reason);
  });
});

/** Dates and UUIDs in a value. */
function formatted(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Date || 'bytes' in value) return 1;
  return Object.values(value).reduce<number>((sum, child) => sum + formatted(child), 0);
}
