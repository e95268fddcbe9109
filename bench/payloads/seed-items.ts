/**
 * The item that the gateway's own page quotes its Python figures on: nine fields, one of them nested.
 * Deliberately absent: characters outside ASCII, which those items do not have either.
 */
import type { Generator, Payload } from '../../src/model/payload.ts';

const SUBJECTS = ['gateway response', 'catalog entry', 'federated record', 'scheduled report'] as const;
const PURPOSES = ['shows what one row costs', 'stands for a list entry', 'fills a page of results'] as const;
const REMARKS = ['kept short on purpose', 'with words of usual length', 'as a client would read it'] as const;

export default {
  title: 'Seed items',
  where: 'the item that the reference figures of the Python gateway were taken on',
  role: 'response',
  tier: 'thorough',
  schema: 'seed-items',
  sizes: [10, 100, 1_000, 5_000],
  variants: ['text', 'native'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, (_, index) => ({
      id: index,
      uuid: generator.uuid(),
      name: `Item ${index}`,
      description: describe(generator),
      value: index * 1.5,
      active: index % 2 === 0,
      created_at: generator.datetime(),
      tags: [`tag${index % 10}`, generator.pick(['public', 'internal']), generator.pick(['new', 'stable'])],
      metadata: {
        key1: `value ${generator.integer(100, 999)}`,
        key2: generator.integer(0, 100_000),
        nested: { data: `nested ${generator.integer(100, 999)}` },
      },
    }));
  },
} satisfies Payload;

/** About 85 characters. */
function describe(generator: Generator): string {
  const [subject, purpose] = [generator.pick(SUBJECTS), generator.pick(PURPOSES)];
  return `Item ${generator.integer(100, 999)} is a ${subject} that ${purpose}, ${generator.pick(REMARKS)}`;
}
