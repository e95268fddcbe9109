/**
 * All that a server behind the gateway has, read page by page within bounds.
 */
import { isObject } from '../../json.ts';
import type { JsonObject } from '../json.ts';
import { quote } from '../quote.ts';
import { type FederatedKind, federatedKinds } from '../store/store.ts';
import { type UpstreamClient, UpstreamFailure } from './upstream-client.ts';

export type Catalog = Readonly<Record<FederatedKind, readonly JsonObject[]>>;

export interface CatalogLimits {
  /** Items of one kind. */
  readonly items: number;
  /** Characters of all of them as JSON. */
  readonly characters: number;
}

/** Arbitrary: the largest catalog that is measured here, and as much memory as a few of the largest pages take. */
const usualCatalogLimits: CatalogLimits = { items: 5_000, characters: 64 * 1024 * 1024 };

/** By which a kind's items are told apart in a list. */
const keyOf = { tools: 'name', resources: 'uri', prompts: 'name' } as const;

/** @throws {UpstreamFailure} for a list that is none, has no end, or too much in it. */
export async function readCatalog(
  client: UpstreamClient,
  options: { capabilities: JsonObject; signal: AbortSignal; limits?: CatalogLimits },
): Promise<Catalog> {
  const { capabilities, signal, limits = usualCatalogLimits } = options;
  const catalog: Record<FederatedKind, JsonObject[]> = { tools: [], resources: [], prompts: [] };
  let characters = 0;
  for (const kind of federatedKinds) {
    if (!isObject(capabilities[kind])) continue;
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client.request(`${kind}/list`, cursor === undefined ? {} : { cursor }, { signal });
      const { items, next } = readPage(kind, page);
      characters += JSON.stringify(items).length;
      catalog[kind].push(...items);
      if (catalog[kind].length > limits.items) throw new UpstreamFailure(`it lists more than ${limits.items} ${kind}`);
      if (characters > limits.characters)
        throw new UpstreamFailure(`its lists have more than ${limits.characters} characters`);
      if (next !== undefined && seen.has(next))
        throw new UpstreamFailure(`its list of ${kind} gives the cursor ${quote(next)} again and again`);
      if (next !== undefined) seen.add(next);
      cursor = next;
    } while (cursor !== undefined);
    refuseRepeated(kind, catalog[kind]);
  }
  return catalog;
}

function readPage(kind: FederatedKind, page: JsonObject): { items: JsonObject[]; next: string | undefined } {
  const { [kind]: items, nextCursor } = page;
  const key = keyOf[kind];
  if (!Array.isArray(items)) throw new UpstreamFailure(`it answers ${kind}/list without a list`);
  for (const item of items as unknown[]) {
    if (!isObject(item) || typeof item[key] !== 'string' || item[key] === '')
      throw new UpstreamFailure(`its list of ${kind} holds something without a ${key}`);
  }
  // An empty text is what some servers give on the last page.
  const next = typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : undefined;
  return { items: items as JsonObject[], next };
}

function refuseRepeated(kind: FederatedKind, items: readonly JsonObject[]): void {
  const key = keyOf[kind];
  const seen = new Set<unknown>();
  for (const { [key]: name } of items) {
    if (seen.has(name)) throw new UpstreamFailure(`it lists two ${kind} with the ${key} ${quote(String(name))}`);
    seen.add(name);
  }
}
