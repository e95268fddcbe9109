/**
 * One needless copy of the output, as a careless wrapper around a serializer makes.
 */
import type { Mutant } from '../../src/model/contender.ts';

export default {
  title: 'one more copy of the output',
  after: <T extends string | Uint8Array>(output: T): T => {
    const copy = Buffer.from(output as Uint8Array);
    return (typeof output === 'string' ? copy.toString() : copy) as T;
  },
} satisfies Mutant;
