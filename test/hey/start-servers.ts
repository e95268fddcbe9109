/**
 * Small servers for tests of scripted load, which end with the test that starts them.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { onTestFinished } from 'vitest';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** All that came in, in its order. */
  readonly seen: readonly SeenRequest[];
  /** Connections that a request came over. */
  readonly connections: () => number;
}

/** @param answer may leave a request without an answer. @param answer.index counts the requests, 0 first. */
export async function startServer(
  answer: (request: SeenRequest, response: ServerResponse, index: number) => void,
  options: ServerOptions = {},
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(options, (request, response) => {
    void take(request, response);
  });
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    sockets.add(request.socket);
    const body = await text(request);
    const { method = '', url = '', headers } = request;
    seen.push({ method, path: url, headers, body });
    answer(seen.at(-1) as SeenRequest, response, seen.length - 1);
  };
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: urlOf(server), seen, connections: () => sockets.size };
}

/** One that answers each request, which has to come in one piece, with exactly these bytes. */
export async function startRawServer(answer: (socket: Socket, index: number) => void): Promise<{ url: string }> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {
      answer(socket, count);
      count += 1;
    });
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: urlOf(server) };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** An answer of an MCP server with two tools to whatever it is asked. @param names of the tools. */
export function answerMcp(
  { body }: SeenRequest,
  response: ServerResponse,
  names = ['first-tool', 'second-tool'],
): void {
  const { id, method, params } = JSON.parse(body) as { id: unknown; method: string; params?: { name?: string } };
  const inputSchema = { type: 'object' };
  if (method === 'tools/list')
    return sendJson(response, { jsonrpc: '2.0', id, result: { tools: names.map((name) => ({ name, inputSchema })) } });
  if (method === 'tools/call' && names.includes(params?.name ?? ''))
    return sendJson(response, {
      jsonrpc: '2.0',
      id,
      result: { content: [{ type: 'text', text: 'an "error": none' }] },
    });
  return sendJson(response, { jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method}` } });
}

function urlOf(server: { address(): unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
