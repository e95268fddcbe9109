/**
 * Whether servers behind the gateway still answer, and what their entities say of it.
 */
import type { Store } from '../store/store.ts';
import { healthy, unhealthy } from './registration.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { UpstreamFailure } from './upstream-session.ts';

/** Looks without an answer, one after the other, after which a server counts as unreachable. */
const mostFailures = 3;

interface Looked {
  readonly id: string;
  readonly client: UpstreamClient;
  failures: number;
  isReachable: boolean;
}

/** Looks at one server, and changes its entity where that changes what is known of it. @throws what the store throws. */
export async function checkHealth(
  server: Looked,
  { store, signal }: { store: Pick<Store, 'update'>; signal: AbortSignal },
): Promise<void> {
  const failure = await server.client.request('ping', {}, { signal }).then(
    () => undefined,
    // An error of its own is an answer.
    (error: unknown) => (error instanceof UpstreamFailure ? error : undefined),
  );
  server.failures = failure === undefined ? 0 : server.failures + 1;
  const isReachable = failure === undefined || (server.isReachable && server.failures < mostFailures);
  if (isReachable === server.isReachable) return;
  server.isReachable = isReachable;
  // Only a change is written: everything that is cached of gateways ends with it.
  const change = isReachable ? healthy(new Date().toISOString()) : unhealthy(failure?.message ?? 'it does not answer');
  await store.update('gateways', server.id, change);
}
