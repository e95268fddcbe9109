/**
 * What the gateway answers to MCP: one method a row of the table, whatever the message came by.
 *
 * Everything stored is listed, whether enabled or not, as GET /tools does.
 * Source: MCP revision 2025-11-25, "Server Features".
 */
import type { Schema } from '../../json.ts';
import { quote } from '../../quote.ts';
import type { GatewaySettings } from '../../settings.ts';
import type { ReadableStore } from '../../store/store.ts';
import type { RequestContext } from '../../upstreams/upstream-client.ts';
import type { Upstreams } from '../../upstreams/upstreams.ts';
import { createListableRows } from '../listing/listable-rows.ts';
import { type RpcParams, rpcCodes, RpcError } from '../protocol/json-rpc.ts';
import { type CheckingThread, createCheckingThread } from '../tool-schemas/checking-thread.ts';
import { createAnswers } from './answers.ts';
import { callAnswer, openAnswer, promptsAnswer, resourcesAnswer, toolsAnswer } from './answer-schemas.ts';
import { initialize } from './initialize.ts';
import { listOf } from './lists.ts';

interface Method {
  /** Of the whole answer, where it is no error. */
  readonly answerSchema: Schema;
  /** @throws {RpcError} for what the caller should be told. */
  run(params: RpcParams, context: RequestContext): object | Promise<object>;
}

export interface McpMethods {
  readonly table: ReadonlyMap<string, Method>;
  /** Runs a method. @throws {RpcError} also for a method that is not in the table. */
  run(method: string, params: RpcParams, context: RequestContext): Promise<object>;
  /** Ends what listens to the store, and the thread of long work. */
  close(): Promise<void>;
}

export interface MethodsOptions {
  readonly store: ReadableStore;
  /** The size of pages. */
  readonly settings: Pick<GatewaySettings, 'pageSize' | 'mostPageItems'>;
  /** Where long work on schemas is done; one of its own where absent. */
  readonly thread?: CheckingThread | undefined;
  /** Servers behind the gateway; none where absent. */
  readonly upstreams?: Upstreams | undefined;
  /** Gets a line for each row that is left out of lists, once; nobody does where absent. */
  readonly warn?: ((line: string) => void) | undefined;
}

export function createMethods(options: MethodsOptions): McpMethods {
  const { store, thread = createCheckingThread(), warn = () => {} } = options;
  const lists = { ...options, listableRows: createListableRows({ thread, warn }) };
  const answers = createAnswers({ store, thread, upstreams: options.upstreams });
  const rows: Readonly<Record<string, Method>> = {
    initialize: { answerSchema: openAnswer, run: initialize },
    ping: { answerSchema: openAnswer, run: () => ({}) },
    'tools/list': { answerSchema: toolsAnswer, run: listOf('tools', lists) },
    'tools/call': { answerSchema: callAnswer, run: answers.callTool },
    'resources/list': { answerSchema: resourcesAnswer, run: listOf('resources', lists) },
    'resources/templates/list': { answerSchema: openAnswer, run: answers.listTemplates },
    'resources/subscribe': { answerSchema: openAnswer, run: answers.subscribe },
    'resources/unsubscribe': { answerSchema: openAnswer, run: answers.unsubscribe },
    'completion/complete': { answerSchema: openAnswer, run: answers.complete },
    'resources/read': { answerSchema: openAnswer, run: answers.readResource },
    'prompts/list': { answerSchema: promptsAnswer, run: listOf('prompts', lists) },
    'prompts/get': { answerSchema: openAnswer, run: answers.getPrompt },
  };
  const table = new Map(Object.entries(rows));
  return {
    table,
    async run(method, params, context) {
      const row = table.get(method);
      if (row === undefined) throw new RpcError(rpcCodes.methodNotFound, `Method not found: ${quote(method)}`);
      return row.run(params, context);
    },
    async close() {
      answers.close();
      // One that was given belongs to somebody else.
      if (options.thread === undefined) await thread.close();
    },
  };
}
