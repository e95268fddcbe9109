/**
 * A gateway that the user runs: what may be sent to it, and with which token.
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
 * @param request.env where it is looked up.
 * @throws {UserError} for an address that cannot be used, a host that is not this machine, and a missing token.
 */
export function openSite(request: {
  url: string;
  tokenEnv?: string;
  ownThisHost?: boolean;
  mcp?: boolean;
  env: Readonly<Record<string, string | undefined>>;
}): ServerAddress {
  const url = openAddress(request);
  if (url.search !== '' || url.hash !== '')
    throw new UserError(
      `cannot measure ${showAddress(request.url)}: paths are added to the address, so it cannot have a query`,
    );
  const headers = readToken(request);
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
  const token = env[tokenEnv]?.trim() ?? '';
  if (token === '')
    throw new UserError(`no token: the environment variable ${JSON.stringify(tokenEnv)} is not set`, {
      hint: 'export it in this shell',
    });
  // Nothing of the token is quoted: messages end up in logs.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UserError(
      `no token: the environment variable ${JSON.stringify(tokenEnv)} holds characters that no header can have`,
    );
  return { authorization: `Bearer ${token}` };
}
