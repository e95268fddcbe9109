/**
 * Makes text of the bytes of a JSON answer, by its charset, and never puts a character in place of another in silence.
 *
 * JSON is exchanged as UTF-8, so bytes that are UTF-8 are read as that whatever their label says; a label counts for
 * what is not. Source: RFC 8259, section 8.1; the labels of the Encoding Standard.
 */
import { toOneLine } from '../foreign-text.ts';
import { UserError } from '../user-error.ts';

export interface Decoded {
  /** Without a byte order mark. */
  readonly text: string;
  /** Present where the label and the bytes differ: a sentence without a full stop. */
  readonly note?: string;
}

/**
 * @param request.what the start of an error message;
 * @param request.contentType of the answer, with its charset, if any.
 * @throws {UserError} where the bytes are no text of UTF-8 nor of the charset that is named.
 */
export function decodeJson({
  bytes,
  contentType,
  what,
}: {
  bytes: Uint8Array;
  contentType?: string | undefined;
  what: string;
}): Decoded {
  const label = charsetOf(contentType);
  const named = label === undefined ? undefined : createDecoder(label);
  // In UTF-16 every ASCII letter has a zero beside it, which is legal UTF-8.
  const isWide = named?.encoding.startsWith('utf-16') === true;
  const utf8 = isWide ? undefined : decodeWith(createDecoder('utf-8'), bytes);
  if (utf8 !== undefined) {
    const isOther = label !== undefined && named?.encoding !== 'utf-8';
    return isOther && /[^\0-\u007f]/.test(utf8)
      ? { text: utf8, note: `the answer calls itself ${toOneLine(label, 40)} and is UTF-8, as which it was read` }
      : { text: utf8 };
  }
  const text = named === undefined ? undefined : decodeWith(named, bytes);
  if (text !== undefined)
    return {
      text,
      note: `the answer was read as ${toOneLine(label ?? '', 40)}, which it calls itself, and is stored as UTF-8`,
    };
  const why =
    label === undefined || named?.encoding === 'utf-8'
      ? 'it is not UTF-8 text'
      : `it is neither UTF-8 nor ${toOneLine(label, 40)}, which it calls itself`;
  throw new UserError(`${what}: ${why}${placeOf(bytes)}`, { hint: 'convert it; JSON is exchanged as UTF-8' });
}

/** The charset of a content type, lower case and without quotes. */
function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)"?/i.exec(contentType ?? '')?.[1]?.toLowerCase();
}

/** Undefined for a label that nobody knows. */
function createDecoder(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined;
  }
}

function decodeWith(decoder: TextDecoder | undefined, bytes: Uint8Array): string | undefined {
  try {
    return decoder?.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Where UTF-8 ends, by what comes before it. */
function placeOf(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return ', but looks like UTF-16';
  const readable = new TextDecoder().decode(bytes.subarray(0, 1_000_000));
  const end = readable.indexOf('\ufffd');
  return end === -1 ? '' : `, from "${toOneLine(readable.slice(Math.max(0, end - 20), end + 1), 60)}" on`;
}
