/**
 * Who is let in: tokens that are right, and one answer for each way in which a token can be wrong.
 */
import { randomBytes } from 'node:crypto';

import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';

import { issueToken } from '../../../src/gateway/http/auth.ts';
import { UserError } from '../../../src/user-error.ts';
import { startGateway } from '../start-gateway.ts';
import { readFirst } from '../store/memory-store.ts';

const auth = { secret: randomBytes(32).toString('hex'), issuer: 'gateway.example.com', audience: 'clients' };
const now = Math.floor(Date.now() / 1000);

type Claims = Readonly<Record<string, unknown>>;

function sign(claims: Claims, options: { secret?: string; alg?: string } = {}): Promise<string> {
  const all = { sub: 'amara', iss: auth.issuer, aud: auth.audience, exp: now + 600, ...claims };
  return new SignJWT(all)
    .setProtectedHeader({ alg: options.alg ?? 'HS256' })
    .sign(Buffer.from(options.secret ?? auth.secret));
}

const unsecured = new UnsecuredJWT({ iss: auth.issuer, aud: auth.audience, exp: now + 600 }).encode();

describe('without authentication', () => {
  it('lets no page of somebody else in on any path', async () => {
    const { app } = await startGateway();
    for (const [method, url] of [
      ['GET', '/tools'],
      ['POST', '/tools'],
      ['GET', '/health'],
      ['GET', '/export'],
    ] as const) {
      const foreign = await app.inject({ method, url, headers: { origin: 'https://evil.example' } });
      expect({ url, status: foreign.statusCode }).toEqual({ url, status: 403 });
    }
    expect((await app.inject({ url: '/tools', headers: { origin: 'http://localhost:3000' } })).statusCode).toBe(200);
  });
});

