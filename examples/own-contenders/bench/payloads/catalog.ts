/**
 * GET /catalog of this project: a list of any length, generated from the seed that the benchmark gives.
 */
import type { Generator, UserPayload } from 'wirebench';

/** A type, and no interface: an interface could get further fields, so that TypeScript does not take it for JSON. */
export type CatalogItem = {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly tags: string[];
  readonly updatedAt: string;
};

function makeItem(generator: Generator): CatalogItem {
  return {
    id: generator.uuid(),
    name: generator.prose(24),
    price: generator.integer(100, 100_000) / 100,
    tags: [generator.pick(['new', 'sale', 'last']), generator.prose(8)],
    updatedAt: generator.datetime(),
  };
}

export default {
  title: 'GET /catalog',
  generate: (generator, items) => Array.from({ length: items }, () => makeItem(generator)),
} satisfies UserPayload;
