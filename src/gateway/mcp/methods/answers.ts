/**
 * What only whoever has a tool, resource or prompt can answer: the server that it was imported from, or, for rows of a
 * catalog that no server is behind, the gateway itself, which says so.
 */
import { McpError } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../../../json.ts';
import { type Entity, isSwitchedOff } from '../../entities/entity.ts';
import { quote } from '../../quote.ts';
import type { ReadableStore } from '../../store/store.ts';
import type { RequestContext } from '../../upstreams/upstream-client.ts';
import { UpstreamFailure } from '../../upstreams/upstream-session.ts';
import type { Upstreams } from '../../upstreams/upstreams.ts';
import { type RpcParams, rpcCodes, RpcError } from '../protocol/json-rpc.ts';
import type { CheckingThread } from '../tool-schemas/checking-thread.ts';
import { createToolSchemas } from '../tool-schemas/tool-schemas.ts';
import { createLookup } from './lookup.ts';
import { makeUpCall, makeUpPrompt, makeUpResource } from './made-up-answers.ts';
import { invalid, needText, readObject } from './parameters.ts';

/** Each rejects with an `RpcError` for what the caller is told. */
type Answer = (this: void, params: RpcParams, context: RequestContext) => Promise<object>;

interface Answers {
  readonly callTool: Answer;
  readonly readResource: Answer;
  readonly listTemplates: Answer;
  readonly subscribe: Answer;
  readonly unsubscribe: Answer;
  readonly getPrompt: Answer;
  readonly complete: Answer;
  close(): void;
}

/** @param options.upstreams none where absent: then every row is one of a catalog. */
export function createAnswers(options: {
  store: ReadableStore;
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
    request: Parameters<Upstreams['forward']>[1],
  ): Promise<Readonly<Record<string, unknown>>> | undefined {
    return upstreams?.forward(entity, request)?.catch(throwRpcError);
  }

  async function findResource(params: RpcParams): Promise<{ uri: string; resource: Entity | undefined }> {
    const uri = needText(params, 'uri');
    const resource = await resources.find(uri);
    if (resource !== undefined && isSwitchedOff(resource))
      throw new RpcError(rpcCodes.resourceNotFound, `Resource is switched off: ${quote(uri)}`, { uri });
    return { uri, resource };
  }

  return {
    async callTool(params, context) {
      const name = needText(params, 'name');
      const given = readObject(params, 'arguments');
      const tool = await tools.find(name);
      if (tool === undefined) throw invalid(`Unknown tool: ${quote(name)}`);
      if (isSwitchedOff(tool)) throw invalid(`Tool is switched off: ${quote(name)}`);
      const own = (ownName: string): RpcParams => ({ ...params, name: ownName });
      return (
        forward(tool, { kind: 'tools', method: 'tools/call', params: own, context }) ??
        makeUpCall(tool, given, schemasOf)
      );
    },
    async readResource(params, context) {
      const { uri, resource } = await findResource(params);
      const request = { method: 'resources/read', params: (own: string) => ({ ...params, uri: own }), context };
      const read =
        resource === undefined
          ? upstreams?.forwardUri(uri, request)?.catch(throwRpcError)
          : forward(resource, { kind: 'resources', ...request });
      if (read !== undefined) return underUri(await read, uri);
      if (resource === undefined)
        throw new RpcError(rpcCodes.resourceNotFound, `Resource not found: ${quote(uri)}`, { uri });
      return makeUpResource(resource);
    },
    listTemplates: async () => ({ resourceTemplates: upstreams?.templates() ?? [] }),
    async subscribe(params, context) {
      const { uri, resource } = await findResource(params);
      if (resource === undefined)
        throw new RpcError(rpcCodes.resourceNotFound, `Resource not found: ${quote(uri)}`, { uri });
      const { client } = context;
      if (client === undefined) throw invalid('only a client with a session can be told of changes; use /mcp');
      if (client.watched.has(uri)) return {};
      await upstreams?.watch(resource, context).catch(throwRpcError);
      client.watched.set(uri, () => upstreams?.unwatch(resource));
      return {};
    },
    async unsubscribe(params, { client }) {
      const uri = needText(params, 'uri');
      client?.watched.get(uri)?.();
      client?.watched.delete(uri);
      return {};
    },
    async getPrompt(params, context) {
      const name = needText(params, 'name');
      const given = readObject(params, 'arguments');
      const prompt = await prompts.find(name);
      if (prompt === undefined) throw invalid(`Unknown prompt: ${quote(name)}`);
      if (isSwitchedOff(prompt)) throw invalid(`Prompt is switched off: ${quote(name)}`);
      const own = (ownName: string): RpcParams => ({ ...params, name: ownName });
      return (
        forward(prompt, { kind: 'prompts', method: 'prompts/get', params: own, context }) ?? makeUpPrompt(prompt, given)
      );
    },
    async complete(params, context) {
      const ref = readObject(params, 'ref');
      const method = 'completion/complete';
      if (ref['type'] === 'ref/prompt') {
        const prompt = await prompts.find(needText(ref, 'name'));
        if (prompt === undefined) throw invalid(`Unknown prompt: ${quote(String(ref['name']))}`);
        const own = (name: string): RpcParams => ({ ...params, ref: { ...ref, name } });
        return forward(prompt, { kind: 'prompts', method, params: own, context }) ?? nothingToComplete;
      }
      const uri = needText(ref, 'uri');
      const own = (ownUri: string): RpcParams => ({ ...params, ref: { ...ref, uri: ownUri } });
      return upstreams?.forwardUri(uri, { method, params: own, context })?.catch(throwRpcError) ?? nothingToComplete;
    },
    close() {
      for (const lookup of [tools, resources, prompts]) lookup.close();
    },
  };
}

const nothingToComplete = { completion: { values: [], total: 0, hasMore: false } };

/** Contents are of the resource that was asked for, under the name by which it was. */
function underUri(result: Readonly<Record<string, unknown>>, uri: string): object {
  const { contents } = result;
  if (!Array.isArray(contents) || contents.length !== 1 || !isObject(contents[0])) return result;
  return { ...result, contents: [{ ...contents[0], uri }] };
}

function throwRpcError(error: unknown): never {
  throw toRpcError(error);
}

/** What the SDK puts before every message of an error. */
const prefixOfSdk = /^MCP error -?\d+: /;

function toRpcError(error: unknown): unknown {
  if (error instanceof UpstreamFailure) return new RpcError(rpcCodes.internalError, error.message);
  if (error instanceof McpError) return new RpcError(error.code, error.message.replace(prefixOfSdk, ''), error.data);
  return error;
}
