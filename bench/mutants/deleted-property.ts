/**
 * A field taken out of every item before it is written; objects with a hole leave the engine's fast paths.
 */
import type { Mutant } from '../../src/model.ts';

function withoutInternal(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const copy: Record<string, unknown> = { internal: true, ...item };
  delete copy['internal'];
  return copy;
}

function strip(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => withoutInternal(item)) : value;
}

export default {
  title: 'a property deleted from every item',
  wrap: ({ stringify, encode, ...rest }) => ({
    ...rest,
    ...(stringify === undefined ? {} : { stringify: (value: unknown) => stringify(strip(value)) }),
    ...(encode === undefined ? {} : { encode: (value: unknown) => encode(strip(value)) }),
  }),
} satisfies Mutant;
