/**
 * A UUID held as text already: 36 characters, lower case.
 * Deliberately absent: other text forms (upper case, 32 digits).
 */
import type { Payload } from '../../src/model/payload.ts';
import { listOf } from './representations/list.ts';

export default {
  title: 'UUID text',
  where: 'an id kept as text from the database to the client',
  variants: ['text'],
  ...listOf('id', { schema: { type: 'string', format: 'uuid' }, make: (generator) => generator.uuid() }),
} satisfies Payload;
