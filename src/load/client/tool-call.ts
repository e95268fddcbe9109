/**
 * A `tools/call` that a gateway accepts: the first of its tools whose arguments can be made up from its input schema.
 *
 * What is made up is the least that the schema asks for; a tool that needs more is passed over.
 * Source: MCP, tools/list and tools/call; JSON Schema 2020-12.
 */
import { isObject, keysOf } from '../../json.ts';
import type { JsonValue } from '../../model/values.ts';
import { LoadFailure } from '../failure.ts';
import { messageOf } from './answers.ts';
import type { Client } from './http-client.ts';

/** A gateway that refuses so many of its own tools will refuse the next one too. */
const mostTries = 20;

/** Asks one JSON-RPC request. @returns its result; `undefined` where the answer is an error. */
export type Ask = (body: JsonValue) => Promise<unknown>;

/** A call of a tool that can be sent as it is. */
export interface ToolCall {
  /** The tool's. */
  readonly name: string;
  readonly body: JsonValue;
}

/** The question for all tools. */
export const listTools: JsonValue = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

/**
 * The body of a call that the gateway answers with a result.
 * @throws {LoadFailure} where it lists no tool that can be called.
 */
export async function findToolCall(client: Client): Promise<JsonValue> {
  const question: Ask = (body) => ask(client, body);
  const call = await firstAnswered(question, makeCalls(await question(listTools)));
  if (call === undefined) throw new LoadFailure('lists no tool that can be called');
  return call.body;
}

/** The first call that is answered with a result; `undefined` where the first twenty are not, or there is none. */
export async function firstAnswered(question: Ask, calls: readonly ToolCall[]): Promise<ToolCall | undefined> {
  for (const call of calls.slice(0, mostTries)) if (await isAnswered(question, call)) return call;
  return undefined;
}

/** Whether the tool gives a result that is no error. */
export async function isAnswered(question: Ask, { body }: ToolCall): Promise<boolean> {
  const result = await question(body);
  return isObject(result) && result['isError'] !== true;
}

/**
 * Calls of the tools whose arguments can be made up, in the list's order.
 * @param listed the result of tools/list, whatever it holds.
 */
export function makeCalls(listed: unknown): ToolCall[] {
  const tools = isObject(listed) && Array.isArray(listed['tools']) ? (listed['tools'] as unknown[]) : [];
  return tools.filter(isObject).flatMap(({ name, inputSchema }) => {
    const made = isObject(inputSchema) ? makeArguments(inputSchema) : undefined;
    if (made === undefined || typeof name !== 'string') return [];
    return [{ name, body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: made } } }];
  });
}

/** The result of a JSON-RPC request; `undefined` where it is an error. */
async function ask(client: Client, body: JsonValue): Promise<unknown> {
  const answer = await client.read({ method: 'POST', path: '/rpc', body });
  const { status } = answer;
  if (status < 200 || status > 299) throw new LoadFailure(`answered HTTP ${status} to POST /rpc`);
  const message = messageOf(answer, 'POST /rpc');
  return isObject(message) ? message['result'] : undefined;
}

type ToolSchema = Record<string, unknown>;

/**
 * The least value that an input schema accepts.
 * @returns `undefined` where it asks for something that is not made up here, e.g. a pattern.
 */
export function makeArguments(schema: ToolSchema): JsonValue | undefined {
  return makeValue(schema, { root: schema, depth: 0 });
}

/** Where references inside the schema lead, and how deep it has been followed. */
interface Descent {
  readonly root: ToolSchema;
  readonly depth: number;
}

/** Deeper than any tool's arguments; a schema that refers to itself ends here. */
const deepest = 16;

function makeValue(schema: ToolSchema, descent: Descent): JsonValue | undefined {
  if (descent.depth > deepest) return undefined;
  const below = { ...descent, depth: descent.depth + 1 };
  if (typeof schema['$ref'] === 'string') {
    const target = resolve(schema['$ref'], descent.root);
    return target === undefined ? undefined : makeValue(target, below);
  }
  if ('const' in schema) return schema['const'] as JsonValue;
  if ('default' in schema) return schema['default'] as JsonValue;
  if (Array.isArray(schema['enum'])) return schema['enum'][0] as JsonValue;
  const [choice] = [schema['anyOf'], schema['oneOf']].filter((list) => Array.isArray(list)).flat() as unknown[];
  if (isObject(choice)) return makeValue(choice, below);
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (type === 'object' || (type === undefined && isObject(schema['properties']))) return makeObject(schema, below);
  if (type === 'array') return makeArray(schema, below);
  if (type === 'string') return makeString(schema);
  if (type === 'integer' || type === 'number')
    return (
      Math.ceil(Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? 0)) + ('exclusiveMinimum' in schema ? 1 : 0)
    );
  if (type === 'boolean') return false;
  return type === 'null' || type === undefined ? null : undefined;
}

function makeObject(schema: ToolSchema, descent: Descent): JsonValue | undefined {
  const required = Array.isArray(schema['required'])
    ? (schema['required'] as unknown[]).filter((name) => typeof name === 'string')
    : [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const made: Record<string, JsonValue> = {};
  for (const name of required) {
    const property = properties[name];
    const value = makeValue(isObject(property) ? property : {}, descent);
    if (value === undefined) return undefined;
    Object.defineProperty(made, name, { value, enumerable: true });
  }
  return made;
}

function makeArray(schema: ToolSchema, descent: Descent): JsonValue | undefined {
  const least = Number(schema['minItems'] ?? 0);
  const item = least === 0 ? null : makeValue(isObject(schema['items']) ? schema['items'] : {}, descent);
  return item === undefined ? undefined : Array.from({ length: least }, () => item);
}

const formats: Record<string, string> = {
  'date-time': '2026-01-01T00:00:00.000Z',
  date: '2026-01-01',
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'someone@example.com',
  uri: 'https://example.com/',
};

function makeString(schema: ToolSchema): string | undefined {
  if ('pattern' in schema) return undefined;
  if (typeof schema['format'] === 'string') return formats[schema['format']];
  return 'x'.repeat(Number(schema['minLength'] ?? 1));
}

function resolve(reference: string, root: ToolSchema): ToolSchema | undefined {
  if (!reference.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const key of keysOf(decodeURIComponent(reference.slice(1))))
    found = typeof found === 'object' && found !== null ? (found as ToolSchema)[key] : undefined;
  return isObject(found) ? found : undefined;
}
