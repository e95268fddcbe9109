/**
 * Tells sessions that a list has changed: many changes at once as one notification.
 */
import { setTimeout } from 'node:timers';

import type { EntityKind } from '../../entities/entity.ts';
import type { ReadableStore } from '../../store/store.ts';

/**
 * Milliseconds in which changes become one notification; arbitrary, an import of thousands then says it a few times.
 */
const gatherMs = 50;

/** Calls `tell` once for each kind that changed, some time after the first change. @returns a function that ends it. */
export function gatherChanges(store: Pick<ReadableStore, 'onChange'>, tell: (kind: EntityKind) => void): () => void {
  const changed = new Set<EntityKind>();
  let timer: NodeJS.Timeout | undefined;
  const stopListening = store.onChange(({ kind }) => {
    changed.add(kind);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const one of changed) tell(one);
      changed.clear();
    }, gatherMs).unref();
  });
  return () => {
    stopListening();
    clearTimeout(timer);
  };
}

/** The notification of a kind; `undefined` for kinds that MCP has no lists of. */
export const listChanged = {
  tools: 'notifications/tools/list_changed',
  resources: 'notifications/resources/list_changed',
  prompts: 'notifications/prompts/list_changed',
  servers: undefined,
  gateways: undefined,
} as const;
