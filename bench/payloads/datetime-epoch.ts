/**
 * A datetime held as a number: milliseconds since 1970, an integer.
 * Deliberately absent: time zones; a gateway stores and sends UTC.
 */
import type { Payload } from '../../src/model/payload.ts';
import { listOf } from './representations/list.ts';

export default {
  title: 'epoch milliseconds',
  where: 'a timestamp that the client has to turn into a date',
  variants: ['text'],
  ...listOf('at', {
    tier: 'thorough',
    schema: { type: 'integer' },
    make: (generator) => Date.parse(generator.datetime()),
  }),
} satisfies Payload;
