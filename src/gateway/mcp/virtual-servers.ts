/**
 * MCP of virtual servers: each answers with what it is put together of, by sessions of its own.
 */
import { scopeStore } from '../store/scoped-store.ts';
import type { ReadableStore } from '../store/store.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { McpMethods } from './methods/methods.ts';
import type { Sessions } from './sessions/sessions.ts';

/** What answers at one address. */
export interface McpEndpoint {
  readonly methods: McpMethods;
  readonly sessions: Sessions;
}

export interface VirtualServers {
  /** `undefined` where there is no such server. */
  find(this: void, id: string): Promise<McpEndpoint | undefined>;
  drain(this: void): void;
  close(this: void): Promise<void>;
}

/** Virtual servers with sessions at once; arbitrary. Beyond it the one that was not asked for longest ends its own. */
const mostOpen = 200;

/** @param options.open what answers for the entities of a store. */
export function createVirtualServers(options: {
  store: ReadableStore;
  open: (store: ReadableStore) => McpEndpoint;
}): VirtualServers {
  const { store, open } = options;
  // In the order of their last use, which a Map keeps where an entry is put in again.
  const opened = new Map<string, McpEndpoint>();

  async function close(id: string): Promise<void> {
    const endpoint = opened.get(id);
    opened.delete(id);
    await endpoint?.methods.close();
    await endpoint?.sessions.close();
  }

  return {
    async find(id) {
      if ((await store.get('servers', id)) === undefined) {
        await close(id);
        return undefined;
      }
      const endpoint = opened.get(id) ?? open(scopeStore(store, id));
      opened.delete(id);
      opened.set(id, endpoint);
      const [oldest] = opened.size > mostOpen ? opened.keys() : [];
      if (oldest !== undefined) await close(oldest);
      return endpoint;
    },
    drain() {
      for (const { sessions } of opened.values()) sessions.drain();
    },
    async close() {
      await Promise.all([...opened.keys()].map(close));
    },
  };
}

/** A virtual server names its resources one by one; what a template would make of any URI is not among them. */
export function withoutTemplates(upstreams: Upstreams): Upstreams {
  return { ...upstreams, templates: () => [], forwardUri: () => undefined };
}
