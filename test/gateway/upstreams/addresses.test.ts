/**
 * Where the gateway may connect to: public addresses, and what its operator allows.
 */
import { describe, expect, it } from 'vitest';

import { isSpecial, readAllowed, readUpstreamUrl, resolveAllowed } from '../../../src/gateway/upstreams/addresses.ts';
import { connectTo } from '../../../src/gateway/upstreams/connection.ts';
import { startTestServers } from '../../servers/start-test-servers.ts';
import { startFederation } from './start-federation.ts';

const nothing = readAllowed([]);

describe('an address is refused', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fd00::1]',
    // Older ways to write loopback, which a URL turns into the usual one.
    '2130706433',
    '0x7f.1',
    '017700000001',
    '127.1',
  ])('%s', async (host) => {
    const { hostname } = readUpstreamUrl(`http://${host}/mcp`);
    await expect(resolveAllowed(hostname, { allowed: nothing })).rejects.toThrow('no public address');
  });

  it.each(['8.8.8.8', '1.1.1.1', '[2606:4700::1111]'])('%s is not', async (host) => {
    const { hostname } = readUpstreamUrl(`http://${host}/mcp`);
    await expect(resolveAllowed(hostname, { allowed: nothing })).resolves.toHaveLength(1);
  });

  it('where any address of a name is not public, and where it has none', async () => {
    const resolve = async (): Promise<{ address: string; family: number }[]> => [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    await expect(resolveAllowed('both.example', { allowed: nothing, resolve })).rejects.toThrow('no public address');
    await expect(resolveAllowed('none.example', { allowed: nothing, resolve: async () => [] })).rejects.toThrow(
      'no address',
    );
    const fails = async (): Promise<never> => {
      throw new Error('ENOTFOUND');
    };
    await expect(resolveAllowed('gone.example', { allowed: nothing, resolve: fails })).rejects.toThrow('no address');
  });

  it('unless the operator allows its name or range', async () => {
    const resolve = async (): Promise<{ address: string; family: number }[]> => [{ address: '10.0.0.1', family: 4 }];
    const by = (list: string[]): Promise<unknown> =>
      resolveAllowed('inside.example', { allowed: readAllowed(list), resolve });
    await expect(by(['inside.example'])).resolves.toHaveLength(1);
    await expect(by(['10.0.0.0/8'])).resolves.toHaveLength(1);
    await expect(by(['10.0.0.1'])).resolves.toHaveLength(1);
    await expect(by(['outside.example', '192.168.0.0/16'])).rejects.toThrow('no public address');
  });
});

describe('what is no address', () => {
  it.each([
    'ftp://example.com',
    'file:///etc/passwd',
    'gopher://x',
    'example.com',
    '',
    'http://user:secret@example.com/',
  ])('%s', (text) => {
    expect(() => readUpstreamUrl(text)).toThrow(/is no URL|is not allowed|must not hold/);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/8/8', 'a b', '/8', '::1/129'])('the operator cannot allow %s', (entry) => {
    expect(() => readAllowed([entry])).toThrow('cannot allow the upstream');
  });

  it('knows what is special', () => {
    expect(isSpecial('not an address')).toBe(true);
  });
});

describe('a connection', () => {
  it('goes to the address that was checked, whatever the name says later', async () => {
    const [{ port }] = await startTestServers('benchmark');
    let asked = 0;
    // The second answer is what an attacker would give once the check is over.
    const resolve = async (): Promise<{ address: string; family: number }[]> => {
      asked += 1;
      return [{ address: asked === 1 ? '8.8.8.8' : '127.0.0.1', family: 4 }];
    };
    const { fetch, close } = connectTo(
      { allowed: nothing, resolve, headers: {} },
      { connections: 1, answerBytes: 1000, connectMs: 500 },
    );
    await expect(fetch(`http://rebinding.example:${port}/health`)).rejects.toThrow('no public address');
    await close();
  });
});

describe('a gateway', () => {
  it('refuses to register a server of this machine that nobody allowed, without asking it', async () => {
    const [server] = await startTestServers('benchmark');
    const { register } = await startFederation({ allowed: nothing });
    const response = await register('inside', `${server.url}/mcp`);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('--allow-upstreams');
    expect((await register('file', 'file:///etc/passwd')).status).toBe(422);
  });
});
