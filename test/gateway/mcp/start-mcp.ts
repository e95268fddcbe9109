/**
 * An application with the MCP endpoints and no tokens, over a store in memory, for the tests of this folder.
 */
import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { onTestFinished } from 'vitest';

import { installAuth } from '../../../src/gateway/http/auth.ts';
import { acceptJsonOnly } from '../../../src/gateway/http/bodies.ts';
import { installHostCheck } from '../../../src/gateway/http/known-hosts.ts';
import { registerMcp } from '../../../src/gateway/mcp/routes.ts';
import type { SessionLimits } from '../../../src/gateway/mcp/sessions/sessions.ts';
import type { CheckingThread } from '../../../src/gateway/mcp/tool-schemas/checking-thread.ts';
import { installSerializer } from '../../../src/gateway/responses/serializers.ts';
import type { GatewaySettings, SerializerName } from '../../../src/gateway/settings.ts';
import { type MemoryStore, createMemoryStore } from '../store/memory-store.ts';

export interface McpFixture {
  readonly app: FastifyInstance;
  readonly store: MemoryStore;
  /** Of the server that listens, without a slash at its end. */
  readonly url: string;
}

/** Listens on a port of loopback; ends with the test. */
export async function startMcp(
  options: {
    items?: number;
    serializer?: SerializerName;
    sessions?: SessionLimits;
    caller?: () => string | null;
    thread?: CheckingThread;
    warn?: (line: string) => void;
    /** Gets every value that the reply serializer gets. */
    onReply?: (value: unknown) => void;
  } = {},
): Promise<McpFixture> {
  const { items = 20, serializer = 'json-stringify', sessions, caller, thread, warn, onReply = () => {} } = options;
  const store = createMemoryStore(items);
  const settings: GatewaySettings = {
    responses: { serializer, compression: 'none', compressionMinimumBytes: 500, cache: false, keepAlive: true },
    auth: undefined,
    bodyLimitBytes: 1_000_000,
    pageSize: 50,
    mostPageItems: 500,
    drainMs: 1_000,
  };
  const app = fastify({ forceCloseConnections: true });
  acceptJsonOnly(app);
  await installSerializer(app, settings.responses);
  app.addHook('preSerialization', async (_request, _reply, value) => {
    onReply(value);
    return value;
  });
  installHostCheck(app, settings);
  await installAuth(app, undefined);
  if (caller !== undefined) {
    app.addHook('onRequest', async (request) => {
      const identity = caller();
      request.caller = { subject: identity, identity, mayWrite: true };
    });
  }
  await registerMcp(app, {
    store,
    settings,
    ...(sessions === undefined ? {} : { sessions }),
    ...(thread === undefined ? {} : { thread }),
    ...(warn === undefined ? {} : { warn }),
  });
  onTestFinished(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, store, url };
}

/** The input of a tool that takes one text. */
export function toolInput(name: string, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const inputSchema = {
    type: 'object',
    properties: { query: { type: 'string' } },
    required: ['query'],
    additionalProperties: false,
  };
  return { name, originalName: name, description: 'Looks something up', inputSchema, tags: [], ...fields };
}
