/**
 * The admin page over HTTP: hostile names as text, tokens as passwords, and what is not there.
 */
import { describe, expect, it } from 'vitest';

import { issueToken } from '../../../src/gateway/http/auth.ts';
import { startGateway } from '../start-gateway.ts';
import { post, startFederation } from '../upstreams/start-federation.ts';

const hostile = `<img src=x onerror="document.title='taken'">`;

describe('the admin page', () => {
  it('escapes what others wrote, and lets no script in', async () => {
    const { url } = await startFederation();
    const created = await post(`${url}/tools`, { name: hostile, description: `"'&<b>` });
    const { id } = (await created.json()) as { id: string };
    for (const place of ['/admin/tools', `/admin/tools/${id}`]) {
      const response = await fetch(`${url}${place}`);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const text = await response.text();
      expect(text).not.toContain('<img');
      expect(text).toContain('&lt;img');
    }
  });

  it('asks a browser for a token as its password', async () => {
    const auth = { secret: 'a secret of more than thirty-two bytes' };
    const { app } = await startGateway({ auth });
    const refused = await app.inject('/admin/');
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^Basic /) as string,
    ]);
    const token = await issueToken(auth, { subject: 'amara', lifetimeSeconds: 60 });
    const basic = (password: string): { authorization: string } => ({
      authorization: `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`,
    });
    expect((await app.inject({ url: '/admin/', headers: basic(token) })).statusCode).toBe(200);
    expect((await app.inject({ url: '/admin/', headers: basic('wrong') })).statusCode).toBe(401);
    // Only where browsers ask.
    expect((await app.inject({ url: '/tools', headers: basic(token) })).statusCode).toBe(401);
    expect((await app.inject('/admin/style.css')).statusCode).toBe(200);
  });

  it('says what is not there', async () => {
    const { app } = await startGateway();
    expect((await app.inject('/admin/tools/00000000-0000-4000-8000-000000000000')).statusCode).toBe(404);
    expect((await app.inject('/admin/tools?cursor=none')).statusCode).toBe(422);
    expect((await app.inject('/admin')).headers['location']).toBe('/admin/');
  });
});
