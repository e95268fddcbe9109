/**
 * What the gateway answers to MCP: one method a row of the table, whatever the message came by.
 *
 * The gateway has no server behind it: a call says what was called with which arguments, a resource is its own
 * description. Everything stored is listed, whether enabled or not, as GET /tools does. Deliberately absent: JSON-RPC's
 * envelope, HTTP, sessions, logging, completion and subscriptions.
 * Source: MCP revision 2025-11-25, "Server Features".
 */
import {
  InitializeRequestSchema,
  LATEST_PROTOCOL_VERSION,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js';

import { readManifest } from '../../../own-files.ts';
import type { Schema } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { quote } from '../../quote.ts';
import type { GatewaySettings } from '../../settings.ts';
import { mostPageBytes } from '../../store/list-bytes.ts';
import type { Page, Store } from '../../store/store.ts';
import type { Listable } from '../listing/listable-rows.ts';
import { createListable } from '../listing/listable-rows.ts';
import type { ListedKind } from '../listing/listed.ts';
import { describers, listArguments, withoutNulls } from '../listing/listed.ts';
import type { RpcParams } from '../protocol/json-rpc.ts';
import { rpcCodes, RpcError } from '../protocol/json-rpc.ts';
import type { CheckingThread } from '../tool-schemas/checking-thread.ts';
import { createCheckingThread } from '../tool-schemas/checking-thread.ts';
import { createToolSchemas } from '../tool-schemas/tool-schemas.ts';
import { callAnswer, openAnswer, promptsAnswer, resourcesAnswer, toolsAnswer } from './answer-schemas.ts';
import type { Lookup } from './lookup.ts';
import { createLookup } from './lookup.ts';

interface Method {
  /** Of the whole answer, where it is no error. */
  readonly answerSchema: Schema;
  /** @throws {RpcError} for what the caller should be told. */
  run(params: RpcParams): object | Promise<object>;
}

export interface McpMethods {
  readonly table: ReadonlyMap<string, Method>;
  /** Runs a method. @throws {RpcError} also for a method that is not in the table. */
  run(method: string, params: RpcParams): Promise<object>;
  /** Ends what listens to the store, and the thread of long work. */
  close(): Promise<void>;
}

/** How the gateway introduces itself. */
export const serverInfo: { readonly name: string; readonly version: string } = (() => {
  const { name, version } = readManifest();
  return { name: `${name}-gateway`, version };
})();

export interface MethodsOptions {
  readonly store: Store;
  /** The size of pages. */
  readonly settings: Pick<GatewaySettings, 'pageSize' | 'mostPageItems'>;
  /** Where long work on schemas is done; one of its own where absent. */
  readonly thread?: CheckingThread | undefined;
  /** Gets a line for each row that is left out of lists, once; nobody does where absent. */
  readonly warn?: ((line: string) => void) | undefined;
}

export function createMethods(options: MethodsOptions): McpMethods {
  const { store, thread = createCheckingThread(), warn = () => {} } = options;
  const lists = { ...options, listable: createListable({ thread, warn }) };
  const tools = createLookup({ store, kind: 'tools', field: 'name' });
  const resources = createLookup({ store, kind: 'resources', field: 'uri' });
  const prompts = createLookup({ store, kind: 'prompts', field: 'name' });
  const rows: Readonly<Record<string, Method>> = {
    initialize: { answerSchema: openAnswer, run: initialize },
    ping: { answerSchema: openAnswer, run: () => ({}) },
    'tools/list': { answerSchema: toolsAnswer, run: listOf('tools', lists) },
    'tools/call': { answerSchema: callAnswer, run: callTool(tools, thread) },
    'resources/list': { answerSchema: resourcesAnswer, run: listOf('resources', lists) },
    // Clients ask for it wherever there are resources; the gateway stores none.
    'resources/templates/list': { answerSchema: openAnswer, run: () => ({ resourceTemplates: [] }) },
    'resources/read': { answerSchema: openAnswer, run: readResource(resources) },
    'prompts/list': { answerSchema: promptsAnswer, run: listOf('prompts', lists) },
    'prompts/get': { answerSchema: openAnswer, run: getPrompt(prompts) },
  };
  const table = new Map(Object.entries(rows));
  return {
    table,
    async run(method, params) {
      const row = table.get(method);
      if (row === undefined) throw new RpcError(rpcCodes.methodNotFound, `Method not found: ${quote(method)}`);
      return row.run(params);
    },
    async close() {
      for (const lookup of [tools, resources, prompts]) lookup.close();
      await thread.close();
    },
  };
}

/** For clients without a session, who have no stream on which a change could be told. */
function initialize(params: RpcParams): object {
  const parsed = InitializeRequestSchema.safeParse({ method: 'initialize', params });
  if (!parsed.success)
    throw invalid('initialize needs protocolVersion, capabilities, and clientInfo with name and version');
  const asked = parsed.data.params.protocolVersion;
  const protocolVersion = SUPPORTED_PROTOCOL_VERSIONS.includes(asked) ? asked : LATEST_PROTOCOL_VERSION;
  return { protocolVersion, capabilities: { tools: {}, resources: {}, prompts: {} }, serverInfo };
}

// ---------------------------------------------------------------------------------------------------------------
// Lists
// ---------------------------------------------------------------------------------------------------------------

type ListContext = MethodsOptions & { readonly listable: Listable };

/** Beside MCP's own `cursor`, `limit` asks for another number of items, up to the most that a page may have. */
function listOf(kind: ListedKind, context: ListContext): Method['run'] {
  const { settings } = context;
  const describe = describers[kind];
  return async (params) => {
    const cursor = readText(params, 'cursor');
    const { limit = settings.pageSize } = params;
    if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1)
      throw invalid('limit must be a whole number from 1');
    const page = await readListable(
      kind,
      { limit: Math.min(limit, settings.mostPageItems), ...(cursor === undefined ? {} : { cursor }) },
      context,
    );
    const items = page.items.map(describe);
    return page.nextCursor === null ? { [kind]: items } : { [kind]: items, nextCursor: page.nextCursor };
  };
}

