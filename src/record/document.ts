/**
 * Reads one JSON document of the user's, from a file or from an http or https URL, within limits of size and time.
 *
 * An Authorization value goes to the server that was named and to no other, and every error about a URL is made here,
 * redacted, and keeps no cause that might quote a request.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { toOneLine } from '../foreign-text.ts';
import type { Bytes } from '../model/values.ts';
import { UserError } from '../user-error.ts';
import { decodeJson } from './decode.ts';
import { locateJsonError } from './json-error.ts';
import { createRedactor, describeUrl } from './redact.ts';
import { toRecordingName } from './save.ts';

/** Limits of what is read; each has a default. */
interface DocumentLimits {
  readonly fileBytes?: Bytes;
  readonly urlBytes?: Bytes;
  /** For all of a URL's redirects and its body together. */
  readonly timeoutMs?: number;
}

export interface DocumentRequest {
  /** A path, or an http or https URL without user and password. */
  readonly source: string;
  /** What a relative path starts from. */
  readonly cwd: string;
  /** Aborted by the user. */
  readonly signal: AbortSignal;
  /** Value of the Authorization header for the server of the URL; unused for files. */
  readonly authorization?: string | undefined;
  readonly limits?: DocumentLimits;
}

export interface ReadDocument {
  /** Valid JSON, without a byte order mark. */
  readonly text: string;
  /** Kebab-case, 1 to 60 characters, from the file's name or the URL; `document` where these give none. */
  readonly name: string;
  /** For a reader: the file, or the URL without what may be a secret. */
  readonly described: string;
  /** What a reader should know about the way in which it was read; sentences without a full stop. */
  readonly notes?: readonly string[];
}

/** One string of JavaScript holds a little more than this many characters. */
const maxFileBytes: Bytes = 512_000_000;
/** Arbitrary: responses of gateways are a hundred times smaller, and more than this is better kept as a file. */
const maxUrlBytes: Bytes = 64_000_000;
/** Arbitrary: long enough for the largest document on a slow line, short enough to wait for. */
const maxUrlMs = 30_000;
/** Arbitrary: real addresses need one or two. */
const maxRedirects = 5;

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * @throws {UserError} where it cannot be read, is too large or too slow, is not UTF-8 or is not JSON; with code 130
 * where the user interrupted it.
 */
export async function readDocument(request: DocumentRequest): Promise<ReadDocument> {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(request.source) ? readUrl(request) : readPath(request);
}

async function readPath({ source, cwd, signal, limits }: DocumentRequest): Promise<ReadDocument> {
  const file = path.resolve(cwd, source);
  const relative = path.relative(cwd, file);
  // A path out of the project is nobody else's business: reports and decision records are passed on.
  const described = relative.startsWith('..') || path.isAbsolute(relative) ? path.basename(file) : relative;
  const what = `cannot read ${toOneLine(source)}`;
  const limit = limits?.fileBytes ?? maxFileBytes;
  const bytes = await readBytes({ file, what, limit, signal });
  const { text } = decodeJson({ bytes, what });
  checkJson(text, { what, hint: 'give a file that holds one JSON document' });
  return { text, name: nameOf([path.basename(file)]), described: toOneLine(described) };
}

async function readBytes(request: {
  file: string;
  what: string;
  limit: Bytes;
  signal: AbortSignal;
}): Promise<Uint8Array> {
  const { file, what, limit, signal } = request;
  try {
    const status = await stat(file);
    if (status.isDirectory()) throw new UserError(`${what}: it is a directory`, { hint: 'give one file' });
    // A pipe or a device may never end.
    if (!status.isFile())
      throw new UserError(`${what}: it is not a regular file`, { hint: 'write its content to a file first' });
    if (status.size > limit) throw tooLarge(what, limit);
    const bytes = await readFile(file, { signal });
    // Files of the system say that they are empty, and others grow.
    if (bytes.length > limit) throw tooLarge(what, limit);
    return bytes;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    if (signal.aborted) throw new UserError(`${what}: interrupted`, { code: 130 });
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new UserError(`${what}: there is no such file`, {
        hint: 'check the path; an address starts with https://',
        cause,
      });
    throw new UserError(`${what}: ${message}`, { hint: 'give a file that can be read', cause });
  }
}

async function readUrl(request: DocumentRequest): Promise<ReadDocument> {
  const { authorization, signal, limits } = request;
  const url = toUrl(request.source);
  const described = describeUrl(url);
  const what = `cannot read ${described}`;
  const timeoutMs = limits?.timeoutMs ?? maxUrlMs;
  const limit = limits?.urlBytes ?? maxUrlBytes;
  const expired = AbortSignal.timeout(timeoutMs);
  const redact = createRedactor(authorization);
  try {
    const response = await follow({
      url,
      what,
      headers: headersOf(what, authorization),
      signal: AbortSignal.any([signal, expired]),
    });
    const contentType = response.headers.get('content-type') ?? undefined;
    const { text, note } = decodeJson({ bytes: await readBody({ response, what, limit }), contentType, what });
    checkJson(text, { what, hint: `give the address of one JSON document; its content type is "${typeOf(response)}"` });
    return {
      text,
      name: nameOf([...describeUrl(url).split('/').slice(3).toReversed(), url.hostname]),
      described,
      ...(note === undefined ? {} : { notes: [note] }),
    };
  } catch (error) {
    if (signal.aborted) throw new UserError(`${what}: interrupted`, { code: 130 });
    if (error instanceof UserError) {
      throw new UserError(redact(error.message), {
        code: error.code,
        ...(error.hint !== undefined && { hint: redact(error.hint) }),
      });
    }
    if (expired.aborted)
      throw new UserError(`${what}: no complete answer within ${timeoutMs / 1000} s`, {
        hint: 'download it yourself and give the file',
      });
    throw new UserError(`${what}: ${toOneLine(redact(failureOf(error)))}`, {
      hint: 'check the address and that it is up',
    });
  }
}

