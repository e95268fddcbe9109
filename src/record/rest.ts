/**
 * Reads a JSON list from a REST endpoint: a bare array, or an object that holds one, page by page.
 *
 * Paging follows what list endpoints answer: a cursor (`nextCursor`, `next_cursor`) or the next page's address
 * (`next`, `links.next`). Deliberately absent: paging by headers or by counting, which an answer does not announce.
 */
import type { JsonValue } from '../model.ts';
import { UserError } from '../user-error.ts';
import { collectPages, displayable, type Page, type Patience } from './catalog.ts';
import { describeUrl } from './redact.ts';

/** An answer with a status that is no success. */
export class RestStatusError extends Error {
  readonly code: number;

  constructor(status: number, body: string) {
    super(`status ${status}${body === '' ? '' : `: ${displayable(body, 200)}`}`);
    this.name = 'RestStatusError';
    this.code = status;
  }
}

/** Names under which list endpoints hold their list, tried in this order where an object holds several. */
const listNames = ['tools', 'items', 'data', 'results'];

/**
 * Every item of the list, all pages.
 * @throws {UserError} where the answer is no JSON list, or its next page lies on another server.
 * @throws {RestStatusError} for a status that is no success; @throws {TypeError} from fetch; or the signal's reason.
 */
export async function readRestCatalog(request: {
  url: URL;
  authorization: string | undefined;
  patience: Patience;
  what: string;
}): Promise<JsonValue[]> {
  const { url, authorization, patience, what } = request;
  const signal = AbortSignal.any([patience.interrupted, patience.expired]);
  const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
  return collectPages({
    what,
    async fetchPage(next) {
      const pageUrl = next === undefined ? url : new URL(next);
      const response = await fetch(pageUrl, { headers, signal });
      const type = response.headers.get('content-type') ?? 'none';
      if (!response.ok) throw new RestStatusError(response.status, await response.text());
      if (!/[/+]json\b/i.test(type)) {
        await response.body?.cancel();
        throw new UserError(`${what}: the answer's content type is "${displayable(type, 60)}", not JSON`, {
          hint: 'give the address of an MCP endpoint or of a JSON list',
        });
      }
      return toPage({ body: parse(await response.text(), what), pageUrl, what });
    },
  });
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${what}: the answer is not JSON, it starts with "${displayable(text, 60)}"`, {
      hint: 'give the address of an MCP endpoint or of a JSON list',
    });
  }
}

function toPage(answer: { body: unknown; pageUrl: URL; what: string }): Page {
  const { body, pageUrl, what } = answer;
  if (Array.isArray(body)) return { items: body };
  const fields: { [key: string]: unknown } = { ...(body as object | null) };
  const lists = Object.keys(fields).filter((key) => Array.isArray(fields[key]));
  const name = lists.length === 1 ? lists[0] : listNames.find((candidate) => lists.includes(candidate));
  if (name === undefined) {
    const held = lists.length === 0 ? 'no list' : `several lists (${displayable(lists.join(', '), 100)})`;
    throw new UserError(`${what}: the answer holds ${held}`, {
      hint: `expected are an array, or an object with one, such as ${listNames.join(', ')}`,
    });
  }
  return { items: fields[name], next: nextAddress({ fields, pageUrl, what }) };
}

/** The absolute address of the next page; a cursor becomes the query parameter `cursor`. */
function nextAddress(answer: { fields: { [key: string]: unknown }; pageUrl: URL; what: string }): string | undefined {
  const { fields, pageUrl, what } = answer;
  const cursor = fields['nextCursor'] ?? fields['next_cursor'];
  if (typeof cursor === 'string' && cursor !== '') {
    const next = new URL(pageUrl);
    next.searchParams.set('cursor', cursor);
    return next.href;
  }
  const links = fields['links'] as { [key: string]: unknown } | null | undefined;
  const address = fields['next'] ?? links?.['next'];
  if (typeof address !== 'string' || address === '') return undefined;
  const next = URL.canParse(address, pageUrl) ? new URL(address, pageUrl) : undefined;
  if (next?.origin === pageUrl.origin) return next.href;
  // The Authorization header goes to the server that the user named and to no other.
  const other = next === undefined ? 'no valid address' : `at another server (${describeUrl(next)})`;
  throw new UserError(`${what}: the next page lies ${other}`, { hint: 'record that server by its own --url' });
}
