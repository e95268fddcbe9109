/**
 * A gateway over a store in memory, with the settings that a test does not care for filled in.
 */
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';

import { createGateway } from '../../src/gateway/app.ts';
import type { AuthSettings, GatewaySettings, ResponseSettings } from '../../src/gateway/settings.ts';
import { type MemoryStore, createMemoryStore } from './store/memory-store.ts';

export const plainResponses: ResponseSettings = {
  serializer: 'json-stringify',
  compression: 'none',
  compressionMinimumBytes: 500,
  cache: false,
  keepAlive: true,
};

export const plainSettings: GatewaySettings = {
  responses: plainResponses,
  auth: undefined,
  bodyLimitBytes: 64 * 1024,
  pageSize: 50,
  mostPageItems: 100,
  drainMs: 1000,
};

/** Closed when the test is over. */
export async function startGateway(
  options: {
    items?: number;
    responses?: Partial<ResponseSettings>;
    auth?: AuthSettings;
    settings?: Partial<GatewaySettings>;
    store?: MemoryStore;
  } = {},
): Promise<{ app: FastifyInstance; store: MemoryStore; settings: GatewaySettings }> {
  const { items = 5, responses = {}, auth } = options;
  const store = options.store ?? createMemoryStore(items);
  const settings: GatewaySettings = {
    ...plainSettings,
    responses: { ...plainResponses, ...responses },
    auth,
    ...options.settings,
  };
  const app = await createGateway({ store, settings });
  onTestFinished(async () => {
    await app.close();
  });
  return { app, store, settings };
}
