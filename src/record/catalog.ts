/**
 * What every live source gives: the items, where they came from, and a name to suggest.
 *
 * Also the limits that all sources share, and the words for the ways in which a source fails. Deliberately absent:
 * any transport, and files.
 */
import type { RecordingSource } from '../corpus/recorded.ts';
import type { JsonValue } from '../model.ts';
import { UserError } from '../user-error.ts';

/** A catalog as a source handed it over. */
export interface Catalog {
  /** At least one, each an object exactly as received. */
  readonly items: readonly JsonValue[];
  readonly source: RecordingSource;
  /** What the source calls itself: any text, to be made into a recording's name. */
  readonly title: string;
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

/**
 * Pages of one list. Arbitrary: real servers need one to three, and 1,000 pages stop a server that invents a new
 * cursor every time before it fills the memory.
 */
const maxPages = 1000;

/** One page of a list; `next` is absent on the last one. */
export interface Page {
  readonly items: unknown;
  readonly next?: string | undefined;
}

/**
 * Collects every page of a list.
 * @param request.what the start of an error message; @param request.fetchPage gets no cursor for the first page.
 * @throws {UserError} where a page is not a list of objects, a cursor comes twice, pages do not end, or all are empty.
 */
export async function collectPages(request: {
  what: string;
  fetchPage: (cursor: string | undefined) => Promise<Page>;
}): Promise<JsonValue[]> {
  const { what, fetchPage } = request;
  const items: JsonValue[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    if (cursor !== undefined) cursors.add(cursor);
    const page = await fetchPage(cursor);
    for (const item of checkedItems(page.items, what)) items.push(item);
    cursor = page.next;
    if (cursor !== undefined && cursors.has(cursor)) {
      throw new UserError(`${what}: page ${cursors.size + 1} points back to a page that was read already`, {
        hint: 'report it to the author of the server; its paging never ends',
      });
    }
    if (cursors.size >= maxPages) {
      throw new UserError(`${what}: the list did not end within ${maxPages} pages`, {
        hint: 'report it to the author of the server; its paging does not seem to end',
      });
    }
  } while (cursor !== undefined);
  if (items.length > 0) return items;
  throw new UserError(`${what}: the list is empty`, { hint: 'record a server that has at least one tool' });
}

/** The error for a wait that was cut short, or `undefined` where it was not. */
export function endOfPatience(what: string, patience: Patience): UserError | undefined {
  if (patience.interrupted.aborted) return new UserError(`${what}: interrupted; nothing was written`, { code: 130 });
  if (!patience.expired.aborted) return undefined;
  return new UserError(`${what}: no complete answer within ${patience.timeoutSeconds} s`, {
    hint: 'give it more time with --timeout SECONDS, or check that it is an MCP server',
  });
}

/**
 * Text of an untrusted source for a message: one line, no control codes, shortened to a displayable length.
 * @param maxLength in UTF-16 units; 300 unless given, about four lines of a terminal.
 */
export function displayable(text: string, maxLength = 300): string {
  // oxlint-disable-next-line no-control-regex -- control codes are what is taken out
  const line = text.replaceAll(/\u001B\[[0-9;?]*[A-Za-z]|[\u0000-\u001F\u007F-\u009F\s]+/g, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength)}...`;
}

function checkedItems(items: unknown, what: string): JsonValue[] {
  const isCatalog = Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null);
  if (isCatalog && !items.some(Array.isArray)) return items as JsonValue[];
  throw new UserError(`${what}: the answer is not a list of objects`, {
    hint: 'check that it lists tools or other entities, each one a JSON object',
  });
}
