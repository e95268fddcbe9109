/**
 * The lists of tools, resources and prompts, page by page, without what no client could read.
 */
import { quote } from '../../quote.ts';
import type { GatewaySettings } from '../../settings.ts';
import { mostPageBytes } from '../../store/list-bytes.ts';
import type { EntityPage, ReadableStore } from '../../store/store.ts';
import type { ListableRows } from '../listing/listable-rows.ts';
import { type ListedKind, toListed } from '../listing/listed.ts';
import type { RpcParams } from '../protocol/json-rpc.ts';
import { invalid, readText } from './parameters.ts';

interface ListOptions {
  readonly store: ReadableStore;
  readonly settings: Pick<GatewaySettings, 'pageSize' | 'mostPageItems'>;
  readonly listableRows: ListableRows;
}

/** Beside MCP's own `cursor`, `limit` asks for another number of items, up to the most that a page may have. */
export function listOf(kind: ListedKind, context: ListOptions): (params: RpcParams) => Promise<object> {
  const { settings } = context;
  const describe = toListed[kind];
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
  { store, listableRows }: ListOptions,
): Promise<Omit<EntityPage, 'bytes'>> {
  let read = await readPage(store, kind, page);
  for (;;) {
    const items = await listableRows.select(kind, read.items);
    if (items.length > 0 || read.nextCursor === null) return { items, nextCursor: read.nextCursor };
    read = await readPage(store, kind, { ...page, cursor: read.nextCursor });
  }
}

async function readPage(
  store: ReadableStore,
  kind: ListedKind,
  page: { cursor?: string; limit: number },
): Promise<EntityPage> {
  try {
    return await store.list(kind, { ...page, mostBytes: mostPageBytes });
  } catch (error) {
    if (error instanceof RangeError && page.cursor !== undefined)
      throw invalid(`no page gave the cursor ${quote(page.cursor)}`);
    throw error;
  }
}
