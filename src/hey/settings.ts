/**
 * What a user asks of a scripted load, checked and complete, before anybody is connected to.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { openAddress, readToken } from '../load/servers/user-site.ts';
import { UserError } from '../user-error.ts';
import { completeHeaders, parseHeaders } from './headers.ts';
import type { Header, LoadShape, Method, Volume } from './plan.ts';
import { isSecret } from './secrets.ts';

/** What a request carries. */
type Payload =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly file: string; readonly bytes: Buffer }
  /** A call that is made up of what the server offers. */
  | { readonly kind: 'made up' };

/** One of the addresses that get the load. */
export interface Target {
  readonly url: URL;
  readonly method: Method;
  readonly headers: readonly Header[];
  readonly payload: Payload;
}

export interface HeySettings extends LoadShape {
  readonly asked: Target;
  /** What is behind it, to be measured beside it. */
  readonly direct?: Target;
}

/** Options as they were typed, under the names of the command line. */
export interface TypedOptions {
  readonly requests: number;
  readonly concurrency: number;
  readonly duration?: number | undefined;
  readonly rate?: number | undefined;
  readonly timeout: number;
  readonly disableKeepalive?: true | undefined;
  readonly method: Method;
  readonly contentType: string;
  readonly header?: readonly string[] | undefined;
  readonly data?: string | undefined;
  readonly url: string;
  readonly tokenEnv?: string | undefined;
  readonly direct?: string | undefined;
  readonly directData?: string | undefined;
  readonly directTokenEnv?: string | undefined;
  readonly iOwnThisHost?: true | undefined;
}

/** Methods that are sent without a payload unless there is one. */
const bodiless: ReadonlySet<Method> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** Answers of MCP come in one or the other form, and servers ask their clients to take both. */
const acceptOfCalls = 'application/json, text/event-stream';

/**
 * Reads all of it.
 * @param surroundings.cwd where files are looked for. @param surroundings.env where tokens are.
 * @throws {UserError} for what cannot be sent.
 */
export function readSettings(
  options: TypedOptions,
  surroundings: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): HeySettings {
  const { concurrency, timeout, rate, direct, directData, directTokenEnv } = options;
  if (direct === undefined) refuseLonely({ '--direct-data': directData, '--direct-token-env': directTokenEnv });
  const volume: Volume =
    options.duration === undefined
      ? { kind: 'requests', requests: options.requests }
      : { kind: 'time', ms: options.duration };
  const typed = parseHeaders(options.header ?? []);
  const asked = readTarget({ ...options, headers: typed }, surroundings);
  return {
    // More connections than requests would never get one.
    connections: volume.kind === 'requests' ? Math.min(concurrency, volume.requests) : concurrency,
    volume,
    timeoutMs: timeout * 1000,
    keepsAlive: options.disableKeepalive !== true,
    ...(rate === undefined ? {} : { mostPerSec: rate }),
    asked,
    ...(direct === undefined ? {} : { direct: readDirect({ options, direct, typed }, surroundings) }),
  };
}

function readDirect(
  { options, direct, typed }: { options: TypedOptions; direct: string; typed: readonly Header[] },
  surroundings: Parameters<typeof readSettings>[1],
): Target {
  const { data, directData, directTokenEnv } = options;
  return readTarget(
    {
      ...options,
      url: direct,
      // Credentials are those of the gateway, and nobody else's business.
      headers: typed.filter((header) => !isSecret(header) && header.name.toLowerCase() !== 'host'),
      data: directData ?? data,
      tokenEnv: directTokenEnv,
    },
    surroundings,
  );
}

function readTarget(
  options: Pick<TypedOptions, 'url' | 'method' | 'contentType' | 'data' | 'tokenEnv' | 'iOwnThisHost'> & {
    headers: readonly Header[];
  },
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): Target {
  const { method, contentType, data, tokenEnv, iOwnThisHost } = options;
  const url = openAddress({ url: options.url, ...(iOwnThisHost === true ? { ownThisHost: true } : {}) });
  url.hash = '';
  const payload = readPayload({ method, data, cwd });
  const headers = completeHeaders({
    typed: options.headers,
    token: readToken({ tokenEnv, env }),
    contentType: payload.kind === 'none' ? undefined : checkContentType(contentType),
    accept: method === 'POST' ? acceptOfCalls : '*/*',
  });
  return { url, method, headers, payload };
}

function readPayload({ method, data, cwd }: { method: Method; data: string | undefined; cwd: string }): Payload {
  if (data !== undefined) {
    const file = path.resolve(cwd, data);
    try {
      return { kind: 'file', file: data, bytes: readFileSync(file) };
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason = { ENOENT: 'there is no such file', EISDIR: 'it is a directory' }[code ?? ''] ?? message;
      throw new UserError(`cannot read the payload ${JSON.stringify(data)}: ${reason}`, {
        hint: 'give the name of a file to -d',
        cause,
      });
    }
  }
  if (method === 'POST') return { kind: 'made up' };
  if (bodiless.has(method)) return { kind: 'none' };
  throw new UserError(`cannot send a ${method} without a payload`, { hint: 'give a file with -d' });
}

function checkContentType(text: string): string {
  if (/^[\t\x20-\x7e]+$/.test(text)) return text;
  throw new UserError('cannot use the content type: it is empty or holds characters that no header can have', {
    hint: 'give one as in -T application/json',
  });
}

function refuseLonely(options: Readonly<Record<string, string | undefined>>): void {
  const name = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
  if (name !== undefined)
    throw new UserError(`${name} goes with --direct`, { hint: 'give the address behind the gateway' });
}
