/**
 * What a virtual server is put together of: entities that it names by their ids.
 */
import type { Entity } from '../entities/entity.ts';
import type { FederatedKind, Store } from './store.ts';

/** The fields of a server with ids of each kind. */
export const associatedFields = {
  tools: 'associatedToolIds',
  resources: 'associatedResources',
  prompts: 'associatedPrompts',
} as const satisfies Record<FederatedKind, string>;

/** The ids that a server names, each once, in their order. */
export function listAssociated(server: Entity, kind: FederatedKind): string[] {
  const ids = server[associatedFields[kind]];
  return Array.isArray(ids) ? [...new Set(ids.map(String))] : [];
}

/** The entities that a server names and that are there, in their order. */
export async function readAssociated(
  store: Pick<Store, 'get'>,
  { server, kind }: { server: Entity; kind: FederatedKind },
): Promise<Entity[]> {
  const found = await Promise.all(listAssociated(server, kind).map((id) => store.get(kind, id)));
  return found.filter((entity) => entity !== undefined);
}
