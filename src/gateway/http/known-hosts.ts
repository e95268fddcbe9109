/**
 * Refuses requests that may come from a web page of somebody else, as in DNS rebinding.
 *
 * A browser reaches whatever its user reaches, and a page's own name can be made to point at the gateway. Such a
 * request names that page in Host and Origin, so both have to name a host that the gateway is known by: loopback, and
 * what the settings allow. With tokens a page gets nothing, since it has none; then Host is looked at only where hosts
 * are listed, and Origin on the paths of MCP, whose specification asks for it. X-Forwarded-Host counts nowhere: anybody
 * can send it.
 * Source: MCP revision 2025-11-25, "Transports", security warning; RFC 9112, section 3.2 (Host, absolute form).
 */
import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { quote } from '../quote.ts';
import type { GatewaySettings } from '../settings.ts';
import { Problem } from './errors.ts';
import { countHeaders } from './headers.ts';
import { type Host, isLoopback, isSameHost, readAllowedHost, readHost, readOrigin } from './host-names.ts';

/**
 * Looks at what Node has parsed of a request.
 * @throws {Problem} 400 for what HTTP forbids, 403 for a page of somebody else.
 */
type HostCheck = (request: IncomingMessage) => void;

/**
 * Refuses such requests on every path, before anything else is known of them.
 * @throws {UserError} for a broken list.
 */
export function installHostCheck(app: FastifyInstance, settings: Pick<GatewaySettings, 'auth' | 'allowedHosts'>): void {
  if (settings.auth === undefined || settings.allowedHosts !== undefined) {
    const check = createHostCheck(settings.allowedHosts);
    app.addHook('onRequest', (request, _reply, done) => {
      check(request.raw);
      done();
    });
    return;
  }
  app.addHook('onRequest', (request, _reply, done) => {
    requireOneHost(request.raw);
    const { host, origin } = request.headers;
    if (origin !== undefined && request.routeOptions.config.endpoint === undefined && !isOwnPage(origin, host))
      throw foreignOrigin();
    done();
  });
}

/**
 * @param allowedHosts as in `gateway.example` or `[fd00::1]:4444`, beside loopback.
 * @throws {UserError} for what is no host.
 */
export function createHostCheck(allowedHosts: readonly string[] = []): HostCheck {
  const allowed = allowedHosts.map(readAllowedHost);
  // The last ones that were let in: nearly all requests say the same.
  let knownHost: string | undefined;
  let knownOrigin: string | undefined;

  const isAllowed = (host: Host, defaultPorts: readonly number[]): boolean =>
    isLoopback(host.hostname) || allowed.some((one) => isSameHost(host, one, defaultPorts));

  const checkHost = (text: string): void => {
    const host = readHost(text);
    if (host === undefined) throw new Problem(400, 'Invalid Host header');
    // A proxy may have ended TLS.
    if (!isAllowed(host, [80, 443]))
      throw new Problem(403, `Invalid Host header: this gateway is not known as ${quote(text)}`);
  };

  return (request) => {
    const { host = '', origin } = request.headers;
    const { url = '/' } = request;
    requireOneHost(request);
    if (host !== knownHost) {
      checkHost(host);
      knownHost = host;
    }
    // A host in the address itself counts instead of the header, and the router looks at the path alone.
    const [, authority] = url.startsWith('/') ? [] : (/^https?:\/\/([^/?#]*)/i.exec(url) ?? []);
    if (authority !== undefined) checkHost(authority);
    if (origin === undefined || origin === knownOrigin) return;
    const page = readOrigin(origin);
    if (page === undefined || !isAllowed(page, [page.defaultPort])) throw foreignOrigin();
    knownOrigin = origin;
  };
}

/** @throws {Problem} 400 as RFC 9112 asks for. */
function requireOneHost({ headers: { host }, rawHeaders, httpVersion }: IncomingMessage): void {
  if (host === undefined && httpVersion !== '1.0') throw new Problem(400, 'a request needs a Host header');
  if (countHeaders(rawHeaders, 'host') > 1) throw new Problem(400, 'a request has one Host header');
}

function foreignOrigin(): Problem {
  return new Problem(403, 'Invalid Origin header');
}

/** A page of the very host that is asked, or of this machine; any host is ours where tokens are needed. */
function isOwnPage(origin: string, host: string | undefined): boolean {
  const page = readOrigin(origin);
  return page !== undefined && (isLoopback(page.hostname) || page.hostname === readHost(host ?? '')?.hostname);
}
