/**
 * What people and files get to see of a request: names and addresses, and no token, cookie or key.
 *
 * Rules are those of recordings, which lean towards hiding too much. Nothing is shown beside what is hidden, neither a
 * scheme nor a length. Servers that repeat a secret in their messages are covered too.
 */
import { createRedactor, describeCommand, isSecretName } from '../record/redact.ts';
import type { Header } from './plan.ts';

const hidden = '***';

/** Characters of a single cookie's value; a shorter one is found in ordinary words. */
const shortestCookie = 6;

/** True for a header whose name says that it holds a credential, and for a value that looks like one. */
export function isSecret({ name, value }: Header): boolean {
  // Of an address a description leaves out the query, where keys are.
  return isSecretName(name) || describe(value).includes(hidden) || (value.includes('?') && URL.canParse(value));
}

/** The header as people may see it. */
export function hideHeader(header: Header): Header {
  return isSecret(header) ? { ...header, value: hidden } : header;
}

/** An address with what looks like a credential in its path or query hidden. */
export function showUrl(url: URL): string {
  const shown = new URL(url);
  shown.pathname = url.pathname.split('/').map(showPart).join('/');
  const query = [...url.searchParams].map(([name, value]) =>
    isSecret({ name, value })
      ? `${encodeURIComponent(name)}=${hidden}`
      : new URLSearchParams([[name, value]]).toString(),
  );
  shown.search = query.join('&');
  return shown.href;
}

/** A function that takes all secrets of these headers and addresses out of a text. */
export function createHider(request: { headers: readonly Header[]; urls: readonly URL[] }): (text: string) => string {
  const ofHeaders = request.headers.filter(isSecret).flatMap(({ name, value }) => {
    return /^cookie$/i.test(name) ? [value, ...valuesOfCookies(value)] : [value];
  });
  const ofUrls = request.urls.flatMap((url) =>
    [...url.searchParams]
      .filter(([name, value]) => value !== '' && isSecret({ name, value }))
      .map(([, value]) => value),
  );
  const redactors = [...ofHeaders, ...ofUrls].map((secret) => createRedactor(secret));
  return (text) => redactors.reduce((shown, redact) => redact(shown), text);
}

function valuesOfCookies(cookies: string): string[] {
  return cookies
    .split(';')
    .map((cookie) => cookie.slice(cookie.indexOf('=') + 1).trim())
    .filter((value) => value.length >= shortestCookie);
}

function showPart(part: string): string {
  return describe(part).includes(hidden) ? hidden : part;
}

function describe(value: string): string {
  return describeCommand([value])[0] ?? '';
}
