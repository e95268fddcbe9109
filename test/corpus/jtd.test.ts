/**
 * JSON Schema to JTD: form by form.
 */
import { Ajv as AjvJtd } from 'ajv/dist/jtd.js';
import { describe, expect, it } from 'vitest';

import { toJtd } from '../../src/corpus/jtd.ts';
import type { JsonSchema, JtdSchema } from '../../src/model/values.ts';

const CASES: [name: string, schema: JsonSchema, jtd: JtdSchema][] = [
  ['a string', { type: 'string' }, { type: 'string' }],
  [
    'a datetime that may be null',
    { type: ['string', 'null'], format: 'date-time' },
    { type: 'timestamp', nullable: true },
  ],
  ['a UUID', { type: 'string', format: 'uuid' }, { type: 'string' }],
  ['a number', { type: 'number' }, { type: 'float64' }],
  ['an integer of any size', { type: 'integer' }, { type: 'float64' }],
  ['an integer within 32 bits', { type: 'integer', minimum: 0, maximum: 100 }, { type: 'int32' }],
  ['an integer beyond 32 bits', { type: 'integer', minimum: 0, maximum: 2 ** 31 }, { type: 'float64' }],
  ['a boolean', { type: ['null', 'boolean'] }, { type: 'boolean', nullable: true }],
  ['an enum', { type: 'string', enum: ['a', 'b'] }, { enum: ['a', 'b'] }],
  ['an enum with null', { type: ['string', 'null'], enum: ['a', null] }, { enum: ['a'], nullable: true }],
  ['a list', { type: 'array', items: { type: 'string' } }, { elements: { type: 'string' } }],
  ['a list of anything', { type: 'array' }, {}],
  ['a tuple', { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'string' } }, {}],
  ['a map', { type: 'object', additionalProperties: { type: 'boolean' } }, { values: { type: 'boolean' } }],
  ['an open object', { type: 'object', additionalProperties: true }, {}],
  ['an open object that may be null', { type: ['object', 'null'], additionalProperties: true }, {}],
  ['an empty object', { type: 'object', additionalProperties: false }, { properties: {} }],
  ['a union with null', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: 'string', nullable: true }],
  ['a union of two', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, {}],
  ['two types', { type: ['string', 'integer'] }, {}],
  ['only null', { type: 'null' }, {}],
  ['anything', {}, {}],
  [
    'an object with required, optional and further properties',
    { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['a', 'c'] },
    {
      properties: { c: {}, a: { type: 'string' } },
      optionalProperties: { b: { type: 'string' } },
      additionalProperties: true,
    },
  ],
];

const ajv = new AjvJtd();

describe('toJtd', () => {
  it.each(CASES)('converts %s', (_, schema, jtd) => {
    expect(toJtd(schema)).toEqual(jtd);
  });

  it.each(CASES)('gives a definition that ajv compiles for %s', (_, schema) => {
    expect(ajv.compileSerializer(toJtd(schema))).toBeTypeOf('function');
  });
});
