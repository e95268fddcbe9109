/**
 * What is asked of somebody who registers a server, why one is refused, and what its entity says of it afterwards.
 */
import type { EntityInput } from '../entities/entity.ts';
import { AddressRefused, type AllowedAddresses, type Resolve, readUpstreamUrl, resolveAllowed } from './addresses.ts';
import { type Credential, credentialTypes, mask } from './credentials.ts';

/** A server was not registered; the message says why. */
export class RegistrationRefused extends Error {
  /** Whose fault it is: what was asked for, or what the server does. */
  readonly statusCode: 422 | 502;

  constructor(statusCode: 422 | 502, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RegistrationRefused';
    this.statusCode = statusCode;
  }
}

export async function requireAllowed(
  text: string,
  resolving: { allowed: AllowedAddresses; resolve?: Resolve },
): Promise<URL> {
  try {
    const url = readUpstreamUrl(text);
    await resolveAllowed(url.hostname, resolving);
    return url;
  } catch (error) {
    if (error instanceof AddressRefused) throw new RegistrationRefused(422, `body/url: ${error.message}`, error);
    throw error;
  }
}

export function readCredential(type: unknown, value: unknown): Credential | undefined {
  if (type === null || type === undefined || type === '' || type === 'none') return undefined;
  const known = credentialTypes.find((one) => one === type);
  if (known === undefined)
    throw new RegistrationRefused(422, `body/authType must be one of ${credentialTypes.join(', ')}`);
  if (typeof value !== 'string' || value === '' || value === mask)
    throw new RegistrationRefused(422, 'body/authValue is missing: a secret, or env:NAME for one of the environment');
  return { type: known, value };
}

export function refusalOf(error: unknown, name: string): unknown {
  if (error instanceof RegistrationRefused) return error;
  if (error instanceof AddressRefused) return new RegistrationRefused(422, `body/url: ${error.message}`, error);
  const reason = error instanceof Error ? error.message : 'it failed without a reason';
  return new RegistrationRefused(502, `the server ${JSON.stringify(name)} cannot be used: ${reason}`, error);
}

export function healthy(now: string): EntityInput {
  return { reachable: true, status: 'active', statusMessage: null, lastError: null, lastSeen: now };
}

export function unhealthy(reason: string): EntityInput {
  return { reachable: false, status: 'unreachable', statusMessage: 'it does not answer', lastError: reason };
}
