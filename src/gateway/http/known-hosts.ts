/**
 * Says whether a request may come from a web page of somebody else, as in DNS rebinding.
 *
 * Every page that a user's browser shows reaches what that user reaches: a page's own name can be made to point at the
 * gateway. Such a request names that page in Host and Origin, so both have to name a host that the gateway is known by:
 * loopback, and what the settings allow. With tokens a page gets nothing, since it has none; then Host is looked at only
 * where hosts are listed, and Origin on the paths of MCP, whose specification asks for it. X-Forwarded-Host says nothing,
 * because anybody can send it. Deliberately absent: CORS, since no page is served.
 * Source: MCP revision 2025-11-25, "Transports", security warning; RFC 9112, section 3.2 (Host, absolute form).
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

import type { FastifyInstance } from 'fastify';

import { UserError } from '../../user-error.ts';
import { quote } from '../quote.ts';
import type { GatewaySettings } from '../settings.ts';
import { Problem } from './errors.ts';
import { countHeaders } from './headers.ts';

interface Site {
  /** Lower case, without a dot at its end; IPv6 without brackets. */
  readonly hostname: string;
  /** `undefined` where none is said: the default one of the scheme, or any in a list of hosts. */
  readonly port: number | undefined;
}

/** Looks at what Node has parsed of a request. @throws {Problem} 400 for what HTTP forbids, 403 for a site of somebody else. */
type SiteCheck = (request: IncomingMessage) => void;

/** Refuses such requests on every path, before anything else is known of them. @throws {UserError} for a broken list. */
export function installSiteCheck(app: FastifyInstance, settings: Pick<GatewaySettings, 'auth' | 'allowedHosts'>): void {
  if (settings.auth === undefined || settings.allowedHosts !== undefined) {
    const check = createSiteCheck(settings.allowedHosts);
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

/** @param allowedHosts as in `gateway.example` or `[fd00::1]:4444`, beside loopback. @throws {UserError} for what is no host. */
export function createSiteCheck(allowedHosts: readonly string[] = []): SiteCheck {
  const allowed = allowedHosts.map(readAllowedHost);
  // The last ones that were let in: nearly all requests say the same.
  let knownHost: string | undefined;
  let knownOrigin: string | undefined;

  const isAllowed = (site: Site, defaultPorts: readonly number[]): boolean =>
    isLoopback(site.hostname) ||
    allowed.some((one) => one.hostname === site.hostname && hasPort(one, { site, defaultPorts }));

  const checkHost = (host: string): void => {
    const site = readSite(host);
    if (site === undefined) throw new Problem(400, 'Invalid Host header');
    // A proxy may have ended TLS.
    if (!isAllowed(site, [80, 443]))
      throw new Problem(403, `Invalid Host header: this gateway is not known as ${quote(host)}`);
  };

  return (request) => {
    const { host = '', origin } = request.headers;
    const { url = '/' } = request;
    requireOneHost(request);
    if (host !== knownHost) {
      checkHost(host);
      knownHost = host;
    }
    // Its authority takes the place of Host then, and a router that looks at the path alone would not see it.
    const [, authority] = url.startsWith('/') ? [] : (/^https?:\/\/([^/?#]*)/i.exec(url) ?? []);
    if (authority !== undefined) checkHost(authority);
    if (origin === undefined || origin === knownOrigin) return;
    const page = readOrigin(origin);
    if (page === undefined || !isAllowed(page.site, [page.defaultPort])) throw foreignOrigin();
    knownOrigin = origin;
  };
}

/** Whether only this machine reaches an address to listen on; false for names that could be anything. */
export function isLoopback(hostname: string): boolean {
  const family = isIP(hostname);
  if (family === 0) return hostname === 'localhost' || hostname.endsWith('.localhost');
  return loopback.check(hostname, family === 4 ? 'ipv4' : 'ipv6');
}

/** @throws {Problem} 400 as RFC 9112 asks for. */
function requireOneHost({ headers: { host }, rawHeaders, httpVersion }: IncomingMessage): void {
  if (host === undefined && httpVersion !== '1.0') throw new Problem(400, 'a request needs a Host header');
  if (countHeaders(rawHeaders, 'host') > 1) throw new Problem(400, 'a request has one Host header');
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function foreignOrigin(): Problem {
  return new Problem(403, 'Invalid Origin header');
}

/** With tokens any host is ours: a page of the host that is asked, or of this machine. */
function isOwnPage(origin: string, host: string | undefined): boolean {
  const page = readOrigin(origin);
  return (
    page !== undefined && (isLoopback(page.site.hostname) || page.site.hostname === readSite(host ?? '')?.hostname)
  );
}

/** One of the list; an address of IPv6 may stand without its brackets. */
function readAllowedHost(text: string): Site {
  const bracketed = isIPv6(text) ? `[${text}]` : text;
  const [, name = '', port = ''] = /^([\p{L}\p{N}._-]+)((?::\d+)?)$/u.exec(bracketed) ?? [];
  // Names beyond ASCII arrive in the form that DNS has for them.
  const site = readSite(bracketed) ?? (name === '' ? undefined : readSite(`${domainToASCII(name)}${port}`));
  if (site !== undefined && site.port !== 0) return site;
  throw new UserError(`cannot allow the host ${quote(text)}: it is no host`, {
    hint: 'list names or addresses with or without a port, as in gateway.example,192.0.2.7:4444,[2001:db8::7]',
  });
}

/** Longest name that DNS has, with brackets and port. */
const longestHost = 262;

/**
 * Reads `host[:port]`; `undefined` for anything else. A URL parser would read more than a host has: a user, a path, and
 * addresses in old forms.
 */
function readSite(text: string): Site | undefined {
  if (text.length > longestHost) return undefined;
  const [, address, name, digits = ''] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_][a-z0-9._-]*))(?::(\d{0,5}))?$/i.exec(text) ?? [];
  const port = digits === '' ? undefined : Number(digits);
  if (port !== undefined && port > 65_535) return undefined;
  if (name !== undefined) return { hostname: name.toLowerCase().replace(/\.$/, ''), port };
  if (address === undefined || !isIPv6(address)) return undefined;
  // One form of the many that an address has.
  return { hostname: new URL(`http://[${address}]`).hostname.slice(1, -1), port };
}

function readOrigin(origin: string): { readonly site: Site; readonly defaultPort: number } | undefined {
  const [, scheme = '', host = ''] = /^(https?):\/\/(.*)$/i.exec(origin) ?? [];
  const site = readSite(host);
  return site === undefined ? undefined : { site, defaultPort: scheme.toLowerCase() === 'http' ? 80 : 443 };
}

function hasPort(allowed: Site, given: { readonly site: Site; readonly defaultPorts: readonly number[] }): boolean {
  if (allowed.port === undefined) return true;
  return given.site.port === undefined ? given.defaultPorts.includes(allowed.port) : given.site.port === allowed.port;
}
