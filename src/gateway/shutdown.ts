/**
 * The end of a gateway: nothing new is accepted, what runs may finish for a while, then the database closes.
 *
 * It comes in a bounded time, whatever clients and the database do: what still waits for either fails then.
 */
import type { Server } from 'node:http';

import type { Store } from './store/store.ts';

/** A gateway's server, with or without a framework around it. */
interface Closable {
  readonly server: Pick<Server, 'closeIdleConnections' | 'closeAllConnections'>;
  /** Takes no more connections; ends when the last one has. */
  close(): PromiseLike<unknown>;
}

/** How often connections are looked for that have become idle; arbitrary, a part of any reasonable time to drain. */
const lookEveryMs = 50;

/**
 * Milliseconds that the application has to end once its connections are cut; arbitrary, nothing is left to wait for.
 */
const afterCutMs = 1_000;

/**
 * Closes the application and then the store.
 * @param options.drainMs milliseconds for requests that run; their connections are cut after that.
 * @throws what the store throws on closing.
 */
export async function stopGateway(app: Closable, { store, drainMs }: { store: Store; drainMs: number }): Promise<void> {
  // A connection that was busy becomes idle after its response, and would be waited for until its client goes.
  const closeIdle = setInterval(() => app.server.closeIdleConnections(), lookEveryMs);
  const late = Promise.withResolvers<void>();
  let timer = setTimeout(() => {
    app.server.closeAllConnections();
    timer = setTimeout(late.resolve, afterCutMs);
  }, drainMs);
  try {
    await Promise.race([app.close(), late.promise]);
  } finally {
    clearInterval(closeIdle);
    clearTimeout(timer);
    await store.close();
  }
}
