/**
 * Registering servers at a gateway: all of them, once or twice, and what is said where it fails.
 */
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from 'vitest';

import { registerServers } from '../../src/servers/register.ts';
import { issueToken } from '../../src/gateway/http/auth.ts';
import { startGateway } from '../gateway/start-gateway.ts';
import { startTestServers } from './start-test-servers.ts';

const signal = new AbortController().signal;
const auth = { secret: 'a secret of more than thirty-two bytes' };

async function listenWithAuth() {
  const { app, store } = await startGateway({ items: 0, auth });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const gateway = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const token = await issueToken(auth, { subject: 'admin', lifetimeSeconds: 60 });
  return { gateway, token, store };
}

describe('servers', () => {
  it('are registered at once, and a second time nothing changes', async () => {
    const servers = await startTestServers('benchmark', { count: 3 });
    const { gateway, token, store } = await listenWithAuth();
    const options = { gateway, token, serverToken: undefined, signal };
    const outcomes = async (): Promise<string[]> =>
      (await registerServers(servers, options)).map(({ outcome }) => outcome);
    expect(await outcomes()).toEqual(['registered', 'registered', 'registered']);
    const before = await store.list('gateways');
    expect(new Set(before.items.map(({ url }) => url))).toEqual(new Set(servers.map(({ url }) => `${url}/mcp`)));
    expect(await outcomes()).toEqual(['already registered', 'already registered', 'already registered']);
    expect(await store.list('gateways')).toEqual(before);
  });

  it('are told apart from others of the same name, and each failure is said', async () => {
    const [server] = await startTestServers('benchmark');
    const { gateway, token } = await listenWithAuth();
    const options = { gateway, token, serverToken: undefined, signal };
    const registered = await registerServers([server], options);
    expect(registered).toMatchObject([{ outcome: 'registered' }]);
    const [other] = await startTestServers('benchmark');
    const namesake = { name: server.name, url: other.url };
    expect(await registerServers([namesake, other], options)).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('another server of that name') as string },
      { outcome: 'registered' },
    ]);
  });

  it('fail with a reason without a token, without a gateway, and where they do not answer', async () => {
    const [server] = await startTestServers('benchmark');
    const { gateway, token } = await listenWithAuth();
    const reasonOf = async (asked: { gateway?: string; token?: string | undefined; url?: string }): Promise<string> => {
      const options = { gateway, token, serverToken: undefined, signal: AbortSignal.timeout(1000), ...asked };
      const [one] = await registerServers([{ name: server.name, url: asked.url ?? server.url }], options);
      return one?.reason ?? '';
    };
    expect(await reasonOf({ token: undefined })).toContain('answered 401');
    expect(await reasonOf({ gateway: 'http://127.0.0.1:9' })).not.toBe('');
    expect(await reasonOf({ url: 'http://127.0.0.1:9' })).not.toBe('');
  });
});
