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
  /** Issuer and subject, since two issuers may use one name; sessions and shares belong to it. `null` as above. */
  readonly identity: string | null;
  readonly mayWrite: boolean;
  /** When the token ends, in milliseconds since 1970; absent where there is no token. */
  readonly endsAt?: number;
}

/** Where nobody has to say who they are. */
export const anybody: Caller = { subject: null, identity: null, mayWrite: true };
/** Who calls a public endpoint, such as a probe, where others need a token. */
export const anybodyWhoReads: Caller = { ...anybody, mayWrite: false };

/** Whose share of bounded things a request uses: the caller's, or that of its network where callers have no names. */
export function shareOf({ caller, ip }: Pick<FastifyRequest, 'caller' | 'ip'>): string {
  return caller.identity ?? networkOf(ip);
}

/** The address of IPv4, or the first 64 bits of IPv6: one household may use any address that begins with them. */
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
