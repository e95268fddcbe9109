/**
 * A datetime held as a number: milliseconds since 1970, an integer.
 * Deliberately absent: time zones; a gateway stores and sends UTC.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'epoch milliseconds',
  where: 'a timestamp that the client has to turn into a date',
  role: 'representation',
  tier: 'standard',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { n: { type: 'integer' }, at: { type: 'integer' } },
      required: ['n', 'at'],
      additionalProperties: false,
    },
  },
  sizes: [1_000],
  variants: ['text'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, (_, n) => ({ n, at: Date.parse(generator.datetime()) }));
  },
} satisfies Payload;
