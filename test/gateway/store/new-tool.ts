/**
 * Tools as clients send them, for tests of the store.
 */
import { createGenerator } from '../../../src/corpus/generator.ts';
import type { EntityInput } from '../../../src/gateway/entities/entity.ts';

const managed: ReadonlySet<string> = new Set(['id', 'createdAt', 'updatedAt', 'version']);

export const catalog = createGenerator(1);

export function newTool(changes: EntityInput = {}): EntityInput {
  return { ...asSent(catalog.tool()), ...changes };
}

/** What a client sends of an entity. */
export function asSent(entity: object): EntityInput {
  return Object.fromEntries(Object.entries(entity).filter(([name]) => !managed.has(name)));
}
