/**
 * Who is calling: bearer tokens (JWT, HS256) and what they allow.
 *
 * A token has an end (`exp`); its beginning (`nbf`), issuer and audience are checked where there are any. Deliberately
 * absent: other algorithms, tokens in the URL (which logs keep), users and passwords. The secret is never part of a
 * message.
 * Source: RFC 6750 (bearer tokens), RFC 7519 (JWT).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errors, jwtVerify, SignJWT } from 'jose';

import { UserError } from '../user-error.ts';
import { Problem } from './errors.ts';
import type { AuthSettings } from './model.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
}

export interface Caller {
  /** `null` where nobody has to say who they are. */
  readonly subject: string | null;
  readonly mayWrite: boolean;
}

/** RFC 7518, section 3.2: a key of HS256 is at least as long as the hash. */
const leastSecretBytes = 32;
/** Clocks of two machines differ; arbitrary, a few seconds more let an expired token live that much longer. */
const clockToleranceSeconds = 5;

const anybody: Caller = { subject: null, mayWrite: true };

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
    request.caller = endpoint?.isPublic === true ? { subject: null, mayWrite: false } : await identify(request, { auth, key });
    if (endpoint?.scope === 'write' && !request.caller.mayWrite) {
      const message = 'this token does not allow writing';
      throw new Problem(403, message, { 'www-authenticate': challenge('insufficient_scope', message, 'write') });
    }
  });
}

/**
 * A token for the gateway with these settings.
 * @param options.scope what it allows, as in `read write`; everything where absent.
 */
export async function issueToken(auth: AuthSettings, options: { subject: string; lifetimeSeconds: number; scope?: string }): Promise<string> {
  const { subject, lifetimeSeconds, scope } = options;
  const now = Math.floor(Date.now() / 1000);
  const token = new SignJWT(scope === undefined ? {} : { scope })
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

async function identify(request: FastifyRequest, { auth, key }: { auth: AuthSettings; key: CryptoKey }): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    throw new Problem(401, 'a bearer token is needed', { 'www-authenticate': 'Bearer realm="gateway"' });
  }
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw refuse('the Authorization header holds no bearer token');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
      ...(auth.issuer === undefined ? {} : { issuer: auth.issuer }),
      ...(auth.audience === undefined ? {} : { audience: auth.audience }),
    });
    const { sub, scope } = payload;
    return { subject: sub ?? null, mayWrite: scope === undefined || (typeof scope === 'string' && scope.split(' ').includes('write')) };
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refuse(describeRefusal(error));
    throw error;
  }
}

/** Why, in the words of this gateway: a library's may change, and say more than a stranger should know. */
function describeRefusal(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return 'the token is not valid yet';
    return error.reason === 'missing' ? `the token lacks the claim "${error.claim}"` : `the token's claim "${error.claim}" is not accepted`;
  }
  return 'the token is not one of this gateway';
}

function refuse(message: string): Problem {
  return new Problem(401, message, { 'www-authenticate': challenge('invalid_token', message) });
}

function challenge(code: string, message: string, scope?: string): string {
  const needed = scope === undefined ? '' : `, scope="${scope}"`;
  return `Bearer realm="gateway", error="${code}", error_description="${message.replaceAll('"', "'")}"${needed}`;
}
