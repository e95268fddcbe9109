/**
 * Keeps two entities of a kind from having one name: MCP clients call tools and read resources by it.
 *
 * Checks and writes happen one after the other, so that two creations at once cannot both find the name free.
 * Deliberately absent: writes of other processes to the same database between a check and its write; only a constraint
 * of the database could refuse these.
 */
import { Problem } from './errors.ts';
import { createLookup } from './mcp/lookup.ts';
import type { EntityInput, EntityKind, Store } from './model.ts';

export interface UniqueNames {
  /**
   * Writes unless another entity has the input's name.
   * @param write.id of the entity that is written; absent for a new one.
   * @throws {Problem} 409 where the name is taken.
   */
  guard<T>(write: { readonly input: EntityInput; readonly id?: string; readonly run: () => Promise<T> }): Promise<T>;
  close(): void;
}

export function createUniqueNames(store: Store, kind: EntityKind): UniqueNames {
  const field = kind === 'resources' ? 'uri' : 'name';
  const lookup = createLookup({ store, kind, field });
  let last: Promise<unknown> = Promise.resolve();
  return {
    guard({ input, id, run }) {
      const name = input[field];
      // Nothing that has to be unique is written, so nothing has to be waited for.
      if (typeof name !== 'string') return run();
      const result = last.then(async () => {
        const holder = await lookup.find(name);
        if (holder !== undefined && holder.id.toString() !== id) throw new Problem(409, `another one of the ${kind} has the ${field} ${JSON.stringify(name)}`);
        return run();
      });
      // Only the caller hears of a failure.
      last = result.catch(() => undefined);
      return result;
    },
    close: () => lookup.close(),
  };
}
