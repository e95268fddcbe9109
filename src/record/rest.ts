/**
 * Reads a JSON list from a REST endpoint: a bare array, or an object that holds one, page by page.
 *
 * Paging follows what list endpoints answer: a cursor (`nextCursor`, `next_cursor`), the next page's address (`next`,
 * `links.next`) or a Link header. Paging by counting is left out, since no answer announces it.
 * Source: RFC 8288 (Link headers).
 */
import { toOneLine } from '../foreign-text.ts';
import { pointerTo } from '../json.ts';
import type { JsonValue } from '../model/values.ts';
import { UserError } from '../user-error.ts';
import { isJson, readBounded, readFailure } from './bounded-fetch.ts';
import { collectPages, createByteBudget, type CatalogLimits, type Page, type Patience } from './catalog.ts';
import type { ChangeNotes } from './change-notes.ts';
import { decodeJson } from './decode.ts';
import { describeUrl } from './redact.ts';

/** An answer with a status that is no success. */
class RestStatusError extends Error {
  readonly code: number;

  constructor(status: number, body: string) {
    super(`status ${status}${body === '' ? '' : `: ${toOneLine(body, 200)}`}`);
    this.name = 'RestStatusError';
    this.code = status;
  }
}

/** Names under which list endpoints hold their list, tried in this order where an object holds several. */
const listNames = ['tools', 'items', 'data', 'results'];

/** Names under which answers say that their list goes on. */
const moreNames = ['has_more', 'hasMore', 'hasNextPage', 'more'];

/**
 * Every item of the list, all pages.
 * @throws {UserError} where the answer is no JSON list, its next page lies on another server or cannot be asked for, or
 * one of the limits is reached.
 * @throws {RestStatusError} for a status that is no success; @throws {TypeError} from fetch; or the signal's reason.
 */
export async function readRestCatalog(request: {
  url: URL;
  authorization: string | undefined;
  patience: Patience;
  limits: CatalogLimits;
  notes: ChangeNotes;
  what: string;
}): Promise<JsonValue[]> {
  const { url, authorization, patience, limits, notes, what } = request;
  const signal = AbortSignal.any([patience.interrupted, patience.expired]);
  const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
  const budget = createByteBudget(what, limits);
  return collectPages({
    what,
    limits,
    onNote: (note) => notes.add(note),
    async fetchPage(next) {
      notes.startPage();
      const response = await fetch(next === undefined ? url : new URL(next), { headers, signal });
      if (!response.ok) throw new RestStatusError(response.status, await readFailure(response));
      const contentType = response.headers.get('content-type') ?? 'none';
      if (!isJson(contentType)) {
        await response.body?.cancel();
        throw new UserError(`${what}: the answer's content type is "${toOneLine(contentType, 60)}", not JSON`, {
          hint: 'give the address of an MCP endpoint or of a JSON list',
        });
      }
      const { text, note } = decodeJson({ bytes: await readBounded(response, budget), contentType, what });
      if (note !== undefined) notes.add(note);
      // A redirect may have led elsewhere: addresses in the answer are relative to where it came from.
      return toPage({
        text,
        pageUrl: new URL(response.url),
        origin: url.origin,
        link: response.headers.get('link'),
        notes,
        what,
      });
    },
  });
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${what}: the answer is not JSON, it starts with "${toOneLine(text, 60)}"`, {
      hint: 'give the address of an MCP endpoint or of a JSON list',
    });
  }
}

/** An answer with what is needed to find the next one. */
interface ListAnswer {
  readonly text: string;
  readonly pageUrl: URL;
  /** Of the server that the user named. */
  readonly origin: string;
  readonly link: string | null;
  readonly notes: ChangeNotes;
  readonly what: string;
}

function toPage(answer: ListAnswer): Page {
  const { text, notes, what } = answer;
  const body = parse(text, what);
  if (Array.isArray(body)) {
    notes.look(text, '');
    return { items: body, ...linkedPage(answer) };
  }
  const fields: { [key: string]: unknown } = { ...(body as object | null) };
  const lists = Object.keys(fields).filter((key) => Array.isArray(fields[key]));
  const name = lists.length === 1 ? lists[0] : listNames.find((candidate) => lists.includes(candidate));
  if (name === undefined) {
    const held = lists.length === 0 ? 'no list' : `several lists (${toOneLine(lists.join(', '), 100)})`;
    throw new UserError(`${what}: the answer holds ${held}`, {
      hint: `expected are an array, or an object with one, such as ${listNames.join(', ')}`,
    });
  }
  notes.look(text, pointerTo(name));
  const next = nextPage(fields, answer);
  const promise = next.next === undefined ? moreNames.find((more) => fields[more] === true) : undefined;
  if (promise !== undefined)
    notes.add(`the answer says that there is more (${promise}) and not where; that is missing here`);
  return { items: fields[name], ...next };
}

type NextPage = Pick<Page, 'next' | 'isNextEmpty'>;

/** The absolute address of the next page; a cursor becomes the query parameter `cursor`. */
function nextPage(fields: { readonly [key: string]: unknown }, answer: ListAnswer): NextPage {
  const { pageUrl, what } = answer;
  const cursor = fields['nextCursor'] ?? fields['next_cursor'];
  // False and null are how some say that there is none.
  if (cursor !== undefined && cursor !== null && cursor !== false) {
    // A number is a fine value of a query, unless it came out of the text as another one.
    if (typeof cursor !== 'string' && (typeof cursor !== 'number' || !Number.isSafeInteger(cursor)))
      throw unusable('cursor', cursor, what);
    const next = new URL(pageUrl);
    next.searchParams.set('cursor', String(cursor));
    return { next: next.href, isNextEmpty: cursor === '' };
  }
  const links = fields['links'] as { [key: string]: unknown } | null | undefined;
  const given = fields['next'] ?? links?.['next'];
  // JSON:API and HAL may wrap an address into an object.
  const address = typeof given === 'object' && given !== null && 'href' in given ? given.href : given;
  if (address === undefined || address === null || address === false || address === '') return linkedPage(answer);
  if (typeof address !== 'string') throw unusable('address', address, what);
  return { next: sameServer(address, answer) };
}

/** The next page by the Link header. */
function linkedPage(answer: ListAnswer): NextPage {
  for (const [, address = '', parameters = ''] of (answer.link ?? '').matchAll(
    /<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*=\s*(?:"[^"]*"|[^\s;,]*))*)/g,
  )) {
    const [, quotedRelations, relation] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))/i.exec(parameters) ?? [];
    if ((quotedRelations ?? relation ?? '').toLowerCase().split(/\s+/).includes('next'))
      return { next: sameServer(address, answer) };
  }
  return {};
}

/** The Authorization header goes to the server that the user named and to no other. */
function sameServer(address: string, { pageUrl, origin, what }: ListAnswer): string {
  const next = URL.canParse(address, pageUrl) ? new URL(address, pageUrl) : undefined;
  if (next?.origin === origin) return next.href;
  const other = next === undefined ? 'no valid address' : `at another server (${describeUrl(next)})`;
  throw new UserError(`${what}: the next page lies ${other}`, { hint: 'record that server by its own --url' });
}

function unusable(noun: string, value: unknown, what: string): UserError {
  return new UserError(
    `${what}: the next page is named by ${toOneLine(JSON.stringify(value), 60)}, which is no ${noun}`,
    {
      hint: 'report it to the author of the server; the rest of the list cannot be asked for',
    },
  );
}
