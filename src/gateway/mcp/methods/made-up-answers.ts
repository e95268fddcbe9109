/**
 * What is answered to calls of tools, reads of resources and requests for prompts, without asking anybody.
 *
 * The gateway has no server behind it: a call says what was called with which arguments, a resource is its own
 * description. Upstream servers would answer in the place of this file.
 */
import { quote } from '../../quote.ts';
import type { Store } from '../../store/store.ts';
import { listArguments, withoutNulls } from '../listing/listed.ts';
import { type RpcParams, rpcCodes, RpcError } from '../protocol/json-rpc.ts';
import type { CheckingThread } from '../tool-schemas/checking-thread.ts';
import { createToolSchemas } from '../tool-schemas/tool-schemas.ts';
import { type Lookup, createLookup } from './lookup.ts';
import { invalid, needText, readObject } from './parameters.ts';

/** What only whoever has a tool, resource or prompt can answer; rejects with an `RpcError` for what the caller is told. */
interface Answers {
  callTool(this: void, params: RpcParams): Promise<object>;
  readResource(this: void, params: RpcParams): Promise<object>;
  getPrompt(this: void, params: RpcParams): Promise<object>;
  close(): void;
}

export function makeUpAnswers(store: Store, thread: CheckingThread): Answers {
  const tools = createLookup(store, 'tools');
  const resources = createLookup(store, 'resources');
  const prompts = createLookup(store, 'prompts');
  return {
    callTool: callTool(tools, thread),
    readResource: readResource(resources),
    getPrompt: getPrompt(prompts),
    close() {
      for (const lookup of [tools, resources, prompts]) lookup.close();
    },
  };
}

/**
 * Arguments that do not fit are an error of the call and not of the protocol: the model reads it and corrects itself.
 */
function callTool(tools: Lookup, thread: CheckingThread): Answers['callTool'] {
  const schemasOf = createToolSchemas(thread);
  return async (params) => {
    const name = needText(params, 'name');
    const given = readObject(params, 'arguments');
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

function readResource(resources: Lookup): Answers['readResource'] {
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

function getPrompt(prompts: Lookup): Answers['getPrompt'] {
  return async (params) => {
    const name = needText(params, 'name');
    const given = readObject(params, 'arguments');
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

/** Braces inside of an argument are not filled in again; names without an argument stay as they are. */
function fillIn(template: string, given: Readonly<Record<string, string>>): string {
  let length = template.length;
  return template.replaceAll(placeholder, (found, name: string) => {
    const value = Object.hasOwn(given, name) ? (given[name] as string) : found;
    length += value.length;
    if (length > longestPrompt) throw invalid(`the prompt would be longer than ${longestPrompt} characters`);
    return value;
  });
}
