/**
 * A datetime held as text already: ISO 8601 with milliseconds and `Z`.
 * Deliberately absent: time zones; a gateway stores and sends UTC.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'ISO 8601 text',
  where: 'a timestamp kept as text from the database to the client',
  role: 'representation',
  tier: 'standard',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { n: { type: 'integer' }, at: { type: 'string', format: 'date-time' } },
      required: ['n', 'at'],
      additionalProperties: false,
    },
  },
  sizes: [1_000],
  variants: ['text'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, (_, n) => ({ n, at: generator.datetime() }));
  },
} satisfies Payload;
