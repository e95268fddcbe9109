/**
 * The catalog written by hand, as a project might do it for its hottest route: known keys are constants.
 *
 * Whether that is worth it is what the benchmark says. Every output is compared with JSON.stringify's first.
 */
import type { UserContender } from 'wirebench';

import type { CatalogItem } from '../payloads/catalog.ts';

function writeItem({ id, name, price, tags, updatedAt }: CatalogItem): string {
  return `{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"price":${price},"tags":${JSON.stringify(tags)},"updatedAt":${JSON.stringify(updatedAt)}}`;
}

export default {
  kind: 'serialize',
  title: 'catalog, by hand',
  equality: 'bytes',
  capabilities: ['drops-unknown-fields'],
  // What it cannot do stands in the report with this reason.
  unsupported: ({ payload }) => (payload === 'catalog' ? undefined : 'it is written for the catalog'),
  load: async () => () => ({ stringify: (value) => `[${(value as CatalogItem[]).map(writeItem).join(',')}]` }),
} satisfies UserContender;
