/**
 * By which hosts and for which pages the gateway is there, on every path: what DNS rebinding would make of it.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { createBareGateway } from '../../../src/gateway/bare.ts';
import { issueToken } from '../../../src/gateway/http/auth.ts';
import { Problem } from '../../../src/gateway/http/errors.ts';
import { createHostCheck } from '../../../src/gateway/http/known-hosts.ts';
import { UserError } from '../../../src/user-error.ts';
import { startGateway } from '../start-gateway.ts';
import { createMemoryStore } from '../store/memory-store.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends lines of a head as they are, on a connection of its own. */
async function ask(port: number, lines: readonly string[]): Promise<Answer> {
  const socket = net.connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), body };
}

async function listen(options: Parameters<typeof startGateway>[0] = {}): Promise<number> {
  const { app } = await startGateway({ items: 1, ...options });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as { port: number }).port;
}

async function listenBare(allowedHosts: readonly string[]): Promise<number> {
  const { settings } = await startGateway();
  const bare = createBareGateway({ store: createMemoryStore(1), settings: { ...settings, allowedHosts } });
  await bare.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    bare.server.closeAllConnections();
    await bare.close();
  });
  return (bare.server.address() as { port: number }).port;
}

/** The status that a request is refused with, 200 where it is not. */
function statusOf(
  check: ReturnType<typeof createHostCheck>,
  request: { host?: string; origin?: string; url?: string; rawHeaders?: string[] },
): number {
  const { host, origin, url = '/', rawHeaders = [] } = request;
  try {
    check({ headers: { host, origin }, rawHeaders, url, httpVersion: '1.1' } as never);
    return 200;
  } catch (error) {
    if (error instanceof Problem) return error.statusCode;
    throw error;
  }
}

const listed = [
  'Gateway.Example',
  'with.port:4444',
  '192.0.2.7',
  '[2001:DB8::7]:80',
  '2001:db8:0::8',
  'tls.example:443',
  'bücher.example',
  'under_score',
];