/**
 * @throws {UserError} for another scheme, and for an address with a user or a password, neither of which is repeated.
 */
function toUrl(source: string, base?: URL): URL {
  if (!URL.canParse(source, base)) {
    throw new UserError('cannot read the address: it is not valid', {
      hint: 'give it in full, as in https://example.com/tools.json',
    });
  }
  const url = new URL(source, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UserError(
      `cannot read an address with the scheme "${toOneLine(url.protocol.slice(0, -1), 20)}": only http and https are read`,
      {
        hint: url.protocol === 'file:' ? 'give the path of the file' : 'download it and give the file',
      },
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(
      `cannot read ${describeUrl(url)}: the address holds a user or a password, which commands and logs give away`,
      {
        hint: 'put the value of the Authorization header into an environment variable instead',
      },
    );
  }
  return url;
}

function headersOf(what: string, authorization: string | undefined): Headers {
  const headers = new Headers({ accept: 'application/json, */*;q=0.5' });
  if (authorization === undefined) return headers;
  try {
    headers.set('authorization', authorization);
  } catch {
    throw new UserError(`${what}: the Authorization value cannot be sent in a header`, {
      hint: 'remove line breaks and control characters from it',
    });
  }
  return headers;
}

/** The first answer that is no redirect. @throws {UserError} where its status is no success. */
async function follow(request: { url: URL; what: string; headers: Headers; signal: AbortSignal }): Promise<Response> {
  const { what, headers, signal } = request;
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    const location = redirectStatuses.has(response.status) ? response.headers.get('location') : null;
    if (location === null) {
      if (response.ok) return response;
      await response.body?.cancel();
      throw statusError({ what, status: response.status, isAuthorized: headers.has('authorization') });
    }
    await response.body?.cancel();
    if (redirects === maxRedirects)
      throw new UserError(`${what}: more than ${maxRedirects} redirects`, { hint: 'give the address where they end' });
    const next = toUrl(location, url);
    // It was given for one server; once the way leads past another, not even the first one gets it again.
    if (next.origin !== url.origin) headers.delete('authorization');
    url = next;
  }
}

function statusError({
  what,
  status,
  isAuthorized,
}: {
  what: string;
  status: number;
  isAuthorized: boolean;
}): UserError {
  if (status !== 401 && status !== 403)
    return new UserError(`${what}: status ${status}`, { hint: 'check the address' });
  const why = isAuthorized ? 'the Authorization value was not accepted' : 'no Authorization header was sent to it';
  const hint = isAuthorized
    ? 'check that it has its scheme, as in "Bearer ..."'
    : 'put its value into the environment variable for it';
  return new UserError(`${what}: status ${status}; ${why}`, { hint });
}

/** Counts what arrives, after decompression: a header may say anything. */
async function readBody({
  response,
  what,
  limit,
}: {
  response: Response;
  what: string;
  limit: Bytes;
}): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the body.
    if (size > limit) throw tooLarge(what, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(what: string, limit: Bytes): UserError {
  return new UserError(`${what}: it is larger than ${limit / 1_000_000} MB`, {
    hint: 'give a part of it that stands for the whole',
  });
}

function checkJson(text: string, { what, hint }: { what: string; hint: string }): void {
  if (text.trim() === '') throw new UserError(`${what}: it is empty`, { hint });
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UserError(`${what}: it is not JSON at ${locateJsonError(text)}: ${toOneLine((error as Error).message)}`, {
      hint,
    });
  }
}

function typeOf(response: Response): string {
  return toOneLine(response.headers.get('content-type') ?? 'none', 60);
}

/** fetch says "fetch failed" or "terminated"; its cause says why. */
function failureOf(error: unknown): string {
  const { message, cause } = error as Error;
  const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || '' : '';
  if (message === 'terminated') return `the answer broke off${why === '' ? '' : ` (${why})`}`;
  return why === '' ? message : why;
}

/** The first candidate that a name can be made of. */
function nameOf(candidates: readonly string[]): string {
  for (const candidate of candidates) {
    try {
      return toRecordingName(decodeURIComponent(candidate).replace(/\.(?:geo)?json$/i, ''));
    } catch {
      // Neither the name nor its escapes have to make sense; the next candidate is tried.
    }
  }
  return 'document';
}
