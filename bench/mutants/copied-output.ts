/**
 * One needless copy of the output, as a careless wrapper around a serializer makes.
 */
import type { Mutant } from '../../src/model.ts';

export default {
  title: 'one more copy of the output',
  wrap: ({ stringify, encode, ...rest }) => ({
    ...rest,
    ...(stringify === undefined ? {} : { stringify: (value: unknown) => Buffer.from(stringify(value)).toString() }),
    ...(encode === undefined ? {} : { encode: (value: unknown) => Buffer.from(encode(value)) }),
  }),
} satisfies Mutant;
