/**
 * GET /tags: every tag of every kind of entity, with how often it is given.
 *
 * Tags have no table of their own: they belong to their entities and are counted when somebody asks.
 */
import { type Entity, entityKinds } from '../entities/entity.ts';
import { describePayload } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { readInPages } from '../store/list-bytes.ts';
import type { Store } from '../store/store.ts';

interface TagCount {
  readonly id: string;
  readonly label: string;
  count: number;
}

export function tagsEndpoint(store: Store): Endpoint {
  const tag = describePayload('tag');
  const properties = { ...(tag['properties'] as object), count: { type: 'integer' } };
  const item = {
    title: 'TagCount',
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return {
    method: 'GET',
    url: '/tags',
    summary: 'All tags with the number of entities that have them, the most frequent first',
    reads: entityKinds,
    responses: { 200: { title: 'TagList', type: 'array', items: item } },
    handle: () => countTags(store),
  };
}

function countTagsOf(entity: Entity, counts: Map<string, TagCount>): void {
  for (const { id, label } of (entity['tags'] ?? []) as readonly { id: string; label: string }[]) {
    const known = counts.get(id);
    if (known === undefined) counts.set(id, { id, label, count: 1 });
    else known.count += 1;
  }
}

/** Ordered by count, equal ones by id; the label is that of the first entity that has the tag. */
async function countTags(store: Store): Promise<TagCount[]> {
  const counts = new Map<string, TagCount>();
  for (const kind of entityKinds) {
    for await (const items of readInPages(store, kind)) for (const entity of items) countTagsOf(entity, counts);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
}
