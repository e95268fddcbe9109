/**
 * Names of hosts as requests and settings have them, with or without a port, and which of them are this very machine.
 *
 * Source: RFC 9110, section 7.2 (Host); RFC 6454, section 6 (Origin).
 */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

import { UserError } from '../../user-error.ts';
import { quote } from '../quote.ts';

export interface Host {
  /** Lower case, without a dot at its end; IPv6 without brackets. */
  readonly hostname: string;
  /** `undefined` where none is named: in a request the scheme's default, in a list of hosts any. */
  readonly port: number | undefined;
}

/** Whether only this machine reaches an address to listen on; false for names that could be anything. */
export function isLoopback(hostname: string): boolean {
  const family = isIP(hostname);
  if (family === 0) return hostname === 'localhost' || hostname.endsWith('.localhost');
  return loopback.check(hostname, family === 4 ? 'ipv4' : 'ipv6');
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Reads one of `--allowed-hosts`; an address of IPv6 may stand without its brackets. */
export function readAllowedHost(text: string): Host {
  const bracketed = isIPv6(text) ? `[${text}]` : text;
  const [, name = '', port = ''] = /^([\p{L}\p{N}._-]+)((?::\d+)?)$/u.exec(bracketed) ?? [];
  // Names beyond ASCII arrive in the form that DNS has for them.
  const host = readHost(bracketed) ?? (name === '' ? undefined : readHost(`${domainToASCII(name)}${port}`));
  if (host !== undefined && host.port !== 0) return host;
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
export function readHost(text: string): Host | undefined {
  if (text.length > longestHost) return undefined;
  const [, address, name, digits = ''] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_][a-z0-9._-]*))(?::(\d{0,5}))?$/i.exec(text) ?? [];
  const port = digits === '' ? undefined : Number(digits);
  if (port !== undefined && port > 65_535) return undefined;
  if (name !== undefined) return { hostname: name.toLowerCase().replace(/\.$/, ''), port };
  if (address === undefined || !isIPv6(address)) return undefined;
  // An address can be written in many ways; this is the canonical one.
  return { hostname: new URL(`http://[${address}]`).hostname.slice(1, -1), port };
}

/** Reads the origin of a page as browsers send it; `undefined` for anything else. */
export function readOrigin(text: string): (Host & { readonly defaultPort: number }) | undefined {
  const [, scheme = '', name = ''] = /^(https?):\/\/(.*)$/i.exec(text) ?? [];
  const host = readHost(name);
  return host === undefined ? undefined : { ...host, defaultPort: scheme.toLowerCase() === 'http' ? 80 : 443 };
}

/** Whether a host is the allowed one. @param defaultPorts what it may mean where it names no port. */
export function isSameHost(host: Host, allowed: Host, defaultPorts: readonly number[]): boolean {
  if (host.hostname !== allowed.hostname) return false;
  if (allowed.port === undefined) return true;
  return host.port === undefined ? defaultPorts.includes(allowed.port) : host.port === allowed.port;
}
