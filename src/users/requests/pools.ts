/**
 * What there is on a server for users to ask for: ids of entities, tools that can be called, resources, prompts.
 *
 * Read once before a load. Each pool is bounded, since it goes to every worker.
 */
import { isObject } from '../../json.ts';
import type { Client } from '../../load/client/http-client.ts';
import { kindOfError } from '../../load/failure.ts';
import { makeCalls } from '../../load/client/tool-call.ts';
import type { JsonValue } from '../../model/values.ts';
import { judgeAnswer } from './answers.ts';

type PoolEntry = Readonly<Record<string, JsonValue>>;

/** Entries by the pool's name; a pool that is not there is empty. */
export type Pools = Readonly<Record<string, readonly PoolEntry[]>>;

/** Entries that a pool holds at most: enough that a cache does not see the same one again and again. Arbitrary. */
const mostEntries = 200;
/** Pages of a list that are followed for one thing in it. */
const mostPages = 100;
/** Tools that are tried; one that refuses made-up arguments is no tool that users could call. */
const mostTriedTools = 20;

const entityKinds = ['tools', 'servers', 'gateways', 'resources', 'prompts'] as const;

const sources: Readonly<Record<string, (client: Client) => Promise<PoolEntry[]>>> = {
  ...Object.fromEntries(entityKinds.map((kind) => [kind, (client: Client) => listEntities(client, kind)])),
  callableTools: findCallableTools,
  systemTimeTools: (client) => findTools(client, 'get-system-time'),
  convertTimeTools: (client) => findTools(client, 'convert-time'),
  async listedResources(client) {
    return (await listByRpc(client, 'resources', mostEntries)).flatMap(({ uri }) =>
      typeof uri === 'string' ? [{ uri }] : [],
    );
  },
  async listedPrompts(client) {
    return (await listByRpc(client, 'prompts', mostEntries)).flatMap((prompt) => {
      const { name } = prompt;
      return typeof name === 'string' ? [{ get: { name, arguments: makePromptArguments(prompt['arguments']) } }] : [];
    });
  },
};

export const poolNames: readonly string[] = Object.keys(sources);

/** @returns the pools with these names, and of those that are empty why. */
export async function loadPools(
  names: readonly string[],
  client: Client,
): Promise<{ pools: Pools; empty: Readonly<Record<string, string>> }> {
  const pools: Record<string, readonly PoolEntry[]> = {};
  const empty: Record<string, string> = {};
  for (const name of names) {
    try {
      const entries = (await sources[name]?.(client)) ?? [];
      pools[name] = entries.slice(0, mostEntries);
      if (entries.length === 0) empty[name] = descriptions[name] ?? `there are no ${name}`;
    } catch (error) {
      pools[name] = [];
      empty[name] = `${name} could not be listed: ${kindOfError(error)}`;
    }
  }
  return { pools, empty };
}

const descriptions: Readonly<Record<string, string>> = {
  callableTools: 'there is no tool that can be called with made-up arguments',
  systemTimeTools: 'there is no tool whose name ends with get-system-time',
  convertTimeTools: 'there is no tool whose name ends with convert-time',
  listedResources: 'resources/list names no resource',
  listedPrompts: 'prompts/list names no prompt',
};

async function listEntities(client: Client, kind: (typeof entityKinds)[number]): Promise<PoolEntry[]> {
  const answer = await client.read({ method: 'GET', path: `/${kind}` });
  const { failure, value } = judgeAnswer(answer, { check: 'json', needsValue: true });
  if (failure !== undefined) throw new Error(`GET /${kind} answered ${failure}`);
  const rows: unknown[] = Array.isArray(value)
    ? value
    : isObject(value) && Array.isArray(value[kind])
      ? value[kind]
      : [];
  return rows.flatMap((row) => (isObject(row) && typeof row['id'] === 'string' ? [{ id: row['id'] }] : []));
}

/** @param most no further page is asked for when there are so many. */
async function listByRpc(client: Client, what: string, most: number): Promise<{ [key: string]: unknown }[]> {
  const rows: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages && rows.length < most; page += 1) {
    const result = await ask(client, `${what}/list`, cursor === undefined ? {} : { cursor });
    if (Array.isArray(result[what])) rows.push(...(result[what] as unknown[]));
    const { nextCursor } = result;
    if (typeof nextCursor !== 'string' || nextCursor === cursor) break;
    cursor = nextCursor;
  }
  return rows.filter(isObject);
}

async function ask(client: Client, method: string, params: JsonValue): Promise<{ [key: string]: unknown }> {
  const body = { jsonrpc: '2.0', id: 1, method, params };
  const answer = await client.read({ method: 'POST', path: '/rpc', body });
  const { failure, value } = judgeAnswer(answer, { check: 'rpc', needsValue: true });
  if (failure !== undefined) throw new Error(`${method} answered ${failure}`);
  return (value as { result: { [key: string]: unknown } }).result;
}

async function findTools(client: Client, ending: string): Promise<PoolEntry[]> {
  const tools = await listByRpc(client, 'tools', Infinity);
  return tools.flatMap(({ name }) => (typeof name === 'string' && name.endsWith(ending) ? [{ name }] : []));
}

async function findCallableTools(client: Client): Promise<PoolEntry[]> {
  const tools = await listByRpc(client, 'tools', mostTriedTools);
  const found: PoolEntry[] = [];
  for (const { body } of makeCalls({ tools: tools.slice(0, mostTriedTools) })) {
    const { params } = body as { params: JsonValue };
    const works = await ask(client, 'tools/call', params).then(
      () => true,
      () => false,
    );
    if (works) found.push({ call: params });
  }
  return found;
}

/** A text for each argument that has to be given. */
function makePromptArguments(declared: unknown): Record<string, string> {
  const required = (Array.isArray(declared) ? (declared as unknown[]) : [])
    .filter(isObject)
    .filter((argument) => argument['required'] === true);
  return Object.fromEntries(required.map(({ name }) => [String(name), 'text']));
}
