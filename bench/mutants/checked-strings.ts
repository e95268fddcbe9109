/**
 * A check of every string before it is written, for something that the serializer looks after anyway.
 */
import type { Mutant } from '../../src/model/contender.ts';

const suspicious = /[\u2028\u2029]/;

/** Counts, so that the walk has a result that somebody could want. */
function countSuspicious(value: unknown): number {
  if (typeof value === 'string') return suspicious.test(value) ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  for (const key in value) count += countSuspicious((value as Record<string, unknown>)[key]);
  return count;
}

let seen = 0;

export default {
  title: 'a check of every string',
  before: (value) => {
    seen += countSuspicious(value);
    return seen < 0 ? undefined : value;
  },
} satisfies Mutant;
