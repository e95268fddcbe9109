/**
 * A gateway that the user runs: what may be sent to it, and with which token and headers.
 *
 * Load goes to this machine only, unless somebody says that the other host is theirs. Names are not resolved; one that
 * is not `localhost` may lead anywhere.
 */
import { UserError } from '../../user-error.ts';
import type { ServerAddress } from '../client/http-client.ts';

/** Whether nothing but this machine can be behind the address. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * A site from what the user typed.
 * @param request.url http or https, without credentials, query and fragment; a path is kept in front of every
 *   request's.
 * @param request.mcp true for the endpoint of an MCP server, which is asked as it stands.
 * @param request.tokenEnv name of the environment variable that holds a bearer token.
 * @param request.headerEnv further headers by lower-case name, with the environment variables that hold their values.
 * @param request.env where they are looked up.
 * @throws {UserError} for an address that cannot be used, a host that is not this machine, and a secret that is not there.
 */
export function openSite(request: {
  url: string;
  tokenEnv?: string;
  headerEnv?: Readonly<Record<string, string>>;
  ownThisHost?: boolean;
  mcp?: boolean;
  env: Readonly<Record<string, string | undefined>>;
}): ServerAddress {
  const url = openAddress(request);
  if (url.search !== '' || url.hash !== '')
    throw new UserError(
      `cannot measure ${showAddress(request.url)}: paths are added to the address, so it cannot have a query`,
    );
  const headers = { ...readToken(request), ...readHeaders(request) };
  if (request.mcp === true) return { url: url.origin + url.pathname, headers, isMcp: true };
  return { url: url.origin + url.pathname.replace(/\/+$/, ''), headers };
}

/**
 * An address from what the user typed, with whatever query it has.
 * @throws {UserError} where it is none of http, holds credentials, or leads to a host that is not this machine.
 */
export function openAddress(request: { url: string; ownThisHost?: boolean }): URL {
  const url = URL.parse(request.url);
  const shown = showAddress(request.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new UserError(`cannot measure ${shown}: it is no http or https address`);
  if (url.username !== '' || url.password !== '') {
    throw new UserError(`cannot measure ${shown}: the address holds credentials`, {
      hint: 'put a token into an environment variable and name it',
    });
  }
  if (!isLoopback(url) && request.ownThisHost !== true) {
    throw new UserError(`refused to send load to ${JSON.stringify(url.host)}: it is not this machine`, {
      hint: 'measure a gateway on 127.0.0.1, or say that the host is yours',
    });
  }
  return url;
}

/** As it was typed, for a message: what may be a credential is hidden. */
function showAddress(typed: string): string {
  return JSON.stringify(
    typed
      .replace(/[^/@\s]*@/, '***@')
      .replace(/\?.*$/s, '?***')
      .slice(0, 200),
  );
}

/**
 * The header with the token that a variable holds; empty where no variable is named.
 * @throws {UserError} where the variable is not set, or holds what no header can.
 */
export function readToken({
  tokenEnv,
  env,
}: {
  tokenEnv?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
}): Record<string, string> {
  if (tokenEnv === undefined) return {};
  return {
    authorization: `Bearer ${readSecret({ variable: tokenEnv, what: 'token', allowed: /^[\x21-\x7e]+$/, env })}`,
  };
}

/** What a client sets by itself, and would be another request with. */
const ownHeaders = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'host',
  'mcp-protocol-version',
  'mcp-session-id',
  'transfer-encoding',
]);

/**
 * One header as `--header-env` has it, e.g. `x-api-key=GATEWAY_KEY`.
 * @returns the lower-case name and the environment variable.
 * @throws {UserError} for what is no such pair, and for headers that the client sets itself.
 */
export function parseHeaderEnv(typed: string): readonly [name: string, variable: string] {
  const [, given = '', variable = ''] = /^([\w!#$%&'*+.^`|~-]+)=([A-Za-z_]\w*)$/.exec(typed) ?? [];
  // What stands there may be the secret itself, so it is not quoted.
  if (given === '')
    throw new UserError('--header-env is no pair of a header and an environment variable', {
      hint: 'write NAME=VARIABLE, as in x-api-key=GATEWAY_KEY, and export the value',
    });
  const name = given.toLowerCase();
  if (ownHeaders.has(name))
    throw new UserError(`--header-env cannot set ${name}: the client sets it itself`, {
      hint: 'leave it out',
    });
  return [name, variable];
}

function readHeaders({
  headerEnv = {},
  env,
}: {
  headerEnv?: Readonly<Record<string, string>>;
  env: Readonly<Record<string, string | undefined>>;
}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headerEnv).map(([name, variable]) => [
      name,
      readSecret({ variable, what: `value for the header ${name}`, allowed: /^[\x20-\x7e]+$/, env }),
    ]),
  );
}

/** Nothing of the secret is quoted: messages end up in logs. */
function readSecret(request: {
  variable: string;
  what: string;
  allowed: RegExp;
  env: Readonly<Record<string, string | undefined>>;
}): string {
  const { variable, what, allowed, env } = request;
  const secret = env[variable]?.trim() ?? '';
  if (secret === '')
    throw new UserError(`no ${what}: the environment variable ${JSON.stringify(variable)} is not set`, {
      hint: 'export it in this shell',
    });
  if (!allowed.test(secret))
    throw new UserError(
      `no ${what}: the environment variable ${JSON.stringify(variable)} holds characters that no header can have`,
    );
  return secret;
}
