/**
 * A gateway over a database in memory that may connect to this machine, and servers that misbehave on demand.
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

import { createGateway } from '../../../src/gateway/app.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import { readAllowed } from '../../../src/gateway/upstreams/addresses.ts';
import { createCredentialKeeper } from '../../../src/gateway/upstreams/credentials.ts';
import type { UpstreamSettings } from '../../../src/gateway/upstreams/upstreams.ts';
import type { Store } from '../../../src/gateway/store/store.ts';
import { plainSettings } from '../start-gateway.ts';

const upstreamSettings: UpstreamSettings = {
  allowed: readAllowed(['127.0.0.1']),
  naming: { separator: '-' },
  credentials: createCredentialKeeper('a secret that nobody guesses, of some length', {}),
  timeoutMs: 2_000,
  healthEveryMs: 60_000,
  limits: { connections: 4, answerBytes: 1024 * 1024, connectMs: 1_000 },
};

export interface Federation {
  /** Of the gateway. */
  readonly url: string;
  readonly store: Store;
  /** Lines for the operator. */
  readonly warnings: string[];
  register(this: void, name: string, url: string, more?: Record<string, unknown>): Promise<Response>;
  /** One JSON-RPC call of the gateway. */
  rpc(
    this: void,
    method: string,
    params?: object,
  ): Promise<{ result?: Record<string, unknown>; error?: { code: number; message: string } }>;
  stop(this: void): Promise<void>;
}

export async function startFederation(
  changed: Partial<UpstreamSettings> = {},
  options: { database?: string } = {},
): Promise<Federation> {
  const store = await openStore({
    url: options.database ?? ':memory:',
    requestTimeoutMs: 5_000,
    signal: new AbortController().signal,
  });
  const warnings: string[] = [];
  const app = await createGateway({
    store,
    settings: plainSettings,
    upstreams: { ...upstreamSettings, ...changed },
    warn: (line) => void warnings.push(line),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await app.close();
    await store.close();
  };
  onTestFinished(stop);
  return {
    url,
    store,
    warnings,
    stop,
    register: (name, upstream, more = {}) => post(`${url}/gateways`, { name, url: upstream, ...more }),
    async rpc(method, params = {}) {
      const response = await post(`${url}/rpc`, { jsonrpc: '2.0', id: 1, method, params });
      return (await response.json()) as Awaited<ReturnType<Federation['rpc']>>;
    },
  };
}

export function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** What a server answers to a method; it may also write to the response by itself. */
export type Misbehave = (
  message: { method: string; params?: Record<string, unknown>; id?: number },
  response: ServerResponse,
  request: IncomingMessage,
) => object | undefined | Promise<object | undefined>;

/** A server that answers `initialize` well and everything else as the test wants it. */
export async function startMisbehaving(
  misbehave: Misbehave,
): Promise<{ url: string; server: Server; connections: () => number }> {
  let opened = 0;
  const server = createServer((request, response) => {
    void (async () => {
      if (request.method !== 'POST') {
        response.writeHead(405).end();
        return;
      }
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      const message = JSON.parse(Buffer.concat(pieces).toString()) as Parameters<Misbehave>[0];
      if (message.id === undefined) {
        response.writeHead(202).end();
        return;
      }
      const result =
        (await misbehave(message, response, request)) ??
        (response.writableEnded ? undefined : beginning(message.method));
      if (result === undefined || response.writableEnded || response.destroyed) return;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
    })();
  });
  server.on('connection', () => (opened += 1));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, server, connections: () => opened };
}

/** A server with one tool. */
function beginning(method: string): object | undefined {
  if (method === 'initialize') {
    return {
      protocolVersion: '2025-11-25',
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'misbehaving', version: '1' },
    };
  }
  if (method === 'tools/list') return { tools: [{ name: 'one', inputSchema: { type: 'object' } }] };
  return method === 'ping' ? {} : { content: [{ type: 'text', text: 'well' }] };
}
