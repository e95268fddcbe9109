/**
 * A datetime held as a `Temporal.Instant`, where the runtime has it.
 *
 * The text is what `Temporal.Instant.prototype.toString` writes: no trailing zeros in the fraction of a second.
 * Deliberately absent: a polyfill; its cost would not be the runtime's.
 */
import type { Payload } from '../../src/model/payload.ts';
import type { JsonValue } from '../../src/model/values.ts';
import { listOf } from './representations/list.ts';

export default {
  title: 'Temporal.Instant',
  where: 'the successor of Date, with nanoseconds',
  variants: ['native'],
  ...listOf('at', {
    tier: 'thorough',
    schema: { type: 'string', format: 'date-time' },
    make: (generator) => withoutTrailingZeros(generator.datetime()),
  }),
  revive(value) {
    for (const item of value as { at: JsonValue | Temporal.Instant }[]) {
      item.at = Temporal.Instant.from(item.at as string);
    }
    return value;
  },
  unsupported() {
    return typeof Temporal === 'undefined' ? 'this Node has no Temporal' : undefined;
  },
} satisfies Payload;

function withoutTrailingZeros(datetime: string): string {
  return datetime.replace(/\.?0+Z$/, 'Z');
}
