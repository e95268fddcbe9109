/**
 * Schemas that tools may bring: what costs too much to work with, what the official client stumbles over, and what
 * looks odd and is fine.
 */
type Schema = Record<string, unknown>;

const object = (fields: Schema): Schema => ({ type: 'object', ...fields });
const property = (schema: unknown): Schema => object({ properties: { a: schema } });
const references = (to: string): Schema[] => Array.from({ length: 400 }, () => ({ $ref: `#/$defs/${to}` }));

/** Each of `levels` definitions is made of references to the next one. */
function doubling(levels: number, make: (next: Schema) => Schema): Schema {
  const names = Array.from({ length: levels }, (_, index) => `d${index}`);
  const definitions = names.map((name, index) => [name, make({ $ref: `#/$defs/d${index + 1}` })]);
  return object({
    $defs: Object.fromEntries([...definitions, [`d${levels}`, { type: 'string' }]]) as Schema,
    ...make({ $ref: '#/$defs/d0' }),
  });
}

function nested(levels: number): Schema {
  let schema: Schema = { type: 'string' };
  for (let level = 0; level < levels; level += 1) schema = property(schema);
  return schema;
}

function wide(count: number): Schema {
  // As from JSON, in which no two parts are one object.
  return object({
    properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: 'string' }])),
  });
}

/** A value that is checked twice at each of its levels. */
export const endless: Schema = object({
  $defs: {
    n: {
      anyOf: [
        { properties: { c: { $ref: '#/$defs/n' } }, required: ['c'] },
        { properties: { c: { $ref: '#/$defs/n' } }, required: ['c'] },
        { type: 'integer' },
      ],
    },
  },
  properties: { c: { $ref: '#/$defs/n' } },
});

/** Arguments for `endless`, as deep as a message may be; the last level fits nothing. */
export function deepArguments(levels = 50): Schema {
  let value: unknown = 'no integer';
  for (let level = 0; level < levels; level += 1) value = { c: value };
  return value as Schema;
}

