/**
 * A UUID held as an instance of a class with `toJSON`, as UUID and BSON packages do.
 * Deliberately absent: other text forms (upper case, 32 digits).
 */
import type { Payload } from '../../src/model/payload.ts';
import { listOf } from './representations/list.ts';

export default {
  title: 'UUID class instance',
  where: 'an id as an object that knows its text form',
  variants: ['native'],
  ...listOf('id', { schema: { type: 'string', format: 'uuid' }, make: (generator) => generator.uuid() }),
} satisfies Payload;
