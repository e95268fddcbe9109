/**
 * Finds an entity by a field that clients know it by, such as a tool's name, without reading all rows for every call.
 *
 * It remembers which id has which name and asks the store for that one row, so that what is found is always current. A
 * row that is gone or has another name by now makes it read the names again, where the store's revision says that
 * something changed: other processes may write to the same database.
 */
import { type Entity, type EntityKind, nameFieldOf } from '../../entities/entity.ts';
import { readInPages } from '../../store/list-bytes.ts';
import type { ReadableStore } from '../../store/store.ts';

export interface Lookup {
  /** The entity with that name, the oldest of several; `undefined` where there is none. */
  find(name: string): Promise<Entity | undefined>;
  /** Ends the subscription to the store's changes. */
  close(): void;
}

interface Names {
  readonly ids: Map<string, string>;
  /** The store's when the names were read; `undefined` before that. */
  readonly revision: number | undefined;
}

export function createLookup(store: ReadableStore, kind: EntityKind): Lookup {
  const field = nameFieldOf(kind);
  let names: Names = { ids: new Map(), revision: undefined };
  let reading: Promise<void> | undefined;

  const stopListening = store.onChange(({ kind: changed, id, entity }) => {
    // Names of deleted and renamed rows stay here until somebody asks for them, since the row itself is looked at then.
    if (changed === kind && entity !== undefined) remember(names.ids, { entity, id, field });
  });

  async function findRemembered(name: string): Promise<Entity | undefined> {
    const id = names.ids.get(name);
    if (id === undefined) return undefined;
    const entity = await store.get(kind, id);
    return entity?.[field] === name ? entity : undefined;
  }

  async function readNames(): Promise<void> {
    // Read before the list, so that a change in between makes the next miss read the names again.
    const revision = await store.revision(kind);
    const ids = new Map<string, string>();
    for await (const items of readInPages(store, kind))
      for (const entity of items) remember(ids, { entity, id: entity.id.toString(), field });
    names = { ids, revision };
  }

  return {
    async find(name) {
      const found = await findRemembered(name);
      if (found !== undefined) return found;
      if (names.revision === (await store.revision(kind))) return undefined;
      // Many misses at once read the names once.
      reading ??= readNames().finally(() => (reading = undefined));
      await reading;
      return findRemembered(name);
    },
    close: stopListening,
  };
}

function remember(ids: Map<string, string>, row: { entity: Entity; id: string; field: string }): void {
  const name = row.entity[row.field];
  if (typeof name === 'string' && !ids.has(name)) ids.set(name, row.id);
}
