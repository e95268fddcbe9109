/**
 * A UUID held as plain bytes, as a driver without a UUID type returns a 16-byte column.
 *
 * The text is what a client should read; what a serializer makes of the bytes is the finding.
 * Deliberately absent: a class around the bytes (see uuid-class.ts).
 */
import type { Payload } from '../../src/model/payload.ts';
import type { JsonValue } from '../../src/model/values.ts';
import { listOf } from './representations/list.ts';

export default {
  title: 'UUID as 16 bytes',
  where: 'an id from a binary column that nobody has converted',
  variants: ['native'],
  ...listOf('id', {
    tier: 'thorough',
    schema: { type: 'string', format: 'uuid' },
    make: (generator) => generator.uuid(),
  }),
  revive(value) {
    for (const item of value as { id: JsonValue | Uint8Array }[]) item.id = bytesOf(item.id as string);
    return value;
  },
} satisfies Payload;

/** Not `Buffer.from(text, 'hex')`: a Buffer has a `toJSON` of its own, and a slice of the pool behind it. */
function bytesOf(uuid: string): Uint8Array {
  const digits = uuid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16));
}
