/**
 * Says whether a request may come from a web page of somebody else, as in DNS rebinding.
 *
 * A gateway on loopback is reachable by every page that its user's browser shows: a page's own name can be made to
 * point there. Such a request names that page in Host or Origin. Deliberately absent: CORS, since no page is served.
 * Source: MCP revision 2025-11-25, "Transports", security warning.
 */
import { BlockList, isIP } from 'node:net';

import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A check for requests to this application: why one is refused; `undefined` where it is not. */
export function createSiteCheck(app: FastifyInstance): (request: FastifyRequest) => string | undefined {
  let boundTo: string | undefined;
  return ({ headers: { host, origin } }) => {
    boundTo ??= addressOf(app);
    return findForeignSite({ host, origin, boundTo });
  };
}

function addressOf({ server }: FastifyInstance): string | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.address : undefined;
}

/** What is known of a request. */
interface CallerSite {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Where the server listens; `undefined` where it does not listen on an address. */
  readonly boundTo: string | undefined;
}

/**
 * Why the request is refused; `undefined` where it is not. Programs send no Origin; pages on this machine, and of the
 * host that is asked, are let in.
 */
function findForeignSite({ host, origin, boundTo }: CallerSite): string | undefined {
  const asked = hostnameOf(`http://${host ?? ''}`);
  if (boundTo !== undefined && isLoopback(boundTo) && (asked === undefined || !isLoopback(asked))) return 'Invalid Host header';
  if (origin === undefined) return undefined;
  const page = hostnameOf(origin);
  return page !== undefined && (isLoopback(page) || page === asked) ? undefined : 'Invalid Origin header';
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(hostname: string): boolean {
  const family = isIP(hostname);
  if (family === 0) return hostname === 'localhost' || hostname.endsWith('.localhost');
  return loopback.check(hostname, family === 4 ? 'ipv4' : 'ipv6');
}

/** Lower case, an IPv6 address without its brackets; `undefined` for what is no URL. */
function hostnameOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}
