/**
 * Checks bearer tokens (JWT, HS256), reads who calls out of them, and makes tokens for trying.
 *
 * A token says who it is for (`sub`) and has an end (`exp`); its beginning (`nbf`) is checked where it has one, issuer
 * and audience where the settings name them. It allows reading, and writing only where it says so. The secret is never
 * part of a message. Deliberately absent: other algorithms, tokens in the URL (which logs keep), passwords, revoked
 * tokens.
 * Source: RFC 6750 (bearer tokens), RFC 7519 (JWT), RFC 8693 section 4.2 (`scope`).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type JWTPayload, errors, jwtVerify, SignJWT } from 'jose';

import { UserError } from '../../user-error.ts';
import type { AuthSettings } from '../settings.ts';
import { type Caller, anybody, anybodyWhoReads } from './callers.ts';
import { Problem } from './errors.ts';
import { countHeaders } from './headers.ts';

/** RFC 7518, section 3.2: a key of HS256 is at least as long as the hash. */
const leastSecretBytes = 32;
/** Clocks of two machines differ; arbitrary, a few seconds more let an expired token live that much longer. */
const clockToleranceSeconds = 5;

/** Longest subject or issuer in characters: what OpenID Connect allows a subject. */
const longestName = 255;

/**
 * Checks the token of every request but those to public endpoints, unknown paths included.
 * @param auth `undefined` lets everybody do everything.
 * @throws {UserError} where the secret is too short.
 */
export async function installAuth(app: FastifyInstance, auth: AuthSettings | undefined): Promise<void> {
  // Fastify wants no object here, which all requests would share; a hook sets it before anything reads it.
  app.decorateRequest('caller', null as unknown as Caller);
  if (auth === undefined) {
    app.addHook('onRequest', (request, _reply, done) => {
      request.caller = anybody;
      done();
    });
    return;
  }
  const key = await importSecret(auth.secret, ['verify']);
  app.addHook('onRequest', async (request) => {
    const { endpoint } = request.routeOptions.config;
    request.caller = endpoint?.isPublic === true ? anybodyWhoReads : await readCaller(request, { auth, key });
    if (endpoint?.scope === 'write' && !request.caller.mayWrite) {
      const message = 'this token does not allow writing';
      throw new Problem(403, message, { 'www-authenticate': challenge('insufficient_scope', message, 'write') });
    }
  });
}

/**
 * A token for the gateway with these settings.
 * @param options.scope what it allows; everything where absent.
 */
export async function issueToken(
  auth: AuthSettings,
  options: { subject: string; lifetimeSeconds: number; scope?: string },
): Promise<string> {
  const { subject, lifetimeSeconds, scope = 'read write' } = options;
  const now = Math.floor(Date.now() / 1000);
  const token = new SignJWT({ scope })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds);
  if (auth.issuer !== undefined) token.setIssuer(auth.issuer);
  if (auth.audience !== undefined) token.setAudience(auth.audience);
  return token.sign(await importSecret(auth.secret, ['sign']));
}

async function importSecret(secret: string, usages: ('sign' | 'verify')[]): Promise<CryptoKey> {
  const bytes = Buffer.from(secret);
  if (bytes.length < leastSecretBytes) {
    throw new UserError(`cannot check tokens: the secret has ${bytes.length} bytes`, {
      hint: `use a random one of at least ${leastSecretBytes} bytes`,
    });
  }
  // Imported once, since it would be imported for every token otherwise.
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, usages);
}

async function readCaller(
  request: FastifyRequest,
  { auth, key }: { auth: AuthSettings; key: CryptoKey },
): Promise<Caller> {
  const isForBrowsers = request.routeOptions.config.endpoint?.isForBrowsers === true;
  const authorization = isForBrowsers ? fromPassword(request.headers.authorization) : request.headers.authorization;
  if (/[?&]access_token=/.test(request.url))
    throw badRequest('a token belongs into the Authorization header, not into the address, which logs keep');
  if (countHeaders(request.raw.rawHeaders, 'authorization') > 1)
    throw badRequest('a request has one Authorization header');
  // The challenge names no error where no token was shown; RFC 6750, section 3.1.
  if (authorization === undefined || !/^Bearer\b/i.test(authorization)) {
    const scheme = isForBrowsers
      ? 'Basic realm="gateway: any name, and a token as the password", charset="UTF-8"'
      : 'Bearer realm="gateway"';
    throw new Problem(401, 'a bearer token is needed', { 'www-authenticate': scheme });
  }
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw refuseToken('the Authorization header holds no bearer token');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
      ...(auth.issuer === undefined ? {} : { issuer: auth.issuer }),
      ...(auth.audience === undefined ? {} : { audience: auth.audience }),
    });
    return toCaller(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refuseToken(describeRefusal(error));
    throw error;
  }
}

/** A browser's name and password as a bearer token; anything else as it is. Source: RFC 7617. */
function fromPassword(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return authorization;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  return `Bearer ${credentials.slice(credentials.indexOf(':') + 1)}`;
}

/** @throws {Problem} 401 for claims that are not what they should be. */
function toCaller({ iss, sub, exp, ...claims }: JWTPayload): Caller {
  if (sub === undefined) throw refuseToken('the token lacks the claim "sub"');
  if (!isName(sub)) throw refuseClaim('sub');
  if (iss !== undefined && !isName(iss)) throw refuseClaim('iss');
  // `exp` is there: it was required.
  return {
    subject: sub,
    identity: JSON.stringify([iss ?? null, sub]),
    mayWrite: mayWrite(claims),
    endsAt: Number(exp) * 1000,
  };
}

/** Names are stored, logged and sent back, so they have to be text that a database, a log and JSON can hold. */
function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= longestName &&
    value.trim() !== '' &&
    value.isWellFormed() &&
    !/\p{Cc}/u.test(value)
  );
}

/** Claims in which issuers say what a token allows, as words with blanks between them or as a list. */
const scopeClaims = ['scope', 'scp', 'scopes'] as const;

/** True only where a token has one of these claims, and each one that it has says so. */
function mayWrite(claims: Readonly<Record<string, unknown>>): boolean {
  const given = scopeClaims.filter((name) => Object.hasOwn(claims, name)).map((name) => readScope(name, claims[name]));
  return given.length > 0 && given.every((scope) => scope.includes('write'));
}

function readScope(claim: string, value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ');
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw refuseClaim(claim);
}

function refuseClaim(claim: string): Problem {
  return refuseToken(`the token's claim "${claim}" is not accepted`);
}

function badRequest(message: string): Problem {
  return new Problem(400, message, { 'www-authenticate': challenge('invalid_request', message) });
}

/** Why a token is refused, in our own words: the library's may change, and may tell a stranger too much. */
function describeRefusal(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return 'the token is not valid yet';
    return error.reason === 'missing'
      ? `the token lacks the claim "${error.claim}"`
      : `the token's claim "${error.claim}" is not accepted`;
  }
  return 'the token is not one of this gateway';
}

function refuseToken(message: string): Problem {
  return new Problem(401, message, { 'www-authenticate': challenge('invalid_token', message) });
}

function challenge(code: string, message: string, scope?: string): string {
  const needed = scope === undefined ? '' : `, scope="${scope}"`;
  return `Bearer realm="gateway", error="${code}", error_description="${message.replaceAll('"', "'")}"${needed}`;
}