describe('a list of hosts', () => {
  it.each<[string, number]>([
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['localhost.', 200],
    ['app.localhost:3000', 200],
    ['127.0.0.1:4444', 200],
    ['127.9.9.9', 200],
    ['[::1]:4444', 200],
    ['[0:0:0:0:0:0:0:1]', 200],
    ['[::ffff:127.0.0.1]', 200],
    ['gateway.example', 200],
    ['GATEWAY.EXAMPLE.:8080', 200],
    ['gateway.example:', 200],
    ['with.port:4444', 200],
    ['with.port:4445', 403],
    ['with.port', 403],
    ['192.0.2.7:9', 200],
    ['[2001:db8:0:0::7]', 200],
    ['[2001:db8::7]:81', 403],
    ['[2001:db8::8]:81', 200],
    ['tls.example', 200],
    ['xn--bcher-kva.example', 200],
    ['under_score:1', 200],
    ['evil.example', 403],
    ['gateway.example.evil.example', 403],
    ['notgateway.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['evil-localhost', 403],
    ['127.1', 403],
    ['2130706433', 403],
    ['0.0.0.0', 403],
    ['[::]', 403],
    ['192.0.2.8', 403],
    ['', 400],
    [' localhost', 400],
    ['localhost:99999', 400],
    ['localhost:x', 400],
    ['user@localhost', 400],
    ['localhost/evil', 400],
    ['localhost#.evil.example', 400],
    ['localhost,evil.example', 400],
    ['::1', 400],
    ['[::1', 400],
    ['[::g]', 400],
    ['böse.example', 400],
    [`${'a'.repeat(5_000)}.example`, 400],
  ])('answers the Host "%s" with %i', (host, status) => {
    const check = createHostCheck(listed);
    // Asked twice, since the last one that was let in is remembered.
    expect([
      statusOf(check, { host }),
      statusOf(check, { host: 'gateway.example' }),
      statusOf(check, { host }),
    ]).toEqual([status, 200, status]);
  });

  it.each<[string, number]>([
    ['http://localhost:3000', 200],
    ['https://gateway.example', 200],
    ['http://gateway.example:8080', 200],
    ['http://with.port:4444', 200],
    ['http://with.port', 403],
    ['https://tls.example', 200],
    ['http://tls.example', 403],
    ['http://[2001:db8::7]', 200],
    ['null', 403],
    ['', 403],
    ['http://evil.example', 403],
    ['https://gateway.example.evil.example', 403],
    ['http://user@localhost', 403],
    ['file://localhost', 403],
    ['chrome-extension://localhost', 403],
    ['http://localhost, http://evil.example', 403],
  ])('answers the Origin "%s" with %i', (origin, status) => {
    expect(statusOf(createHostCheck(listed), { host: 'localhost', origin })).toBe(status);
  });

  it.each([
    '*',
    '*.example',
    'http://gateway.example',
    'gateway.example/path',
    'a b',
    'host:99999',
    'host:0',
    '[::1',
    'user@host',
    '',
  ])('is refused where it holds "%s"', (host) => {
    expect(() => createHostCheck([host])).toThrow(UserError);
  });

  it('is held against the address of a request that names a host there', () => {
    const check = createHostCheck(listed);
    expect(statusOf(check, { host: 'localhost', url: 'http://evil.example/tools' })).toBe(403);
    expect(statusOf(check, { host: 'localhost', url: 'http://user@localhost/tools' })).toBe(400);
    expect(statusOf(check, { host: 'evil.example', url: 'http://localhost/tools' })).toBe(403);
    expect(statusOf(check, { host: 'localhost', url: 'HTTP://GATEWAY.example:80/tools' })).toBe(200);
    expect(statusOf(check, { host: 'localhost', url: '/tools?at=http://evil.example/' })).toBe(200);
  });
});

const paths = [
  '/health',
  '/ready',
  '/tools',
  '/tags',
  '/export',
  '/events',
  '/openapi.json',
  '/mcp',
  '/rpc',
  '/nothing',
];

describe('a gateway without tokens', () => {
  it('answers no path to a name that it is not known by', async () => {
    const port = await listen({ settings: { allowedHosts: ['gateway.example'] } });
    for (const path of paths) {
      const { status, body } = await ask(port, [
        `GET ${path} HTTP/1.1`,
        'Host: evil.example',
        'Origin: http://evil.example',
      ]);
      expect({ path, status, body: JSON.parse(body) as object }).toMatchObject({
        path,
        status: 403,
        body: { error: 'Forbidden', statusCode: 403 },
      });
      const { status: forwarded } = await ask(port, [
        `POST ${path} HTTP/1.1`,
        'Host: evil.example',
        'X-Forwarded-Host: gateway.example',
        'Content-Length: 0',
      ]);
      expect({ path, forwarded }).toEqual({ path, forwarded: 403 });
    }
    expect(
      (await ask(port, ['GET /tools HTTP/1.1', 'Host: Gateway.Example:80', 'Origin: https://gateway.example'])).status,
    ).toBe(200);
    expect((await ask(port, ['GET /tools HTTP/1.1', `Host: localhost:${port}`])).status).toBe(200);
  });

  it('knows loopback alone where no hosts are listed, whatever address it listens on', async () => {
    const { app } = await startGateway({ items: 1 });
    await app.listen({ host: '0.0.0.0', port: 0 });
    const { port } = app.server.address() as { port: number };
    expect((await ask(port, ['GET /tools HTTP/1.1', 'Host: evil.example', 'Origin: http://evil.example'])).status).toBe(
      403,
    );
    expect((await ask(port, ['GET /tools HTTP/1.1', 'Host: 127.0.0.1'])).status).toBe(200);
  });

  it.each([
    ['whole', listen],
    ['bare', () => listenBare(['gateway.example'])],
  ] as const)('takes one Host and no other number of them, the %s one', async (_which, start) => {
    const port = await start();
    for (const hosts of [
      [],
      ['Host: localhost', 'Host: evil.example'],
      ['host: evil.example', 'HOST: localhost'],
      ['Host: localhost', 'Host: localhost'],
    ]) {
      const { status, body } = await ask(port, ['GET /tools HTTP/1.1', ...hosts]);
      expect({ hosts, status, body: JSON.parse(body) as object }).toMatchObject({
        hosts,
        status: 400,
        body: { error: 'Bad Request', statusCode: 400 },
      });
    }
    expect((await ask(port, ['GET http://evil.example/tools HTTP/1.1', 'Host: localhost'])).status).toBe(403);
    expect((await ask(port, ['GET /tools HTTP/1.1', 'Host: evil.example'])).status).toBe(403);
    expect((await ask(port, ['GET /tools HTTP/1.1', 'Host: localhost'])).status).toBe(200);
  });
});

describe('a gateway with tokens', () => {
  const auth = { secret: randomBytes(32).toString('hex') };
  const authorized = async (): Promise<string> =>
    `Authorization: Bearer ${await issueToken(auth, { subject: 'amara', lifetimeSeconds: 60 })}`;

  it('is there under any name, but for pages of others on the paths of MCP', async () => {
    const port = await listen({ auth });
    const token = await authorized();
    expect((await ask(port, ['GET /tools HTTP/1.1', 'Host: gateway.example', token])).status).toBe(200);
    expect(
      (await ask(port, ['GET /mcp HTTP/1.1', 'Host: gateway.example', 'Origin: https://evil.example', token])).status,
    ).toBe(403);
    expect(
      (await ask(port, ['GET /mcp HTTP/1.1', 'Host: gateway.example', 'Origin: https://gateway.example', token]))
        .status,
    ).toBe(400);
  });

  it('is there under the listed names alone, where there is a list', async () => {
    const port = await listen({ auth, settings: { allowedHosts: ['gateway.example'] } });
    const token = await authorized();
    for (const path of ['/tools', '/health', '/nothing'])
      expect((await ask(port, [`GET ${path} HTTP/1.1`, 'Host: other.example', token])).status).toBe(403);
    expect((await ask(port, ['GET /tools HTTP/1.1', 'Host: gateway.example', token])).status).toBe(200);
  });
});
