/**
 * What one client cannot make the gateway do: take any amount of anything, or wait for ever.
 */
import { once } from 'node:events';
import net from 'node:net';

import { describe, expect, it } from 'vitest';

import { startGateway } from './start-gateway.ts';

/** Sends bytes as they are. @returns everything that comes back until the gateway closes the connection. */
async function sendRaw(port: number, request: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  // It may be closed while we still write.
  socket.on('error', () => {});
  socket.write(request);
  await once(socket, 'close').catch(() => {});
  return answer;
}

async function listen(): Promise<{ port: number; app: Awaited<ReturnType<typeof startGateway>>['app'] }> {
  const { app } = await startGateway({ items: 2 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, port: (app.server.address() as { port: number }).port };
}

describe('a client', () => {
  it.each(['/tools', '/rpc', '/mcp'])(
    'cannot send a larger body than is allowed to %s, whatever length it states',
    async (path) => {
      const { app, port } = await listen();
      const headers = `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n`;
      expect(await sendRaw(port, `${headers}Content-Length: 70000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
      const chunk = `${(70_000).toString(16)}\r\n"${'x'.repeat(69_998)}"\r\n`;
      expect(await sendRaw(port, `${headers}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1\.1 413 /);
      expect((await app.inject('/tools')).json()).toHaveLength(2);
    },
  );

  it('gets no more items by JSON-RPC than the largest page has, and no page of none', async () => {
    const { app } = await startGateway({ items: 12, settings: { pageSize: 3, mostPageItems: 7 } });
    const list = async (params: object): Promise<{ result?: { tools: object[] }; error?: { code: number } }> =>
      (
        await app.inject({
          method: 'POST',
          url: '/rpc',
          payload: { jsonrpc: '2.0', id: 1, method: 'tools/list', params },
        })
      ).json();
    expect((await list({})).result?.tools).toHaveLength(3);
    expect((await list({ limit: 1_000_000 })).result?.tools).toHaveLength(7);
    for (const limit of [0, -1, 1.5, '3', null]) expect((await list({ limit })).error?.code).toBe(-32_602);
    for (const [limit, status] of [
      [7, 200],
      [8, 422],
      [0, 422],
      [-1, 422],
      ['', 422],
      ['1e9', 422],
    ]) {
      expect({ limit, status: (await app.inject(`/tools?include_pagination=true&limit=${limit}`)).statusCode }).toEqual(
        { limit, status },
      );
    }
  });

  it('is refused headers without end', async () => {
    const { port } = await listen();
    const head = `GET /tools HTTP/1.1\r\nHost: localhost:${port}\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await sendRaw(port, head)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('has a minute to send a request, not for ever', async () => {
    const { app } = await listen();
    const { requestTimeout, headersTimeout } = app.server;
    expect({ requestTimeout, headersTimeout }).toEqual({ requestTimeout: 60_000, headersTimeout: 60_000 });
  });

  it('is told so where what it sends is no HTTP', async () => {
    const { port } = await listen();
    expect(await sendRaw(port, 'no request at all\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});