/** Refused with a place, whatever else is said of them. */
export const tooMuch: Readonly<Record<string, [schema: Schema, place: string]>> = {
  'references that multiply in allOf': [
    object({
      $defs: { a: { allOf: references('b') }, b: { allOf: references('c') }, c: { type: 'object' } },
      allOf: references('a'),
    }),
    '/$defs/a',
  ],
  'doubling anyOf': [doubling(40, (next) => ({ anyOf: [next, next] })), '/$defs/d'],
  'doubling oneOf': [doubling(40, (next) => ({ oneOf: [next, next] })), '/$defs/d'],
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema, and nobody awaits it
  'doubling conditions': [doubling(40, (next) => ({ if: next, then: next, else: next })), '/$defs/d'],
  'doubling not': [doubling(40, (next) => ({ not: { anyOf: [next, next] } })), '/$defs/d'],
  'doubling dependentSchemas': [doubling(40, (next) => ({ dependentSchemas: { a: next, b: next } })), '/$defs/d'],
  'doubling dependencies': [doubling(40, (next) => ({ dependencies: { a: next, b: next } })), '/$defs/d'],
  'a reference to itself': [object({ $ref: '#' }), ''],
  'references in a circle': [
    object({
      $defs: { a: { $ref: '#/$defs/b' }, b: { allOf: [{ $ref: '#/$defs/a' }] } },
      properties: { x: { $ref: '#/$defs/a' } },
    }),
    '/$defs/',
  ],
  'a long chain of references': [
    object({
      $defs: Object.fromEntries(
        Array.from({ length: 900 }, (_, index) => [
          `d${index}`,
          index === 899 ? {} : { $ref: `#/$defs/d${index + 1}` },
        ]),
      ),
      $ref: '#/$defs/d0',
    }),
    '/$defs/d',
  ],
  'levels beyond the limit': [nested(60), '/properties/a'],
  'thousands of levels': [nested(5_000), '/properties/a'],
  'levels of data': [
    object({ default: JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`) as unknown }),
    '/default',
  ],
  'thousands of schemas': [wide(3_000), '/properties/p'],
  'schemas that references repeat': [
    object({
      $defs: { b: wide(100) },
      properties: Object.fromEntries(references('b').map((one, index) => [`q${index}`, one])),
    }),
    '/properties/q',
  ],
  'a list of values without end': [
    property({ enum: Array.from({ length: 60_000 }, (_, index) => index) }),
    '/properties/a/enum',
  ],
};

/** What blinded the official client, with the place that the refusal names. */
export const unreadable: Readonly<Record<string, [schema: unknown, place: string]>> = {
  'a reference that leads nowhere': [property({ $ref: '#/$defs/Screen' }), '/properties/a/$ref'],
  'a reference that is no text': [property({ $ref: '#/$defs/%zz' }), '/properties/a/$ref'],
  'a remote reference': [property({ $ref: 'https://example.com/schema.json' }), '/properties/a/$ref'],
  'a reference of another type': [property({ $ref: 7 }), '/properties/a/$ref'],
  'an exclusive minimum of draft-04': [
    property({ type: 'integer', exclusiveMinimum: true }),
    '/properties/a/exclusiveMinimum',
  ],
  'required as draft-03 has it': [property({ required: true }), '/properties/a/required'],
  'an id of draft-04': [object({ id: 'https://example.com/a' }), '/id'],
  'properties as a list': [object({ properties: [] }), '/properties'],
  'properties as a list further down': [property({ properties: [] }), '/properties/a/properties'],
  'a type that does not exist': [property({ type: 'strin' }), '/properties/a/type'],
  'a pattern that is none': [property({ type: 'string', pattern: '(' }), '/properties/a/pattern'],
  'names by a pattern that is none': [object({ patternProperties: { '[': { type: 'string' } } }), '/patternProperties'],
  'an enumeration of nothing': [property({ enum: [] }), '/properties/a/enum'],
  'a maximum in words': [property({ maximum: '7' }), '/properties/a/maximum'],
  'nullable without a type': [property({ nullable: true }), '/properties/a/nullable'],
  'a schema that is none': [property({ propertyNames: 5 }), '/properties/a/propertyNames'],
  'a property that is true': [property(true), '/properties/a'],
  'required as a text': [object({ required: 'a' }), '/required'],
  'an asynchronous schema': [object({ $async: true }), '/$async'],
  'an anchor that is none': [property({ $anchor: 'a b' }), '/properties/a/$anchor'],
  'the identifier of a meta-schema': [
    property({ $id: 'http://json-schema.org/draft-07/schema#' }),
    '/properties/a/$id',
  ],
  'a list for a result': [{ type: 'array' }, '/type'],
  'no type for a result': [{}, '/type'],
};

/** Odd, and read by the official client. */
export const fine: Readonly<Record<string, Schema>> = {
  'nothing said': object({}),
  'a recursive tree': object({
    $defs: {
      node: object({
        properties: { next: { $ref: '#/$defs/node' }, all: { type: 'array', items: { $ref: '#/$defs/node' } } },
      }),
    },
    properties: { root: { $ref: '#/$defs/node' } },
  }),
  'doubling by properties': doubling(30, (next) => ({ properties: { x: next, y: next } })),
  'an identifier': object({ $id: 'https://example.com/one', properties: { a: {} } }),
  'the same identifier': object({ $id: 'https://example.com/one', properties: { b: {} } }),
  'the same identifier inside': property({ $id: 'https://example.com/one', type: 'number' }),
  'draft-04 by name': object({ $schema: 'http://json-schema.org/draft-04/schema#' }),
  'draft 2020-12 by name': object({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    properties: { a: { type: 'array', prefixItems: [{ type: 'string' }], items: false } },
  }),
  'an unknown format': property({ type: 'string', format: 'isbn' }),
  'an unknown keyword': object({ 'x-order': ['a'], properties: { a: { 'x-hidden': true } } }),
  'a slow pattern': property({ type: 'string', pattern: '^(a+)+$' }),
  'amounts without sense': property({
    type: 'array',
    minItems: 1e9,
    items: { type: 'string', minLength: 1e9, maxLength: 0 },
  }),
  'names of every object': object({
    properties: { toString: { type: 'string' }, constructor: {}, hasOwnProperty: {} },
    required: ['toString'],
  }),
  'words of a schema as data': property({ enum: [{ $ref: '#/nowhere', type: 'strin' }], default: { $id: 7 } }),
  'an escaped reference': object({ $defs: { 'a b/~': {} }, properties: { a: { $ref: '#/$defs/a%20b~1~0' } } }),
  'an anchor': object({ $defs: { a: { $anchor: 'here' } }, properties: { a: { $ref: '#here' } } }),
  'some hundred properties': wide(300),
};
