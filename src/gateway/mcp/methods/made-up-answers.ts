/**
 * What is answered for rows that no server is behind, as a catalog for trying has them: a call says so, and what was
 * called with which arguments; a resource is its own description.
 */
import type { Entity } from '../../entities/entity.ts';
import type { JsonObject } from '../../json.ts';
import { quote } from '../../quote.ts';
import { listArguments, withoutNulls } from '../listing/listed.ts';
import type { createToolSchemas } from '../tool-schemas/tool-schemas.ts';
import { invalid } from './parameters.ts';

/**
 * Arguments that do not fit are an error of the call and not of the protocol: the model reads it and corrects itself.
 */
export async function makeUpCall(
  tool: Entity,
  given: JsonObject,
  schemasOf: ReturnType<typeof createToolSchemas>,
): Promise<object> {
  const name = String(tool['name']);
  const { findProblem, sample } = await schemasOf(tool);
  const problem = await findProblem(given);
  if (problem !== undefined) return failedCall(problem);
  if (sample === null)
    return failedCall(`no result of tool ${quote(name)} could be made up that fits its output schema`);
  const called = { tool: name, arguments: given, answeredBy: 'the gateway, since no server is behind this tool' };
  return {
    content: [{ type: 'text', text: JSON.stringify(called) }],
    structuredContent: sample ?? called,
    isError: false,
  };
}

function failedCall(text: string): object {
  return { content: [{ type: 'text', text }], isError: true };
}

export function makeUpResource(resource: Entity): object {
  const { uri, name, description, mimeType } = resource;
  const text = mimeType === 'application/json' ? JSON.stringify({ name, description }) : String(description ?? name);
  return { contents: [withoutNulls({ uri, mimeType, text })] };
}

/** Longest text made of a template; arbitrary. One argument may stand in it a thousand times. */
const longestPrompt = 1_000_000;
/** A name in double braces; bounded, so that a long run of spaces cannot make the search slow. */
const placeholder = /\{\{\s{0,8}([\w.-]{1,100})\s{0,8}\}\}/g;

export function makeUpPrompt(prompt: Entity, given: JsonObject): object {
  const name = String(prompt['name']);
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
