/**
 * Resources of one server that clients of the gateway want to be told of, each counted by its clients.
 */
import type { UpstreamSession } from './upstream-session.ts';

export class WatchedResources {
  /** By the server's own URIs. */
  readonly #clients = new Map<string, number>();

  add(uri: string): void {
    this.#clients.set(uri, (this.#clients.get(uri) ?? 0) + 1);
  }

  /** @returns true where nobody is left who watches it. */
  remove(uri: string): boolean {
    const left = (this.#clients.get(uri) ?? 0) - 1;
    if (left > 0) this.#clients.set(uri, left);
    else this.#clients.delete(uri);
    return left <= 0;
  }

  /** Watches all of them by another session: a server that has started again knows of none. */
  async renew(session: UpstreamSession, signal: AbortSignal): Promise<void> {
    for (const uri of this.#clients.keys())
      await session.request('resources/subscribe', { uri }, { signal }).catch(() => {});
  }
}
