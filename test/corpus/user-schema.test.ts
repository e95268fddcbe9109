/**
 * A schema of the user's: refused where it is none, and brought to what contenders are compiled from.
 */
import { describe, expect, it } from 'vitest';

import { loadSchema } from '../../src/corpus/schemas.ts';
import { readUserSchema } from '../../src/corpus/user-schema.ts';
import { toldBy } from '../told-message.ts';

function read(schema: unknown): ReturnType<typeof readUserSchema> {
  return readUserSchema(JSON.stringify(schema), 'schema.json');
}

const messageOf = (text: string): string => toldBy(() => readUserSchema(text, 'schema.json'));

describe('readUserSchema', () => {
  it('keeps what says a type and leaves out what only describes the file', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/tool',
      title: 'Tool',
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid' },
        n: { type: ['integer', 'null'], minimum: 0 },
        kind: { enum: ['a', 'b'] },
      },
      required: ['id'],
      additionalProperties: false,
      examples: [{}],
    };
    const { $schema: _, $id: __, examples: ___, ...kept } = schema;
    expect(read(schema)).toEqual({ schema: kept, notes: [] });
  });

  it.each([
    ['not JSON', '{"type": ', /schema\.json: it is not JSON/],
    ['no object', '[]', /it holds no object/],
    [
      'of an unknown draft',
      '{"$schema": "http://json-schema.org/draft-04/schema#"}',
      /\$schema "http:\/\/json-schema\.org\/draft-04\/schema" is not known; known are .*draft-07/,
    ],
    [
      'against its meta-schema',
      '{"type": "object", "properties": {"a": {"type": "strin"}}}',
      /at \/properties\/a\/type it must be equal to one of the allowed values; allowed are array, boolean/,
    ],
    [
      'against an older meta-schema',
      '{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"minLength": -1}]}',
      /at \/items\/0\/minLength it must be >= 0/,
    ],
    [
      'against that of 2019-09',
      '{"$schema": "https://json-schema.org/draft/2019-09/schema", "required": "a"}',
      /at \/required it must be array/,
    ],
    [
      'with a reference to a server',
      '{"properties": {"a": {"$ref": "https://example.com/other.json"}}}',
      /at \/properties\/a it refers to "https:\/\/example\.com\/other\.json", which is another document; none is fetched/,
    ],
    ['with a reference to a file', '{"items": {"$ref": "file:///etc/passwd"}}', /which is another document/],
    [
      'with a reference to nothing',
      '{"items": {"$ref": "#/$defs/none"}}',
      /refers to "#\/\$defs\/none", where there is no schema/,
    ],
    ['with a reference to a prototype', '{"items": {"$ref": "#/constructor"}}', /where there is no schema/],
    ['nested too deeply', `${'{"items":'.repeat(20_000)}{}${'}'.repeat(20_000)}`, /nested too deeply/],
  ])('refuses a schema that is %s', (_, text, reason) => {
    expect(messageOf(text)).toMatch(reason);
  });

  it('writes out references by pointer, by anchor and by its own address', () => {
    const { schema, notes } = read({
      $id: 'https://example.com/list.json',
      type: 'object',
      properties: {
        a: { $ref: '#/$defs/in~1ner' },
        b: { $ref: '#text', title: 'here' },
        c: { $ref: 'list.json#/$defs/in~1ner' },
        $ref_: { $ref: '#/definitions/b%20c' },
      },
      $defs: { 'in/ner': { type: 'integer' }, text: { $anchor: 'text', type: 'string' } },
      definitions: { 'b c': { type: 'boolean' } },
    });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        a: { type: 'integer' },
        b: { type: 'string', title: 'here' },
        c: { type: 'integer' },
        $ref_: { type: 'boolean' },
      },
    });
    expect(notes).toEqual([]);
  });

  it('puts the properties beside a reference together, except where the draft ignores them', () => {
    const definitions = { base: { properties: { a: {} }, required: ['a'] } };
    const schema = { $ref: '#/definitions/base', properties: { b: { type: 'integer' } }, required: ['b'], definitions };
    expect(read(schema).schema).toEqual({ properties: { a: {}, b: { type: 'integer' } }, required: ['a', 'b'] });
    expect(read({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' }).schema).toEqual({
      properties: { a: {} },
      required: ['a'],
    });
  });

  it('ends recursion with an open schema and says where', () => {
    const { schema, notes } = read({
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
    });
    expect(schema).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: {} } },
    });
    expect(notes).toEqual(['in the schema recursion ends with anything being allowed (/properties/children/items)']);
  });

  it('ends references that double at every step before they fill the memory', () => {
    const next = (index: number) => ({ $ref: `#/$defs/d${index + 1}` });
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`d${index}`, { properties: { x: next(index), y: next(index) } }]),
    );
    const { schema, notes } = read({ $ref: '#/$defs/d0', $defs: { ...$defs, d40: { type: 'string' } } });
    expect(JSON.stringify(schema).length).toBeLessThan(2_000_000);
    expect(notes.join()).toMatch(/beyond \d+ positions anything is allowed/);
  });

  it('says nullable as JSON Schema does', () => {
    expect(
      read({ type: 'object', properties: { a: { type: 'string', nullable: true }, b: { nullable: true } } }).schema,
    ).toEqual({
      type: 'object',
      properties: { a: { type: ['string', 'null'] }, b: {} },
    });
  });

  it('keeps formats that mean a type, and none that means code or a regular expression', () => {
    const formats = ['date-time', 'date', 'time', 'uuid', 'unsafe', 'email', 'regex'];
    const { schema } = read({
      type: 'object',
      properties: Object.fromEntries(formats.map((format) => [format, { type: 'string', format, pattern: '^(a+)+$' }])),
    });
    const kept = Object.values(schema['properties'] as Record<string, { format?: string }>);
    expect(kept.map(({ format }) => format)).toEqual([
      'date-time',
      'date',
      'time',
      'uuid',
      undefined,
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(schema)).not.toContain('pattern');
  });

  it.each([
    [
      'a condition',
      { properties: { a: {} }, if: { required: ['a'] }, else: { properties: { b: {} } }, additionalProperties: false },
      'if',
    ],
    [
      'pattern properties',
      { properties: { a: {} }, patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
      'patternProperties',
    ],
    ['a dynamic reference', { properties: { a: {} }, $dynamicRef: '#node' }, '$dynamicRef'],
  ])('opens an object with %s, since fields would be lost without it', (_, schema, keyword) => {
    expect(read({ type: 'object', ...schema })).toEqual({
      schema: { type: 'object', properties: { a: {} }, additionalProperties: true },
      notes: [`in the schema ${keyword} is left out and its object is open (the top)`],
    });
  });

  it('opens an object that lists a name which generated code finds in every object', () => {
    const { schema, notes } = readUserSchema(
      '{"type": "object", "properties": {"__proto__": {"type": "string"}, "a": {}}}',
      'x',
    );
    expect(schema).toEqual({ type: 'object', properties: { a: {} }, additionalProperties: true });
    expect(notes.join()).toContain('"__proto__"');
  });

  it('takes tuples and boolean schemas for anything', () => {
    const { schema } = read({
      type: 'object',
      properties: { pair: { type: 'array', prefixItems: [{ type: 'string' }], items: false }, any: true, never: false },
    });
    expect(schema).toEqual({ type: 'object', properties: { pair: { type: 'array', items: {} }, any: {} } });
  });

  it('gives a schema that ajv compiles without a word', () => {
    const properties = {
      a: { type: 'string', format: 'hostname', nullable: true },
      b: { oneOf: [{ const: 1 }, { type: 'null' }] },
    };
    const { schema } = read({ type: 'object', properties, unevaluatedProperties: false });
    expect(loadSchema({ schema })).toBe(schema);
    expect(schema['additionalProperties']).toBe(false);
  });
});
