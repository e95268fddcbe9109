/**
 * Who calls, as the rest of the gateway asks for it: a name, what it may do, and whose share of bounded things it uses.
 */
import { isIPv6 } from 'node:net';

import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
}

export interface Caller {
  /** `null` where nobody has to say who they are. */
  readonly subject: string | null;
  /** What sessions and shares belong to: issuer and subject together, since two issuers may know the same name. `null` as above. */
  readonly identity: string | null;
  readonly mayWrite: boolean;
  /** Milliseconds since 1970 after which the token says nothing any more; absent where there is none. */
  readonly endsAt?: number;
}

/** Where nobody has to say who they are. */
export const anybody: Caller = { subject: null, identity: null, mayWrite: true };
/** Who calls a public endpoint, such as a probe, where others need a token. */
export const anybodyWhoReads: Caller = { ...anybody, mayWrite: false };

/** Whose share a request counts into: the caller's, and where callers have no names, that of the network it comes from. */
export function shareOf({ caller, ip }: Pick<FastifyRequest, 'caller' | 'ip'>): string {
  return caller.identity ?? networkOf(ip);
}

/** An address of IPv4, or the /64 of one of IPv6: its household or machine could come from a new address each time. */
function networkOf(ip: string): string {
  if (!isIPv6(ip) || ip.includes('.')) return ip.replace(/^::ffff:/i, '');
  const [before, after] = ip.split('::') as [string, string?];
  const [head, tail] = [before, after ?? ''].map((groups) => groups.split(':').filter((group) => group !== '')) as [
    string[],
    string[],
  ];
  const zeros = after === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
