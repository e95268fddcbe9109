/**
 * A field taken out of every item before it is written; objects with a hole leave the engine's fast paths.
 */
import type { Mutant } from '../../src/model/contender.ts';

function withoutInternal(item: unknown): unknown {
  // A copy of a Date or of a UUID would be written as another value.
  if (typeof item !== 'object' || item === null || Object.getPrototypeOf(item) !== Object.prototype) return item;
  const copy: Record<string, unknown> = { internal: true, ...item };
  delete copy['internal'];
  return copy;
}

export default {
  title: 'a property deleted from every item',
  before: (value) => (Array.isArray(value) ? value.map((item) => withoutInternal(item)) : value),
} satisfies Mutant;
