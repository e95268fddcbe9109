/**
 * Limits of whoever infers or checks a schema: they cost the schema, never what wanted to be measured.
 */
import { describe, expect, it } from 'vitest';

import { inferUsableSchema } from '../../src/corpus/inferred-schema.ts';
import { createSample } from '../../src/corpus/sample.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { readUserSchema } from '../../src/corpus/user-schema.ts';
import type { JsonSchema } from '../../src/model/values.ts';

/** ajv makes an address of every place, and there is none with half of a surrogate pair. */
const unaddressable: JsonSchema = { type: 'object', properties: { '\ud800': { type: 'number' } } };

describe('an inferred schema', () => {
  it('is given as it is where ajv takes it', () => {
    expect(inferUsableSchema([{ a: 1 }])).toEqual({
      schema: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'], additionalProperties: false },
    });
  });

  it.each<[string, () => JsonSchema]>([
    ['ajv has no address for a name in it', () => unaddressable],
    [
      'inferring it fails',
      () => {
        throw new RangeError('Maximum call stack size exceeded');
      },
    ],
  ])('allows anything where %s, and says so without blaming a schema', (_, infer) => {
    const { schema, note } = inferUsableSchema([{ a: 1 }], infer);
    expect(schema).toEqual({});
    expect(note).toMatch(
      /^no schema could be inferred from the data \((?:URI malformed|Maximum call stack size exceeded)\); contenders/,
    );
  });
});

describe('a given schema that is right and too much for ajv', () => {
  it('is kept, with a note in place of the check', () => {
    const { payload, notes } = createSample({
      name: 'mine',
      text: '{"a": 1}',
      described: 'mine.json',
      schema: unaddressable,
    });
    expect(notes).toEqual([
      'ajv cannot check the document against the given schema (URI malformed); contenders are compiled from it all the same',
    ]);
    expect(loadSchema(payload)).toBe(unaddressable);
  });

  it('is open where a name has half of a surrogate pair', () => {
    const { schema, notes } = readUserSchema(
      '{"type": "object", "properties": {"\\ud800": {"type": "number"}, "b": {}}}',
      'lone.json',
    );
    expect(notes).toEqual([
      expect.stringContaining('is open, since compilers take no name with half of a surrogate pair'),
    ]);
    expect(
      createSample({ name: 'mine', text: '{"\\ud800": 1, "c": 2}', described: 'mine.json', schema }).notes,
    ).toEqual([]);
  });
});
