/**
 * Credentials of servers: kept encrypted, sent where they belong, and shown nowhere.
 */
import { describe, expect, it } from 'vitest';

import { createCredentialKeeper } from '../../../src/gateway/upstreams/credentials.ts';
import { startTestServers } from '../../servers/start-test-servers.ts';
import { startFederation } from './start-federation.ts';

const keeper = createCredentialKeeper('a secret that nobody guesses, of some length', { TOKEN: 'of the environment' });

describe('a credential', () => {
  it('is sealed anew each time, and opened under the same secret alone', () => {
    const credential = { type: 'bearer', value: 'hunter2' } as const;
    const [first, second] = [keeper.seal(credential), keeper.seal(credential)];
    expect(first).not.toBe(second);
    expect(first).not.toContain('hunter2');
    expect(keeper.open(first)).toEqual(credential);
    const other = createCredentialKeeper('another secret that nobody guesses, of length', {});
    expect(() => other.open(first)).toThrow('under another secret');
    expect(() => keeper.open('v1:AAAA')).toThrow('broken');
    expect(() => keeper.open(`${first.slice(0, -8)}AAAAAAA=`)).toThrow(/under another secret/);
  });

  it('becomes headers', () => {
    expect(keeper.headersOf({ type: 'bearer', value: 'abc' })).toEqual({ authorization: 'Bearer abc' });
    expect(keeper.headersOf({ type: 'basic', value: 'user:password' })).toEqual({
      authorization: 'Basic dXNlcjpwYXNzd29yZA==',
    });
    expect(keeper.headersOf({ type: 'headers', value: '{"x-key":"k"}' })).toEqual({ 'x-key': 'k' });
    expect(() => keeper.headersOf({ type: 'bearer', value: 'a\nb' })).toThrow('no header');
    expect(() => keeper.headersOf({ type: 'headers', value: '[' })).toThrow('no JSON object');
    expect(() => keeper.headersOf({ type: 'bearer', value: 'env:OTHER' })).toThrow('the variable OTHER');
  });
});

describe('a gateway', () => {
  it('sends it to the server that asks for it, and shows it to nobody', async () => {
    const [server] = await startTestServers('benchmark', { token: 'hunter2' });
    const { url, register, rpc, store } = await startFederation();
    expect((await register('closed', `${server.url}/mcp`)).status).toBe(502);
    const response = await register('closed', `${server.url}/mcp`, { authType: 'bearer', authValue: 'hunter2' });
    const text = await response.text();
    expect(response.status).toBe(201);
    expect(JSON.parse(text)).toMatchObject({ authType: 'bearer', authValue: '*****' });
    expect((await rpc('tools/call', { name: 'closed-benchmark-tool-1' })).result).toMatchObject({ isError: false });
    const shown = await Promise.all(
      ['gateways', 'tools', 'export', 'openapi.json'].map(async (path) => (await fetch(`${url}/${path}`)).text()),
    );
    for (const one of [text, ...shown]) expect(one).not.toContain('hunter2');
    const [known] = await store.listUpstreams();
    expect(known?.credential).toMatch(/^v1:/);
    expect(known?.credential).not.toContain('hunter2');
  });

  it('reads it from the environment', async () => {
    const [server] = await startTestServers('benchmark', { token: 'secret-of-environment' });
    const credentials = createCredentialKeeper('a secret that nobody guesses, of some length', {
      UPSTREAM_TOKEN: 'secret-of-environment',
    });
    const { register } = await startFederation({ credentials });
    const bearer = { authType: 'bearer', authValue: 'env:UPSTREAM_TOKEN' };
    expect((await register('closed', `${server.url}/mcp`, bearer)).status).toBe(201);
  });

  it.each([
    [{ authType: 'magic', authValue: 'x' }, 'must be one of'],
    [{ authType: 'bearer' }, 'authValue is missing'],
    [{ authType: 'bearer', authValue: '*****' }, 'authValue is missing'],
    [{ authType: 'bearer', authValue: 'env:NOT_THERE' }, 'the variable NOT_THERE'],
  ])('refuses %j', async (given, reason) => {
    const [server] = await startTestServers('benchmark');
    const { register } = await startFederation();
    const response = await register('closed', `${server.url}/mcp`, given);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(reason);
  });
});
