/**
 * What a server answers to each method of MCP, made of what it offers.
 *
 * Source: MCP revision 2025-11-25, "Server Features" and "Utilities" (pagination, completion).
 */
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../json.ts';
import type {
  CallContext,
  JsonRecord,
  ServedContent,
  ServedPrompt,
  ServedTemplate,
  ServedTool,
} from '../model/mcp-server.ts';

/** Runs a method. @throws {McpError} for what the caller is told as an error of the protocol. */
export type RunMethod = (method: string, params: JsonRecord, context: CallContext) => object | Promise<object>;

/** MCP's own code for a resource that is not there; the SDK has no name for it. */
const resourceNotFound = -32_002;

/** @param options.pageSize items of a list that are given at once. */
export function createAnswers(content: ServedContent, { pageSize }: { pageSize: number }): RunMethod {
  const { tools, resources, templates = [], prompts } = content;
  const toolsByName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  const resourcesByUri = new Map(resources.map((resource) => [resource.definition.uri, resource]));
  const promptsByName = new Map(prompts.map((prompt) => [prompt.definition.name, prompt]));

  const readResource = (uri: string): JsonRecord | undefined =>
    resourcesByUri.get(uri)?.read() ?? firstOf(templates, (template: ServedTemplate) => template.read(uri));

  const methods: Readonly<Record<string, RunMethod>> = {
    'tools/list': listing('tools', tools, pageSize),
    'tools/call': (_method, params, context) =>
      callTool(need(toolsByName, params, { field: 'name', what: 'tool' }), readArguments(params), context),
    'resources/list': listing('resources', resources, pageSize),
    'resources/templates/list': listing('resourceTemplates', templates, pageSize),
    'resources/read'(_method, params) {
      const uri = readText(params, 'uri');
      const read = readResource(uri);
      if (read === undefined) throw new McpError(resourceNotFound, `Resource not found: ${quote(uri)}`, { uri });
      return { contents: [{ uri, ...read }] };
    },
    // What is served never changes, so there is nothing to tell later.
    'resources/subscribe': () => ({}),
    'resources/unsubscribe': () => ({}),
    'prompts/list': listing('prompts', prompts, pageSize),
    'prompts/get': (_method, params) =>
      getPrompt(need(promptsByName, params, { field: 'name', what: 'prompt' }), readArguments(params)),
    'completion/complete': (_method, params) => complete(content, params),
  };
  return (method, params, context) => {
    const run = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (run === undefined) throw new McpError(ErrorCode.MethodNotFound, `Method not found: ${quote(method)}`);
    return run(method, params, context);
  };
}

type Definition = { readonly definition: JsonRecord };

function listing(name: string, all: readonly Definition[], pageSize: number): RunMethod {
  // Made once: what is listed never changes.
  const definitions = all.map(({ definition }) => definition);
  const pages = Array.from({ length: Math.max(1, Math.ceil(all.length / pageSize)) }, (_, page) => {
    const end = (page + 1) * pageSize;
    const items = { [name]: definitions.slice(page * pageSize, end) };
    return end < all.length ? { ...items, nextCursor: `page-${page + 2}` } : items;
  });
  return (_method, { cursor }) => {
    if (cursor === undefined) return pages[0] as object;
    const text = typeof cursor === 'string' ? cursor : '';
    const [, number] = /^page-([1-9]\d{0,8})$/.exec(text) ?? [];
    const page = pages[Number(number) - 1];
    if (page === undefined) throw invalid(`no page gave the cursor ${quote(text)}`);
    return page;
  };
}

/** What a tool throws is for the model to read, and no failure of the protocol. */
async function callTool(tool: ServedTool, given: JsonRecord, context: CallContext): Promise<JsonRecord> {
  try {
    return await tool.call(given, context);
  } catch (error) {
    if (context.signal.aborted) throw error;
    return { content: [{ type: 'text', text: error instanceof Error ? error.message : String(error) }], isError: true };
  }
}

function getPrompt({ definition, get }: ServedPrompt, given: JsonRecord): object {
  for (const { name, required } of definition.arguments ?? []) {
    if (required === true && !Object.hasOwn(given, name))
      throw invalid(`prompt ${quote(definition.name)} needs the argument ${quote(name)}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw invalid(`the argument ${quote(name)} must be a string`);
  }
  const answer = get(given as Readonly<Record<string, string>>);
  const { description } = definition;
  return description === undefined ? answer : { description, ...answer };
}

/** MCP allows a hundred values in one answer. */
const mostCompletions = 100;

function complete({ complete: find }: ServedContent, params: JsonRecord): object {
  const { ref, argument } = params;
  if (!isObject(ref) || !isObject(argument)) throw invalid('completion/complete needs ref and argument');
  const name = readText(ref, typeof ref['uri'] === 'string' ? 'uri' : 'name');
  const asked = { name, argument: readText(argument, 'name'), value: readText(argument, 'value') };
  const found = find?.(asked) ?? [];
  const values = found.slice(0, mostCompletions);
  return { completion: { values, total: found.length, hasMore: found.length > values.length } };
}

function need<T>(all: ReadonlyMap<string, T>, params: JsonRecord, asked: { field: string; what: string }): T {
  const name = readText(params, asked.field);
  const found = all.get(name);
  if (found === undefined) throw invalid(`Unknown ${asked.what}: ${quote(name)}`);
  return found;
}

function readText(params: JsonRecord, field: string): string {
  const value = params[field];
  if (typeof value !== 'string') throw invalid(`${field} must be a string`);
  return value;
}

function readArguments({ arguments: given = {} }: JsonRecord): JsonRecord {
  if (!isObject(given)) throw invalid('arguments must be an object');
  return given;
}

function invalid(message: string): McpError {
  return new McpError(ErrorCode.InvalidParams, message);
}

/** Longest piece of a caller's text in a message. */
const longestQuote = 80;

function quote(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text);
}

function firstOf<T, R>(all: readonly T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
