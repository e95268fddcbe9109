/**
 * All that a server behind the gateway has, read page by page within bounds.
 */
import { isObject } from '../../json.ts';
import type { JsonObject } from '../json.ts';
import { quote } from '../quote.ts';
import type { FederatedKind } from '../store/store.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { UpstreamFailure } from './upstream-session.ts';

export interface Catalog extends Readonly<Record<FederatedKind, readonly JsonObject[]>> {
  readonly templates: readonly JsonObject[];
}

export interface CatalogLimits {
  /** Items of one kind. */
  readonly items: number;
  /** Characters of all of them as JSON. */
  readonly characters: number;
}

/** Arbitrary: the largest catalog that is measured here, and as much memory as a few of the largest pages take. */
const usualCatalogLimits: CatalogLimits = { items: 5_000, characters: 64 * 1024 * 1024 };

/** @throws {UpstreamFailure} for a list that is none, has no end, or too much in it. */
export async function readCatalog(
  client: UpstreamClient,
  options: { capabilities: JsonObject; signal: AbortSignal; limits?: CatalogLimits },
): Promise<Catalog> {
  const { capabilities, signal, limits = usualCatalogLimits } = options;
  let characters = 0;

  async function readAll(what: List): Promise<JsonObject[]> {
    const all: JsonObject[] = [];
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client.request(`${what.path}/list`, cursor === undefined ? {} : { cursor }, { signal });
      const { items, next } = readPage(what, page);
      characters += JSON.stringify(items).length;
      all.push(...items);
      if (all.length > limits.items) throw new UpstreamFailure(`it lists more than ${limits.items} ${what.words}`);
      if (characters > limits.characters)
        throw new UpstreamFailure(`its lists have more than ${limits.characters} characters`);
      if (next !== undefined && seen.has(next))
        throw new UpstreamFailure(`its list of ${what.words} gives the cursor ${quote(next)} again and again`);
      if (next !== undefined) seen.add(next);
      cursor = next;
    } while (cursor !== undefined);
    refuseRepeated(what, all);
    return all;
  }

  const has = (name: FederatedKind): boolean => isObject(capabilities[name]);
  return {
    tools: has('tools') ? await readAll(lists.tools) : [],
    resources: has('resources') ? await readAll(lists.resources) : [],
    prompts: has('prompts') ? await readAll(lists.prompts) : [],
    // A server with resources need not know of templates, and without them everything else works.
    templates: has('resources') ? await readAll(lists.templates).catch(() => []) : [],
  };
}

/** One of the lists of MCP. */
interface List {
  readonly path: string;
  /** The field of the answer, and by which field its items are told apart. */
  readonly field: string;
  readonly key: string;
  readonly words: string;
}

const lists = {
  tools: { path: 'tools', field: 'tools', key: 'name', words: 'tools' },
  resources: { path: 'resources', field: 'resources', key: 'uri', words: 'resources' },
  prompts: { path: 'prompts', field: 'prompts', key: 'name', words: 'prompts' },
  templates: {
    path: 'resources/templates',
    field: 'resourceTemplates',
    key: 'uriTemplate',
    words: 'resource templates',
  },
} as const satisfies Record<string, List>;

function readPage(
  { path, field, key, words }: List,
  page: JsonObject,
): { items: JsonObject[]; next: string | undefined } {
  const { [field]: items, nextCursor } = page;
  if (!Array.isArray(items)) throw new UpstreamFailure(`it answers ${path}/list without a list`);
  for (const item of items as unknown[]) {
    if (!isObject(item) || typeof item[key] !== 'string' || item[key] === '')
      throw new UpstreamFailure(`its list of ${words} holds something without a ${key}`);
  }
  // An empty text is what some servers give on the last page.
  const next = typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : undefined;
  return { items: items as JsonObject[], next };
}

function refuseRepeated({ key, words }: List, items: readonly JsonObject[]): void {
  const seen = new Set<unknown>();
  for (const { [key]: name } of items) {
    if (seen.has(name)) throw new UpstreamFailure(`it lists two ${words} with the ${key} ${quote(String(name))}`);
    seen.add(name);
  }
}
