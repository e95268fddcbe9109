/**
 * A datetime held as a `Date`, as a database driver returns it.
 * Deliberately absent: time zones; a gateway stores and sends UTC.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'Date',
  where: 'the way most drivers and ORMs hand a timestamp over',
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
  variants: ['native'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, (_, n) => ({ n, at: generator.datetime() }));
  },
} satisfies Payload;