describe('authentication', () => {
  it('lets a caller with a token in', async () => {
    const { app } = await startGateway({ auth });
    const token = await issueToken(auth, { subject: 'amara', lifetimeSeconds: 60 });
    const response = await app.inject({ url: '/tools', headers: { authorization: `Bearer ${token}` } });
    expect(response.statusCode).toBe(200);
  });

  it('asks for a token on every path but those of probes', async () => {
    const { app } = await startGateway({ auth });
    for (const url of ['/tools', '/version', '/openapi.json', '/export', '/events', '/nothing', '/mcp']) {
      const response = await app.inject(url);
      expect({ url, status: response.statusCode, asks: response.headers['www-authenticate'] }).toEqual({
        url,
        status: 401,
        asks: 'Bearer realm="gateway"',
      });
    }
    expect((await app.inject({ method: 'POST', url: '/rpc', payload: {} })).statusCode).toBe(401);
    for (const url of ['/health', '/ready']) expect((await app.inject(url)).statusCode).toBe(200);
  });

  it.each<[string, string | Promise<string>, string]>([
    ['has expired', sign({ exp: now - 60 }), 'the token has expired'],
    ['has no end', sign({ exp: undefined }), 'the token lacks the claim "exp"'],
    ['is not valid yet', sign({ nbf: now + 60 }), 'the token is not valid yet'],
    ['comes from another issuer', sign({ iss: 'elsewhere' }), 'the token\'s claim "iss" is not accepted'],
    ['is for another audience', sign({ aud: 'others' }), 'the token\'s claim "aud" is not accepted'],
    ['has another signature', sign({}, { secret: 'x'.repeat(32) }), 'the token is not one of this gateway'],
    ['has another algorithm', sign({}, { alg: 'HS384', secret: auth.secret }), 'the token is not one of this gateway'],
    ['has no signature', unsecured, 'the token is not one of this gateway'],
    ['is no token', 'abc', 'the token is not one of this gateway'],
    [
      'is for none of several audiences',
      sign({ aud: ['others', 'Clients'] }),
      'the token\'s claim "aud" is not accepted',
    ],
    ['is for no audience', sign({ aud: undefined }), 'the token lacks the claim "aud"'],
    ['has no issuer', sign({ iss: undefined }), 'the token lacks the claim "iss"'],
    ['has an end that is text', sign({ exp: '2099' }), 'the token\'s claim "exp" is not accepted'],
    ['names nobody', sign({ sub: undefined }), 'the token lacks the claim "sub"'],
    ...['', '   ', 7, true, null, ['amara'], { name: 'amara' }, 'x'.repeat(256), 'a\0b', 'a\nb', '\u{85}'].map(
      (sub): [string, Promise<string>, string] => [
        `is for the subject ${JSON.stringify(sub).slice(0, 20)}`,
        sign({ sub }),
        'the token\'s claim "sub" is not accepted',
      ],
    ),
    ...[
      { scope: 1 },
      { scope: null },
      { scope: true },
      { scope: ['read', 5] },
      { scope: { write: true } },
      { scp: {} },
      { scopes: 0 },
    ].map((claims): [string, Promise<string>, string] => [
      `has the scope ${JSON.stringify(claims)}`,
      sign(claims),
      `the token's claim "${Object.keys(claims)[0]}" is not accepted`,
    ]),
  ])('refuses a token that %s', async (_what, token, message) => {
    const { app } = await startGateway({ auth });
    const response = await app.inject({ url: '/tools', headers: { authorization: `Bearer ${await token}` } });
    expect(response.json()).toEqual({ error: 'Unauthorized', message, statusCode: 401 });
    expect(response.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(response.payload + String(response.headers['www-authenticate'])).not.toContain(auth.secret);
  });

  it.each<Claims>([
    { scope: 'write' },
    { scope: 'read write' },
    { scope: ['read', 'write'] },
    { scp: 'openid write' },
    { scp: ['write'] },
    { scopes: ['write', 'read'] },
    { scope: 'write', scp: ['write'] },
  ])('lets a token write that says so: %j', async (claims) => {
    const { app } = await startGateway({ auth });
    const headers = { authorization: `Bearer ${await sign(claims)}` };
    expect((await app.inject({ method: 'POST', url: '/servers', payload: { name: 'new' }, headers })).statusCode).toBe(
      201,
    );
  });

  it.each<Claims>([
    {},
    { scope: '' },
    { scope: 'read' },
    { scope: 'WRITE' },
    { scope: 'writer' },
    { scope: 'read,write' },
    { scope: 'not-write' },
    { scope: [] },
    { scope: ['read write'] },
    { scp: 'read' },
    { scopes: ['read'] },
    { scope: 'read', scp: ['write'] },
    { scope: 'write', scopes: [] },
  ])('lets a token only read that does not say that it may write: %j', async (claims) => {
    const { app, store } = await startGateway({ auth });
    const tool = await readFirst(store, 'tools');
    const headers = { authorization: `Bearer ${await sign(claims)}` };
    expect((await app.inject({ url: '/tools', headers })).statusCode).toBe(200);
    const refused = await app.inject({ method: 'DELETE', url: `/tools/${tool.id}`, headers });
    expect(refused.json()).toMatchObject({ statusCode: 403, error: 'Forbidden' });
    expect(refused.headers['www-authenticate']).toContain('insufficient_scope');
    expect(await store.count('tools')).toBe(5);
  });

  it("names the caller in what is created and exported, and keeps one caller's export from another", async () => {
    const { app } = await startGateway({ auth, responses: { cache: true } });
    const headersOf = async (subject: string) => ({
      authorization: `Bearer ${await issueToken(auth, { subject, lifetimeSeconds: 60 })}`,
    });
    const created = await app.inject({
      method: 'POST',
      url: '/servers',
      payload: { name: 'new' },
      headers: await headersOf('amara'),
    });
    expect(created.json()).toMatchObject({ createdBy: 'amara', createdVia: 'api', version: 1 });
    for (const subject of ['amara', 'jonas', 'amara']) {
      expect((await app.inject({ url: '/export', headers: await headersOf(subject) })).json()).toMatchObject({
        exported_by: subject,
      });
    }
  });

  it('takes a token for several audiences, and one of no issuer where none is named', async () => {
    const { app } = await startGateway({ auth });
    expect(
      (
        await app.inject({
          url: '/tools',
          headers: { authorization: `bearer ${await sign({ aud: ['others', 'clients'] })}` },
        })
      ).statusCode,
    ).toBe(200);
    const { app: other } = await startGateway({ auth: { secret: auth.secret } });
    for (const claims of [
      { iss: undefined, aud: undefined },
      { iss: 'anybody', aud: 'anything' },
    ]) {
      expect(
        (await other.inject({ url: '/tools', headers: { authorization: `Bearer ${await sign(claims)}` } })).statusCode,
      ).toBe(200);
    }
    expect(
      (await other.inject({ url: '/tools', headers: { authorization: `Bearer ${await sign({ iss: 5 })}` } }))
        .statusCode,
    ).toBe(401);
  });

  it('takes no token out of an address, and says nothing against a caller who has shown none', async () => {
    const { app } = await startGateway({ auth });
    const token = await sign({});
    for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
      const refused = await app.inject({ url: `/tools?access_token=${token}`, headers });
      expect(refused.json()).toMatchObject({ error: 'Bad Request', statusCode: 400 });
      expect(refused.headers['www-authenticate']).toContain('error="invalid_request"');
      expect(refused.payload).not.toContain(token);
    }
    expect((await app.inject(`/tools?token=${token}`)).statusCode).toBe(401);
    for (const authorization of ['Basic YTpi', 'bearertoken', token]) {
      const refused = await app.inject({ url: '/tools', headers: { authorization } });
      expect({ authorization, status: refused.statusCode, asks: refused.headers['www-authenticate'] }).toEqual({
        authorization,
        status: 401,
        asks: 'Bearer realm="gateway"',
      });
    }
    for (const authorization of ['Bearer', 'Bearer ', 'Bearer a b', 'Bearer "x"']) {
      const refused = await app.inject({ url: '/tools', headers: { authorization } });
      expect({ authorization, status: refused.statusCode, asks: refused.headers['www-authenticate'] }).toMatchObject({
        authorization,
        status: 401,
        asks: expect.stringContaining('invalid_token') as string,
      });
    }
  });

  it('refuses a secret that is too short, without repeating it', async () => {
    const starting = startGateway({ auth: { secret: 'too short to be safe' } });
    const error: unknown = await starting.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).not.toContain('too short to be safe');
  });
});
