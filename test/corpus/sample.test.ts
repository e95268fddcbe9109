/**
 * A document of the user's as a payload: whatever JSON it is, what is said about it, and its types.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createSample } from '../../src/corpus/sample.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import type { JsonSchema, JsonValue } from '../../src/model/values.ts';
import type { Sample } from '../../src/model/sample.ts';
import { UserError } from '../../src/user-error.ts';
import { toldBy } from '../told-message.ts';
import { formatted, uuid, datetime, sampleOf, generate, materialize, nested } from './samples.ts';

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
