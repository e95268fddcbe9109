/**
 * The answer to a list of entities: all of them, a page with its cursor, or a page as a bare list.
 *
 * A list without a cursor that is too large is refused, since nobody would see that it ended early.
 */
import type { Entity, EntityKind } from '../entities/entity.ts';
import { Problem } from '../http/errors.ts';
import type { GatewaySettings } from '../settings.ts';
import { mostListBytes, mostPageBytes } from '../store/list-bytes.ts';
import type { EntityPage, Store } from '../store/store.ts';

/** What a list is asked for, as the address has it. */
export interface ListQuery {
  readonly include_pagination: boolean;
  readonly cursor?: string;
  readonly limit?: number;
}

interface ListSource {
  readonly kind: EntityKind;
  readonly store: Store;
  readonly settings: GatewaySettings;
}

/** Longer than any cursor that a page gives. */
const longestCursor = 256;

export function listQuerySchema({ mostPageItems }: GatewaySettings): Record<string, unknown> {
  return {
    type: 'object',
    properties: {
      include_pagination: { type: 'boolean', default: false },
      cursor: { type: 'string', minLength: 1, maxLength: longestCursor },
      limit: { type: 'integer', minimum: 1, maximum: mostPageItems },
    },
  };
}

/**
 * The answer to a list: all entities, a page of them with its cursor, or a page as a bare list.
 * @throws {Problem} 422 for a cursor that no page gave, and for more than is sent without pages.
 */
export async function readList(context: ListSource, query: ListQuery): Promise<object> {
  const page = await readPage(context, query);
  if (query.include_pagination) return { [context.kind]: page.items, nextCursor: page.nextCursor };
  const { limit } = query;
  // Without a cursor in the answer nobody would see that it ended early.
  if (
    page.items.length === limit ||
    (limit === undefined && query.cursor !== undefined && page.items.length === context.settings.pageSize)
  )
    return page.items;
  return requireWhole(page, `ask for pages by include_pagination=true&limit=${context.settings.pageSize}`);
}

/** @throws {Problem} 422 where not all entities fit. */
export function requireWhole(page: EntityPage, advice: string): readonly Entity[] {
  if (page.nextCursor !== null)
    throw new Problem(
      422,
      `this would be more than ${mostListBytes / 1024 / 1024} MiB, and is not sent as one; ${advice}`,
    );
  return page.items;
}

/** All of them where neither a page nor a part of the list was asked for. */
async function readPage({ kind, store, settings }: ListSource, query: ListQuery): Promise<EntityPage> {
  const { cursor, include_pagination: isPaged } = query;
  const limit = query.limit ?? (isPaged || cursor !== undefined ? settings.pageSize : undefined);
  const mostBytes = isPaged ? mostPageBytes : mostListBytes;
  try {
    return await store.list(kind, {
      mostBytes,
      ...(cursor === undefined ? {} : { cursor }),
      ...(limit === undefined ? {} : { limit }),
    });
  } catch (error) {
    if (cursor !== undefined && error instanceof RangeError)
      throw new Problem(422, 'querystring/cursor is none that a page of this list gave');
    throw error;
  }
}
