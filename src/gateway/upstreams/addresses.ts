/**
 * Which addresses the gateway connects to for others: those of the public internet, and what its operator allows by name
 * or range.
 *
 * Whoever registers a server chooses its address, and could otherwise reach through the gateway whatever the gateway
 * reaches: its own machine, its network, the metadata of its cloud (server-side request forgery). A name is resolved
 * once, every address that it has is checked, and the connection goes to the address that was checked.
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

import { UserError } from '../../user-error.ts';
import { quote } from '../quote.ts';

/** An upstream's URL cannot be used; the message says why, and names nothing but what the caller gave. */
export class AddressRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AddressRefused';
  }
}

/** Names and ranges that may be reached although they are not public. */
export interface AllowedAddresses {
  isNameAllowed(this: void, hostname: string): boolean;
  isAddressAllowed(this: void, address: string): boolean;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves a name; replaced by tests. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

// Two lists: in one of both families an address of IPv4 would be found by the range of mapped ones.
const special4 = new BlockList();
const special6 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special4.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  // Addresses of IPv4 in other forms: mapped, translated, 6to4 and Teredo.
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['100::', 64],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  special6.addSubnet(network, prefix, 'ipv6');

/** True for addresses that not everybody reaches. */
export function isSpecial(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return special4.check(address, 'ipv4');
  return family === 0 || special6.check(address, 'ipv6');
}

/**
 * Reads the operator's list: names, addresses and ranges, as in `localhost`, `192.0.2.7`, `10.0.0.0/8`.
 * @throws {UserError} for anything else.
 */
export function readAllowed(list: readonly string[]): AllowedAddresses {
  const names = new Set<string>();
  const ranges = new BlockList();
  for (const entry of list) {
    const [address = '', prefix, ...rest] = entry.replaceAll(/[[\]]/g, '').split('/');
    const family = isIP(address);
    const type = family === 4 ? 'ipv4' : 'ipv6';
    if (family !== 0 && prefix === undefined) {
      ranges.addAddress(address, type);
    } else if (family !== 0 && rest.length === 0 && isPrefix(prefix, family)) {
      ranges.addSubnet(address, Number(prefix), type);
    } else if (family === 0 && prefix === undefined && /^[\w.-]+$/.test(address)) {
      names.add(address.toLowerCase());
    } else {
      throw new UserError(`cannot allow the upstream ${quote(entry)}: it is no name, address or range`, {
        hint: 'list them as in localhost,192.0.2.7,10.0.0.0/8',
      });
    }
  }
  return {
    isNameAllowed: (hostname) => names.has(hostname),
    isAddressAllowed(address) {
      const family = isIP(address);
      return family !== 0 && ranges.check(address, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

function isPrefix(text: string | undefined, family: number): boolean {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= (family === 4 ? 32 : 128);
}

/** Reads what somebody wants to register. @throws {AddressRefused} for what can never be a server's address. */
export function readUpstreamUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new AddressRefused(`${quote(text)} is no URL`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new AddressRefused(`the scheme ${quote(url.protocol)} is not allowed: only http and https are`);
  if (url.username !== '' || url.password !== '')
    throw new AddressRefused('a URL must not hold a user or a password; give them as authType and authValue');
  return url;
}

/**
 * Finds out where a name leads, once.
 * @returns all its addresses, at least one, each of them allowed.
 * @throws {AddressRefused} where one of them is not, or there is none.
 */
export async function resolveAllowed(
  hostname: string,
  options: { allowed: AllowedAddresses; resolve?: Resolve },
): Promise<readonly ResolvedAddress[]> {
  const { allowed, resolve = (name) => lookup(name, { all: true, verbatim: true }) } = options;
  const name = hostname.replaceAll(/[[\]]/g, '').toLowerCase();
  const literal = isIP(name);
  const found =
    literal === 0
      ? await resolve(name).catch(() => {
          throw new AddressRefused(`the name ${quote(name)} has no address`);
        })
      : [{ address: name, family: literal }];
  if (found.length === 0) throw new AddressRefused(`the name ${quote(name)} has no address`);
  if (!allowed.isNameAllowed(name)) {
    for (const { address } of found) {
      // Where it leads is not told: that is what somebody may want to find out.
      if (isSpecial(address) && !allowed.isAddressAllowed(address))
        throw new AddressRefused(
          `${quote(name)} is no public address; whoever runs the gateway can allow it by --allow-upstreams`,
        );
    }
  }
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
