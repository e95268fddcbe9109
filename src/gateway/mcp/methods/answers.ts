/**
 * What only whoever has a tool, resource or prompt can answer: the server that it was imported from, or, for rows of a
 * catalog that no server is behind, the gateway itself, which says so.
 */
import { McpError } from '@modelcontextprotocol/sdk/types.js';

import type { Entity } from '../../entities/entity.ts';
import { quote } from '../../quote.ts';
import type { FederatedKind, Store } from '../../store/store.ts';
import { type RequestContext, UpstreamFailure } from '../../upstreams/upstream-client.ts';
import type { Upstreams } from '../../upstreams/upstreams.ts';
import { type RpcParams, rpcCodes, RpcError } from '../protocol/json-rpc.ts';
import type { CheckingThread } from '../tool-schemas/checking-thread.ts';
import { createToolSchemas } from '../tool-schemas/tool-schemas.ts';
import { createLookup } from './lookup.ts';
import { makeUpCall, makeUpPrompt, makeUpResource } from './made-up-answers.ts';
import { invalid, needText, readObject } from './parameters.ts';

/** Each rejects with an `RpcError` for what the caller is told. */
interface Answers {
  callTool(this: void, params: RpcParams, context: RequestContext): Promise<object>;
  readResource(this: void, params: RpcParams, context: RequestContext): Promise<object>;
  getPrompt(this: void, params: RpcParams, context: RequestContext): Promise<object>;
  close(): void;
}

/** @param options.upstreams none where absent: then every row is one of a catalog. */
export function createAnswers(options: {
  store: Store;
  thread: CheckingThread;
  upstreams: Upstreams | undefined;
}): Answers {
  const { store, thread, upstreams } = options;
  const tools = createLookup(store, 'tools');
  const resources = createLookup(store, 'resources');
  const prompts = createLookup(store, 'prompts');
  const schemasOf = createToolSchemas(thread);

  /** `undefined` where no server is behind the row. */
  function forward(
    entity: Entity,
    request: { kind: FederatedKind; method: string; params: RpcParams; context: RequestContext },
  ): Promise<object> | undefined {
    return upstreams?.forward(entity, request)?.catch((error: unknown) => {
      throw toRpcError(error);
    });
  }

  return {
    async callTool(params, context) {
      const name = needText(params, 'name');
      const given = readObject(params, 'arguments');
      const tool = await tools.find(name);
      if (tool === undefined) throw invalid(`Unknown tool: ${quote(name)}`);
      return (
        forward(tool, { kind: 'tools', method: 'tools/call', params, context }) ?? makeUpCall(tool, given, schemasOf)
      );
    },
    async readResource(params, context) {
      const uri = needText(params, 'uri');
      const resource = await resources.find(uri);
      if (resource === undefined) throw new RpcError(rpcCodes.resourceNotFound, `Resource not found: ${quote(uri)}`);
      return (
        forward(resource, { kind: 'resources', method: 'resources/read', params, context }) ?? makeUpResource(resource)
      );
    },
    async getPrompt(params, context) {
      const name = needText(params, 'name');
      const given = readObject(params, 'arguments');
      const prompt = await prompts.find(name);
      if (prompt === undefined) throw invalid(`Unknown prompt: ${quote(name)}`);
      return (
        forward(prompt, { kind: 'prompts', method: 'prompts/get', params, context }) ?? makeUpPrompt(prompt, given)
      );
    },
    close() {
      for (const lookup of [tools, resources, prompts]) lookup.close();
    },
  };
}

/** What the SDK puts before every message of an error. */
const prefixOfSdk = /^MCP error -?\d+: /;

function toRpcError(error: unknown): unknown {
  if (error instanceof UpstreamFailure) return new RpcError(rpcCodes.internalError, error.message);
  if (error instanceof McpError) return new RpcError(error.code, error.message.replace(prefixOfSdk, ''), error.data);
  return error;
}
