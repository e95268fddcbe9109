/**
 * The headers of a scripted load: those that were typed, and those that every request needs.
 *
 * No message quotes a header that cannot be read: it may be a token that was typed in the wrong place.
 * Source: RFC 9110, sections 5.1, 5.5 and 5.6.2.
 */
import { UserError } from '../user-error.ts';
import type { Header } from './plan.ts';

/** Headers that belong to the connection or the body, and what gives them. */
const ownHeaders: Readonly<Record<string, string>> = {
  'content-length': 'it follows from the payload',
  'transfer-encoding': 'payloads are sent whole',
  connection: '--disable-keepalive closes connections',
};

/**
 * Headers from what was typed as `Name: value`.
 * @throws {UserError} for one without a name, with characters that no header has, or that the connection decides.
 */
export function parseHeaders(typed: readonly string[]): Header[] {
  return typed.map((text, index) => {
    const where = `cannot read header ${index + 1} of -H`;
    const hint = 'give it as in -H "Accept: application/json"';
    const colon = text.indexOf(':');
    if (colon === -1) throw new UserError(`${where}: it has no colon between its name and its value`, { hint });
    const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
      throw new UserError(`${where}: what stands before its colon is no name`, { hint });
    if (!/^[\t\x20-\x7e\x80-\xff]+$/.test(value)) {
      throw new UserError(`${where}: the value of ${name} is empty or holds characters that no header can have`, {
        hint: 'look for line breaks and letters outside Latin-1 in it',
      });
    }
    const reason = ownHeaders[name.toLowerCase()];
    if (reason !== undefined)
      throw new UserError(`${where}: ${name} cannot be set: ${reason}`, { hint: 'leave it out' });
    return { name, value };
  });
}

/**
 * All headers of a request, in the order in which they are sent: typed ones take the place of usual ones.
 * @param request.typed the user's. @param request.token of the environment, by its lower-case name.
 * @throws {UserError} where a token is given twice.
 */
export function completeHeaders(request: {
  typed: readonly Header[];
  token: Readonly<Record<string, string>>;
  contentType: string | undefined;
  accept: string;
}): Header[] {
  const { typed, token, contentType, accept } = request;
  const names = new Set(typed.map(({ name }) => name.toLowerCase()));
  const tokens = Object.entries(token).map(([name, value]) => ({ name: toTitle(name), value }));
  if (tokens.some(({ name }) => names.has(name.toLowerCase()))) {
    throw new UserError('cannot send two tokens: there is one in -H and one in --token-env', {
      hint: 'leave out the one in -H, which everybody on this machine can read',
    });
  }
  const usual = [
    { name: 'User-Agent', value: 'wirebench' },
    { name: 'Accept', value: accept },
    ...(contentType === undefined ? [] : [{ name: 'Content-Type', value: contentType }]),
  ];
  return [...usual.filter(({ name }) => !names.has(name.toLowerCase())), ...typed, ...tokens];
}

/** The headers as a client has them that knows one value for each name. */
export function toRecord(headers: readonly Header[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    record[key] = record[key] === undefined ? value : `${record[key]}${key === 'cookie' ? '; ' : ', '}${value}`;
  }
  return record;
}

/** `authorization` as people write it. */
function toTitle(name: string): string {
  return name.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
