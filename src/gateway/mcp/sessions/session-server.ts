/**
 * The official SDK's server of one session, which answers by the gateway's methods.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';

import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../../../json.ts';
import type { RequestContext } from '../../upstreams/upstream-client.ts';
import { serverInfo } from '../methods/initialize.ts';
import type { McpMethods } from '../methods/methods.ts';
import { toRpcError } from '../protocol/http-answers.ts';
import { type RpcParams, RpcError } from '../protocol/json-rpc.ts';
import { answerInTurn } from './batch.ts';

/** @param onError gets what went wrong inside and is told to no client. */
export function createSessionServer(methods: McpMethods, onError: (error: unknown) => void): Server {
  const capabilities = {
    tools: { listChanged: true },
    resources: { listChanged: true },
    prompts: { listChanged: true },
  };
  // The SDK would make a validator for each session, for questions to the client that are never asked.
  const server = new Server(serverInfo, { capabilities, jsonSchemaValidator: { getValidator: refuseToValidate } });
  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    const given = isObject(params) ? params : {};
    try {
      return { ...(await answerInTurn(() => methods.run(method, given, contextOf(given, extra)))) };
    } catch (error) {
      if (!(error instanceof RpcError)) onError(error);
      throw toRpcError(error);
    }
  };
  return server;
}

function contextOf(params: RpcParams, extra: RequestHandlerExtra<ServerRequest, ServerNotification>): RequestContext {
  const { signal } = extra;
  const { _meta: meta } = params;
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  if (typeof token !== 'string' && typeof token !== 'number') return { signal };
  return {
    signal,
    onProgress(progress) {
      const told = { ...(progress as { progress: number }), progressToken: token };
      // A client that has gone is no failure.
      extra.sendNotification({ method: 'notifications/progress', params: told }).catch(() => {});
    },
  };
}

function refuseToValidate(): never {
  throw new Error('the gateway asks its clients nothing');
}
