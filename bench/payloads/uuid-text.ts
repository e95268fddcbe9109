/**
 * A UUID held as text already: 36 characters, lower case.
 * Deliberately absent: other text forms (upper case, 32 digits).
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'UUID text',
  where: 'an id kept as text from the database to the client',
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
  variants: ['text'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, (_, n) => ({ n, id: generator.uuid() }));
  },
} satisfies Payload;
