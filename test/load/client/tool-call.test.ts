/**
 * Arguments that are made up for a tool from its schema.
 */
import { describe, expect, it } from 'vitest';

import { makeArguments } from '../../../src/load/client/tool-call.ts';

describe('makeArguments', () => {
  it('makes the least that a schema asks for', () => {
    const schema = {
      type: 'object',
      properties: {
        free: { type: 'string' },
        name: { type: 'string', minLength: 3 },
        count: { type: 'integer', minimum: 2 },
        mode: { enum: ['a', 'b'] },
        deep: { $ref: '#/$defs/deep' },
        list: { type: 'array', minItems: 1, items: { type: 'boolean' } },
      },
      required: ['name', 'count', 'mode', 'deep', 'list'],
      $defs: {
        deep: { type: 'object', properties: { when: { type: 'string', format: 'date-time' } }, required: ['when'] },
      },
    };
    expect(makeArguments(schema)).toEqual({
      name: 'xxx',
      count: 2,
      mode: 'a',
      deep: { when: expect.stringMatching(/Z$/) as string },
      list: [false],
    });
  });

  it('gives up on patterns, unknown formats, broken references and endless ones', () => {
    const required = (property: object) =>
      makeArguments({ type: 'object', properties: { it: property }, required: ['it'] });
    expect(required({ type: 'string', pattern: '^x' })).toBeUndefined();
    expect(required({ type: 'string', format: 'iri' })).toBeUndefined();
    expect(required({ $ref: '#/$defs/none' })).toBeUndefined();
    expect(required({ $ref: '#' })).toBeUndefined();
  });

  it('takes a property called __proto__ for a property', () => {
    const made = makeArguments(
      JSON.parse('{"type":"object","properties":{"__proto__":{"const":1}},"required":["__proto__"]}') as Record<
        string,
        unknown
      >,
    );
    expect(JSON.stringify(made)).toBe('{"__proto__":1}');
  });
});
