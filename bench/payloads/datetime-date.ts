/**
 * A datetime held as a `Date`, as a database driver returns it.
 * Deliberately absent: time zones; a gateway stores and sends UTC.
 */
import type { Payload } from '../../src/model/payload.ts';
import { listOf } from './representations/list.ts';

export default {
  title: 'Date',
  where: 'the way most drivers and ORMs hand a timestamp over',
  variants: ['native'],
  ...listOf('at', { schema: { type: 'string', format: 'date-time' }, make: (generator) => generator.datetime() }),
} satisfies Payload;
