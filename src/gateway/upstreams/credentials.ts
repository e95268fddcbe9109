/**
 * What the gateway says to a server to be let in: kept encrypted, or read from the environment, and shown to nobody.
 *
 * Source: NIST SP 800-38D (AES-GCM), with a random 96-bit nonce for each value.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

import { UserError } from '../../user-error.ts';

/** As clients give it: how, and the secret or the name of a variable that has it, as in `env:NAME`. */
export interface Credential {
  readonly type: 'bearer' | 'basic' | 'headers';
  readonly value: string;
}

export interface CredentialKeeper {
  /** @returns text for the database. */
  seal(credential: Credential): string;
  /** @throws {Error} for what was sealed under another key; its message holds nothing of the secret. */
  open(sealed: string): Credential;
  /** The headers of a request. @throws {Error} where a variable is not set, or the value is of no use. */
  headersOf(credential: Credential): Record<string, string>;
}

export const credentialTypes = ['bearer', 'basic', 'headers'] as const;
/** What stands in an entity in place of the secret. */
export const mask = '*****';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const fromEnvironment = 'env:';

/** @param secret any text; the key is its SHA-256. @param env where `env:NAME` is looked up. */
export function createCredentialKeeper(
  secret: string,
  env: Readonly<Record<string, string | undefined>>,
): CredentialKeeper {
  const key = createHash('sha256').update(secret).digest();
  return {
    seal({ type, value }) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce);
      const text = Buffer.concat([cipher.update(JSON.stringify({ type, value }), 'utf8'), cipher.final()]);
      return `v1:${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')}`;
    },
    open(sealed) {
      const [version, text = ''] = sealed.split(':');
      const bytes = Buffer.from(text, 'base64');
      if (version !== 'v1' || bytes.length < nonceBytes + tagBytes) throw new Error('the stored credential is broken');
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const opened = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
        return JSON.parse(opened.toString('utf8')) as Credential;
      } catch {
        throw new Error('the stored credential was encrypted under another secret');
      }
    },
    headersOf({ type, value }) {
      const secretText = value.startsWith(fromEnvironment)
        ? readVariable(env, value.slice(fromEnvironment.length))
        : value;
      if (type === 'bearer') return { authorization: `Bearer ${requireHeaderText(secretText)}` };
      if (type === 'basic') return { authorization: `Basic ${Buffer.from(secretText).toString('base64')}` };
      return readHeaders(secretText);
    },
  };
}

function readVariable(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`the variable ${name} with its credential is not set`);
  return value;
}

function requireHeaderText(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Error('its credential holds characters that no header may have');
  return text;
}

/** Headers as a JSON object of texts. */
function readHeaders(text: string): Record<string, string> {
  try {
    const headers = JSON.parse(text) as Record<string, string>;
    for (const [name, value] of Object.entries(headers)) new Headers().set(name, value);
    return headers;
  } catch {
    throw new Error('its credential is no JSON object of headers');
  }
}

/** Long enough that nobody guesses it. */
const leastSecretCharacters = 32;

/** @throws {UserError} for a secret that is too short. */
export function requireSecret(secret: string, variable: string): string {
  if (secret.length >= leastSecretCharacters) return secret;
  throw new UserError(
    `cannot keep credentials: ${variable} has ${secret.length} characters, and needs ${leastSecretCharacters}`,
  );
}
