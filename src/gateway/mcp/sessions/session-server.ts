/**
 * The official SDK's server of one session, which answers by the gateway's methods.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';

import { isObject } from '../../../json.ts';
import { serverInfo } from '../methods/initialize.ts';
import type { McpMethods } from '../methods/methods.ts';
import { toRpcError } from '../protocol/http-answers.ts';
import { RpcError } from '../protocol/json-rpc.ts';
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
  server.fallbackRequestHandler = async ({ method, params }) => {
    try {
      return { ...(await answerInTurn(() => methods.run(method, isObject(params) ? params : {}))) };
    } catch (error) {
      if (!(error instanceof RpcError)) onError(error);
      throw toRpcError(error);
    }
  };
  return server;
}

function refuseToValidate(): never {
  throw new Error('the gateway asks its clients nothing');
}