/** Reads on where nothing of a page can be listed: many clients take an empty page for the last one. */
async function readListable(
  kind: ListedKind,
  page: { cursor?: string; limit: number },
  { store, listable }: ListContext,
): Promise<Omit<Page, 'bytes'>> {
  let read = await readPage(store, kind, page);
  for (;;) {
    const items = await listable.keep(kind, read.items);
    if (items.length > 0 || read.nextCursor === null) return { items, nextCursor: read.nextCursor };
    read = await readPage(store, kind, { ...page, cursor: read.nextCursor });
  }
}

async function readPage(store: Store, kind: ListedKind, page: { cursor?: string; limit: number }): Promise<Page> {
  try {
    return await store.list(kind, { ...page, mostBytes: mostPageBytes });
  } catch (error) {
    if (error instanceof RangeError && page.cursor !== undefined)
      throw invalid(`no page gave the cursor ${quote(page.cursor)}`);
    throw error;
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Calls
// ---------------------------------------------------------------------------------------------------------------

/** Arguments that do not fit are an error of the call and not of the protocol: the model reads it and corrects itself. */
function callTool(tools: Lookup, thread: CheckingThread): Method['run'] {
  const schemasOf = createToolSchemas(thread);
  return async (params) => {
    const name = needText(params, 'name');
    const given = readRecord(params, 'arguments');
    const tool = await tools.find(name);
    if (tool === undefined) throw invalid(`Unknown tool: ${quote(name)}`);
    const { findProblem, sample } = await schemasOf(tool);
    const problem = await findProblem(given);
    if (problem !== undefined) return failedCall(problem);
    if (sample === null)
      return failedCall(`no result of tool ${quote(name)} could be made up that fits its output schema`);
    const called = { tool: name, arguments: given };
    return {
      content: [{ type: 'text', text: JSON.stringify(called) }],
      structuredContent: sample ?? called,
      isError: false,
    };
  };
}

function failedCall(text: string): object {
  return { content: [{ type: 'text', text }], isError: true };
}

function readResource(resources: Lookup): Method['run'] {
  return async (params) => {
    const uri = needText(params, 'uri');
    const resource = await resources.find(uri);
    if (resource === undefined) throw new RpcError(rpcCodes.resourceNotFound, `Resource not found: ${quote(uri)}`);
    const { name, description, mimeType } = resource;
    const text = mimeType === 'application/json' ? JSON.stringify({ name, description }) : String(description ?? name);
    return { contents: [withoutNulls({ uri, mimeType, text })] };
  };
}

/** Longest text made of a template; arbitrary. One argument may stand in it a thousand times. */
const longestPrompt = 1_000_000;
/** A name in double braces; bounded, so that a long run of spaces cannot make the search slow. */
const placeholder = /\{\{\s{0,8}([\w.-]{1,100})\s{0,8}\}\}/g;

function getPrompt(prompts: Lookup): Method['run'] {
  return async (params) => {
    const name = needText(params, 'name');
    const given = readRecord(params, 'arguments');
    const prompt = await prompts.find(name);
    if (prompt === undefined) throw invalid(`Unknown prompt: ${quote(name)}`);
    for (const { name: argument, required } of listArguments(prompt['arguments'])) {
      if (required === true && !Object.hasOwn(given, String(argument)))
        throw invalid(`prompt ${quote(name)} needs the argument ${quote(String(argument))}`);
    }
    for (const [argument, value] of Object.entries(given)) {
      if (typeof value !== 'string') throw invalid(`the argument ${quote(argument)} must be a string`);
    }
    const text = fillIn(String(prompt['template']), given as Readonly<Record<string, string>>);
    return withoutNulls({
      description: prompt['description'],
      messages: [{ role: 'user', content: { type: 'text', text } }],
    });
  };
}

/** What stands in an argument is not looked at again; names without an argument stay as they are. */
function fillIn(template: string, given: Readonly<Record<string, string>>): string {
  let length = template.length;
  return template.replaceAll(placeholder, (found, name: string) => {
    const value = Object.hasOwn(given, name) ? (given[name] as string) : found;
    length += value.length;
    if (length > longestPrompt) throw invalid(`the prompt would be longer than ${longestPrompt} characters`);
    return value;
  });
}

// ---------------------------------------------------------------------------------------------------------------
// Parameters
// ---------------------------------------------------------------------------------------------------------------

function readText(params: RpcParams, name: string): string | undefined {
  const value = params[name];
  if (value !== undefined && typeof value !== 'string') throw invalid(`${name} must be a string`);
  return value;
}

function needText(params: RpcParams, name: string): string {
  const value = readText(params, name);
  if (value === undefined) throw invalid(`${name} is missing`);
  return value;
}

/** An empty object where it is absent. */
function readRecord(params: RpcParams, name: string): Readonly<Record<string, unknown>> {
  const { [name]: value = {} } = params;
  if (!isJsonObject(value)) throw invalid(`${name} must be an object`);
  return value;
}

function invalid(message: string): RpcError {
  return new RpcError(rpcCodes.invalidParams, message);
}
