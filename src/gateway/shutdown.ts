/**
 * The end of a gateway: nothing new is accepted, what runs may finish for a while, then the database closes.
 *
 * Deliberately absent: signals, which only the command line knows.
 */
import type { Server } from 'node:http';

import type { Store } from './model.ts';

/** A gateway's server, with or without a framework around it. */
interface Closable {
  readonly server: Pick<Server, 'closeIdleConnections' | 'closeAllConnections'>;
  /** Takes no more connections; ends when the last one has. */
  close(): PromiseLike<unknown>;
}

/** How often connections are looked for that have become idle; arbitrary, a part of any reasonable time to drain. */
const lookEveryMs = 50;

/**
 * Closes the application and then the store.
 * @param options.drainMs milliseconds for requests that run; their connections are cut after that.
 * @throws what the store throws on closing.
 */
export async function stopGateway(app: Closable, { store, drainMs }: { store: Store; drainMs: number }): Promise<void> {
  // A connection that was busy becomes idle after its response, and would be waited for until its client goes.
  const closeIdle = setInterval(() => app.server.closeIdleConnections(), lookEveryMs);
  const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
  try {
    await app.close();
  } finally {
    clearInterval(closeIdle);
    clearTimeout(cut);
    await store.close();
  }
}
