/**
 * A UUID held as an instance of a class with `toJSON`, as UUID and BSON packages do.
 * Deliberately absent: other text forms (upper case, 32 digits).
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'UUID class instance',
  where: 'an id as an object that knows its text form',
  role: 'representation',
  tier: 'standard',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { n: { type: 'integer' }, id: { type: 'string', format: 'uuid' } },
      required: ['n', 'id'],
      additionalProperties: false,
    },
  },
  sizes: [1_000],
  variants: ['native'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, (_, n) => ({ n, id: generator.uuid() }));
  },
} satisfies Payload;
