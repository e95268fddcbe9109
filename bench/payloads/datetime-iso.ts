/**
 * A datetime held as text already: ISO 8601 with milliseconds and `Z`.
 * Deliberately absent: time zones; a gateway stores and sends UTC.
 */
import type { Payload } from '../../src/model/payload.ts';
import { listOf } from './representations/list.ts';

export default {
  title: 'ISO 8601 text',
  where: 'a timestamp kept as text from the database to the client',
  variants: ['text'],
  ...listOf('at', { schema: { type: 'string', format: 'date-time' }, make: (generator) => generator.datetime() }),
} satisfies Payload;
