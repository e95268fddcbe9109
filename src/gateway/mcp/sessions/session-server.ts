/**
 * The official SDK's server of one session, which answers by the gateway's methods.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { ResultSchema, SetLevelRequestSchema } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../../../json.ts';
import type { AskingClient, RequestContext } from '../../upstreams/upstream-client.ts';
import { serverInfo } from '../methods/initialize.ts';
import type { McpMethods } from '../methods/methods.ts';
import { toRpcError } from '../protocol/http-answers.ts';
import { type RpcParams, RpcError } from '../protocol/json-rpc.ts';
import { answerInTurn } from './batch.ts';

export interface SessionServer {
  readonly server: Server;
  /** What the client wants to be told of, by URI, and how that ends. */
  readonly watched: Map<string, () => void>;
}

/** @param onError gets what went wrong inside and is told to no client. */
export function createSessionServer(methods: McpMethods, onError: (error: unknown) => void): SessionServer {
  const capabilities = {
    tools: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    prompts: { listChanged: true },
    completions: {},
    logging: {},
  };
  // The SDK would make a validator for each session, for answers of the client that only a server behind the gateway
  // can judge.
  const server = new Server(serverInfo, { capabilities, jsonSchemaValidator: { getValidator: refuseToValidate } });
  const watched = new Map<string, () => void>();
  let least = 0;
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    least = levels.indexOf(params.level);
    return {};
  });
  const isTold = (method: string, params: RpcParams): boolean =>
    method !== 'notifications/message' || levels.indexOf(String(params['level'])) >= least;
  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    const given = isObject(params) ? params : {};
    const context = contextOf(given, extra);
    const client: AskingClient = {
      sessionId: extra.sessionId ?? '',
      capabilities: server.getClientCapabilities() ?? {},
      watched,
      ask: (asked, about) => extra.sendRequest({ method: asked, params: about }, ResultSchema),
      tell(told, about) {
        if (isTold(told, about)) tell(extra, { method: told, params: about });
      },
    };
    try {
      return { ...(await answerInTurn(() => methods.run(method, given, { ...context, client }))) };
    } catch (error) {
      if (!(error instanceof RpcError)) onError(error);
      throw toRpcError(error);
    }
  };
  return { server, watched };
}

/** In their order (RFC 5424). */
const levels: readonly string[] = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

function contextOf(params: RpcParams, extra: Extra): RequestContext {
  const { signal } = extra;
  const { _meta: meta } = params;
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  if (typeof token !== 'string' && typeof token !== 'number') return { signal };
  return {
    signal,
    onProgress: (progress) =>
      tell(extra, { method: 'notifications/progress', params: { ...progress, progressToken: token } }),
  };
}

/** A client that has gone is no failure. */
function tell(extra: Extra, notification: { method: string; params: RpcParams }): void {
  extra.sendNotification(notification as ServerNotification).catch(() => {});
}

function refuseToValidate(): never {
  throw new Error('the gateway judges no answers of its clients');
}
