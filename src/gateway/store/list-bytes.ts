/**
 * How many bytes of entities one answer is made of, and reading all entities without holding them at once.
 *
 * Counted are the bytes that entities have in the database, before anything is made of them. How many answers are made
 * at once is for responses/budget.ts to say.
 */
import type { Entity, EntityKind } from '../entities/entity.ts';
import type { EntityPage, Store } from './store.ts';

/** Of a page, which ends where it would pass it; arbitrary, several times a page of a thousand common tools. */
export const mostPageBytes = 8 * 1024 * 1024;
/** Of a list that has no cursor, which is refused beyond it; arbitrary, several times the 5,000 tools of benchmarks. */
export const mostListBytes = 64 * 1024 * 1024;

/** All entities of a kind, in the order of their creation; never more of them in memory than a page has. */
export async function* readInPages(
  store: Pick<Store, 'list'>,
  kind: EntityKind,
): AsyncGenerator<readonly Entity[], void, undefined> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: EntityPage = await store.list(kind, {
      mostBytes: mostPageBytes,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield page.items;
    cursor = page.nextCursor;
  }
}
