/**
 * What every live source gives: the items, where they came from, and a name to suggest.
 *
 * Also the limits that all sources share, and the words for the ways in which a source fails.
 */
import type { RecordingSource } from '../corpus/recorded.ts';
import type { Bytes, JsonValue } from '../model/values.ts';
import { UserError } from '../user-error.ts';

/** A catalog as a source handed it over. */
export interface Catalog {
  /** At least one, each an object exactly as received. */
  readonly items: readonly JsonValue[];
  readonly source: RecordingSource;
  /** What the source calls itself: any text, to be made into a recording's name. */
  readonly title: string;
  /** What is stored otherwise than it was sent, and what else a reader should know; sentences without a full stop. */
  readonly notes: readonly string[];
}

/** The two ways in which waiting ends early. */
export interface Patience {
  /** Aborted by the user. */
  readonly interrupted: AbortSignal;
  /** Aborted when the time given to the source is over. */
  readonly expired: AbortSignal;
  /** The time given, for messages. */
  readonly timeoutSeconds: number;
}

/** What a source may hand over before it is stopped. */
export interface CatalogLimits {
  readonly pages: number;
  readonly items: number;
  /** Of all answers together, after decompression; text as it comes, so that memory is bounded before it is parsed. */
  readonly bytes: Bytes;
}

/**
 * Arbitrary: real servers need one to three pages for some hundred items of some kilobytes. A server that invents a new
 * cursor every time, or never ends a page, is stopped long before it fills the memory.
 */
export const defaultLimits: CatalogLimits = { pages: 1000, items: 100_000, bytes: 32_000_000 };

/** One page of a list; `next` is absent on the last one. */
export interface Page {
  readonly items: unknown;
  readonly next?: string | undefined;
  /** True where the cursor behind `next` was empty text: a cursor like any other, and for some servers the end. */
  readonly isNextEmpty?: boolean;
}

/**
 * Collects every page of a list.
 *
 * Some servers mean the end by an empty cursor, and give the first page again to whoever asks with it; that is told
 * apart from a page of its own by asking.
 * @param request.what the start of an error message; @param request.fetchPage gets no cursor for the first page.
 * @param request.onNote told in a sentence without a full stop what a reader of the recording should know.
 * @throws {UserError} where a page is not a list of objects, a cursor comes twice, pages or items do not end, or all
 *   are
 * empty.
 */
export async function collectPages(request: {
  what: string;
  limits: CatalogLimits;
  fetchPage: (cursor: string | undefined) => Promise<Page>;
  onNote: (note: string) => void;
}): Promise<JsonValue[]> {
  const { what, limits, fetchPage, onNote } = request;
  const items: JsonValue[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  let isCursorEmpty = false;
  let firstPage = 0;
  do {
    if (cursor !== undefined) cursors.add(cursor);
    const page = await fetchPage(cursor);
    const found = checkedItems(page.items, what);
    if (isCursorEmpty && isSameList(found, items.slice(0, firstPage))) {
      onNote(
        'the last page names an empty cursor, which gives the first page again; it was taken for the end of the list',
      );
      break;
    }
    if (cursor === undefined) firstPage = found.length;
    for (const item of found) items.push(item);
    if (items.length > limits.items) {
      throw new UserError(`${what}: the list did not end within ${limits.items} items`, {
        hint: 'allow more with --max-items N, where a list of that size is meant',
      });
    }
    cursor = page.next;
    isCursorEmpty = page.isNextEmpty === true;
    if (cursor !== undefined && cursors.has(cursor)) {
      throw new UserError(`${what}: page ${cursors.size + 1} points back to a page that was read already`, {
        hint: 'report it to the author of the server; its paging never ends',
      });
    }
    if (cursor !== undefined && cursors.size + 1 >= limits.pages) {
      throw new UserError(`${what}: the list did not end within ${limits.pages} pages`, {
        hint: 'report it to the author of the server if its paging never ends, or allow more with --max-pages N',
      });
    }
  } while (cursor !== undefined);
  if (items.length > 0) return items;
  throw new UserError(`${what}: the list is empty`, { hint: 'record a server that has at least one tool' });
}

/** Counts bytes of answers against the limit. */
export interface ByteBudget {
  /** @throws {UserError} where they are more than what was left. */
  take(bytes: Bytes): void;
}

/** A budget for everything that one source sends. */
export function createByteBudget(what: string, limits: Pick<CatalogLimits, 'bytes'>): ByteBudget {
  let taken = 0;
  return {
    take(bytes) {
      taken += bytes;
      if (taken <= limits.bytes) return;
      throw new UserError(`${what}: the server sent more than ${limits.bytes / 1e6} MB`, {
        hint: 'allow more with --max-size SIZE, as in --max-size 200MB, where that much is meant',
      });
    },
  };
}

/** The error for a wait that was cut short, or `undefined` where it was not. */
export function endOfPatience(what: string, patience: Patience): UserError | undefined {
  if (patience.interrupted.aborted) return new UserError(`${what}: interrupted; nothing was written`, { code: 130 });
  if (!patience.expired.aborted) return undefined;
  return new UserError(`${what}: no complete answer within ${patience.timeoutSeconds} s`, {
    hint: 'give it more time with --timeout SECONDS, or check that it is an MCP server',
  });
}

function isSameList(first: readonly JsonValue[], second: readonly JsonValue[]): boolean {
  return first.length === second.length && JSON.stringify(first) === JSON.stringify(second);
}

function checkedItems(items: unknown, what: string): JsonValue[] {
  const isCatalog = Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null);
  if (isCatalog && !items.some(Array.isArray)) return items as JsonValue[];
  throw new UserError(`${what}: the answer is not a list of objects`, {
    hint: 'check that it lists tools or other entities, each one a JSON object',
  });
}
