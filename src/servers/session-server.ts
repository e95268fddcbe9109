/**
 * The official SDK's server of one session, which answers with what a kind of server offers.
 *
 * Sessions are many and calls are more, so requests go past the SDK's own handlers, which would check each of them
 * against a schema that says no more than what is looked at here.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerCapabilities, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../json.ts';
import type { CallContext, JsonRecord, ServedContent } from '../model/mcp-server.ts';
import type { RunMethod } from './answers.ts';

/** What is the same for all sessions of a server. */
export interface Served {
  readonly name: string;
  readonly version: string;
  readonly content: ServedContent;
  readonly run: RunMethod;
}

export function createSessionServer({ name, version, content, run }: Served): Server {
  const { instructions } = content;
  const server = new Server(
    { name, version },
    {
      capabilities: capabilitiesOf(content),
      ...(instructions === undefined ? {} : { instructions }),
      // The SDK would make a validator for each session.
      jsonSchemaValidator: {
        getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
      },
    },
  );
  server.fallbackRequestHandler = async ({ method, params }, extra) =>
    run(method, isObject(params) ? params : {}, contextOf(server, { params, extra }));
  return server;
}

function capabilitiesOf(content: ServedContent): ServerCapabilities {
  const { resources, templates = [], prompts } = content;
  return {
    tools: {},
    logging: {},
    ...(resources.length + templates.length > 0 ? { resources: { subscribe: true } } : {}),
    ...(prompts.length > 0 ? { prompts: {} } : {}),
    ...(content.complete === undefined ? {} : { completions: {} }),
  };
}

function contextOf(
  server: Server,
  call: { params: unknown; extra: RequestHandlerExtra<ServerRequest, ServerNotification> },
): CallContext {
  const { params, extra } = call;
  return {
    signal: extra.signal,
    async progress(progress, total) {
      const token = isObject(params) && isObject(params['_meta']) ? params['_meta']['progressToken'] : undefined;
      if (typeof token !== 'string' && typeof token !== 'number') return;
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken: token, progress, total },
      });
    },
    log: (level, data) => extra.sendNotification({ method: 'notifications/message', params: { level, data } }),
    ask: (method, asked) =>
      extra.sendRequest({ method, params: asked } as ServerRequest, ResultSchema) as Promise<JsonRecord>,
    disconnect: () => extra.closeSSEStream?.(),
  };
}
