/**
 * A store of what one virtual server is put together of, and of nothing else.
 *
 * What belongs to it is looked up at every call, so that a change of the server holds at once.
 */
import type { Entity, EntityKind } from '../entities/entity.ts';
import { listAssociated, readAssociated } from './associated.ts';
import { type FederatedKind, federatedKinds, type ReadableStore } from './store.ts';

/** @param serverId of the virtual server; one that is gone has nothing. */
export function scopeStore(store: ReadableStore, serverId: string): ReadableStore {
  const readServer = (): Promise<Entity | undefined> => store.get('servers', serverId);
  return {
    async list(kind, { cursor, limit = Number.POSITIVE_INFINITY } = {}) {
      const server = await readServer();
      const all = server === undefined || !isFederated(kind) ? [] : await readAssociated(store, { server, kind });
      const start = cursor === undefined ? 0 : readCursor(cursor);
      const items = all.slice(start, start + limit);
      const end = start + items.length;
      return { items, nextCursor: end < all.length ? `item-${end}` : null, bytes: 0 };
    },
    async get(kind, id) {
      const server = await readServer();
      if (server === undefined || !isFederated(kind) || !listAssociated(server, kind).includes(id)) return undefined;
      return store.get(kind, id);
    },
    // Changes with either of both.
    async revision(kind) {
      return (await store.revision(kind)) + (await store.revision('servers'));
    },
    onChange: (listener) => store.onChange(listener),
  };
}

/** @throws {RangeError} for a cursor that no page gave. */
function readCursor(cursor: string): number {
  const [, position] = /^item-(\d{1,9})$/.exec(cursor) ?? [];
  if (position === undefined) throw new RangeError('a cursor that no page gave');
  return Number(position);
}

function isFederated(kind: EntityKind): kind is FederatedKind {
  return (federatedKinds as readonly string[]).includes(kind);
}
