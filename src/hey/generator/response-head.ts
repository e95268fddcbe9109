/**
 * The head of a response: what says how its body comes, and what is in it.
 *
 * Source: RFC 9112, sections 4 to 6 and 9.3; RFC 2068, section 19.7.1.1 (Keep-Alive). What breaks its rules in a way that leaves the end of the body open is
 * refused, and nothing is guessed.
 */

/** How the end of a body is known. */
type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunks' }
  /** It ends with the connection. */
  | { readonly kind: 'close' };

export interface ResponseHead {
  readonly status: number;
  /** The media type in lower case, without parameters; empty where there is none. */
  readonly type: string;
  /** In lower case; empty where the body is as it is. */
  readonly encoding: string;
  readonly framing: Framing;
  /** Whether the connection may be used again. */
  readonly keepsAlive: boolean;
  /** How long the server says that it leaves the connection open without a request; infinite where it does not say. */
  readonly idleMs: number;
}

/** A response that cannot be read; its message names what it is counted under. */
export class MalformedResponse extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MalformedResponse';
  }
}

/** Reads heads, most of which are the one before: a date changes once a second, and other fields hardly ever. */
export class HeadReader {
  readonly #isHead: boolean;
  #text = '';
  #head: ResponseHead | undefined;

  /** @param method of the request: responses to HEAD have no body. */
  constructor(method: string) {
    this.#isHead = method === 'HEAD';
  }

  /**
   * Reads a head without the blank line behind it.
   * @throws {MalformedResponse}
   */
  read(text: string): ResponseHead {
    if (this.#head !== undefined && text === this.#text) return this.#head;
    this.#head = parseHead(text, this.#isHead);
    this.#text = text;
    return this.#head;
  }
}

function parseHead(text: string, isHead: boolean): ResponseHead {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-9]\d{2})(?: |$)/.exec(statusLine) ?? [];
  if (code === undefined) throw new MalformedResponse('response that is no HTTP/1.1');
  const status = Number(code);
  const fields = parseFields(lines);
  const listed = (name: string): string[] => (fields[name] ?? '').split(',').map((part) => part.trim().toLowerCase());
  const connection = listed('connection');
  const framing = framingOf({ status, isHead, fields, codings: listed('transfer-encoding') });
  return {
    status,
    type: (fields['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    encoding: listed('content-encoding')
      .filter((coding) => coding !== 'identity')
      .join(','),
    framing,
    keepsAlive:
      framing.kind !== 'close' &&
      status !== 101 &&
      !connection.includes('close') &&
      (minor === '1' || connection.includes('keep-alive')),
    idleMs: Number(/\btimeout=(\d+)/.exec(fields['keep-alive'] ?? '')?.[1] ?? Infinity) * 1000,
  };
}

/** Fields by their lower-case names; several of one name are one list. */
function parseFields(lines: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1 || line.startsWith(' ') || line.startsWith('\t'))
      throw new MalformedResponse('response with a malformed header');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    fields[name] = fields[name] === undefined ? value : `${fields[name]},${value}`;
  }
  return fields;
}

function framingOf(request: {
  status: number;
  isHead: boolean;
  fields: Readonly<Record<string, string>>;
  codings: readonly string[];
}): Framing {
  const { status, isHead, fields, codings } = request;
  if (isHead || status < 200 || status === 204 || status === 304) return { kind: 'none' };
  if (fields['transfer-encoding'] !== undefined) {
    if (codings.length === 1 && codings[0] === 'chunked') return { kind: 'chunks' };
    throw new MalformedResponse('response with a transfer coding that is not known');
  }
  const lengths = new Set(fields['content-length']?.split(',').map((length) => length.trim()));
  if (lengths.size === 0) return { kind: 'close' };
  const [length = ''] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) throw new MalformedResponse('response with a malformed length');
  return Number(length) === 0 ? { kind: 'none' } : { kind: 'length', bytes: Number(length) };
}
