/** Errors that come before a route, and bodies that are none: all in the form of every other error. */
import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import net from 'node:net';

import { describe, expect, it } from 'vitest';

import { startGateway } from '../start-gateway.ts';
import { readFirst } from '../store/memory-store.ts';

/** Sends bytes as they are. @returns what comes back until the gateway closes the connection. */
async function sendRaw(request: string): Promise<{ status: number; head: string; body: string }> {
  const { app } = await startGateway({ items: 1 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.on('error', () => {});
  socket.write(request.replaceAll('PORT', String(port)));
  await once(socket, 'close').catch(() => {});
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body };
}

const host = 'Host: localhost:PORT\r\nConnection: close\r\n';

describe('an error before any route', () => {
  it.each([
    ['a path that is no text', 400, `GET /tools/%E0%A4%A HTTP/1.1\r\n${host}\r\n`],
    ['a percent sign alone', 400, `GET /% HTTP/1.1\r\n${host}\r\n`],
    ['an id longer than any', 414, `GET /tools/${'a'.repeat(300)} HTTP/1.1\r\n${host}\r\n`],
    ['a write to such an id', 414, `DELETE /servers/${'a'.repeat(300)} HTTP/1.1\r\n${host}\r\n`],
    ['no HTTP', 400, 'no request at all\r\n\r\n'],
    ['two lengths', 400, `POST /tools HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    ['headers without end', 431, `GET /tools HTTP/1.1\r\n${host}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['an address without end', 431, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`],
    [
      'chunk extensions without end',
      413,
      `POST /tools HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    ],
    ['an expectation that is not met', 417, `GET /tools HTTP/1.1\r\n${host}Expect: wonders\r\n\r\n`],
    ['a method that is not known', 404, `PROPFIND /tools HTTP/1.1\r\n${host}\r\n`],
    [
      'a body that is no JSON',
      400,
      `POST /tools HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
    ],
    [
      'a body of a type that is not read',
      415,
      `POST /tools HTTP/1.1\r\n${host}Content-Type: text/csv\r\nContent-Length: 1\r\n\r\na`,
    ],
    [
      'a body beyond the limit',
      413,
      `POST /tools HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 70000\r\n\r\n`,
    ],
  ])('has the usual form: %s', async (_, statusCode, request) => {
    const { status, head, body } = await sendRaw(request);
    expect(status).toBe(statusCode);
    expect(head).toContain('content-type: application/json');
    const parsed = JSON.parse(body) as { message: string };
    expect(parsed).toEqual({ error: STATUS_CODES[statusCode], message: expect.any(String) as string, statusCode });
    expect(parsed.message).not.toContain('aaaa');
  });
});

describe('a content type without a body', () => {
  const types = ['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/xml', 'no type'];

  it.each(types)('does not keep a client from deleting: %s', async (type) => {
    const { app, store } = await startGateway({ items: 2 });
    for (const extra of [{}, { 'content-length': '0' }]) {
      const { id } = await readFirst(store, 'tools');
      const answer = await app.inject({
        method: 'DELETE',
        url: `/tools/${id}`,
        headers: { 'content-type': type, ...extra },
      });
      expect([answer.statusCode, answer.payload]).toEqual([204, '']);
    }
  });

  it.each(types)('does not keep a client from reading: %s', async (type) => {
    const { app } = await startGateway({ items: 1 });
    for (const method of ['GET', 'HEAD'] as const) {
      expect((await app.inject({ method, url: '/tools', headers: { 'content-type': type } })).statusCode).toBe(200);
    }
  });

  it('is no session to end, but no reason to stumble at /mcp', async () => {
    const { app } = await startGateway({ items: 1 });
    const answer = await app.inject({
      method: 'DELETE',
      url: '/mcp',
      headers: { 'content-type': 'application/json', 'mcp-session-id': 'none', host: 'localhost' },
    });
    expect(answer.statusCode).toBe(404);
  });
});

describe('an empty body in chunks', () => {
  it('is none for DELETE', async () => {
    const { app, store } = await startGateway({ items: 1 });
    const { id } = await readFirst(store, 'tools');
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as { port: number };
    const body = new ReadableStream({ start: (controller) => controller.close() });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}/tools/${id}`, {
      method: 'DELETE',
      headers,
      body,
      duplex: 'half',
    });
    expect(answer.status).toBe(204);
  });
});
