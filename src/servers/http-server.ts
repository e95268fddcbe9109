/**
 * One MCP server that listens: Streamable HTTP under /mcp, with sessions or without, and what probes ask.
 *
 * A client that opens no session is served as well: a load that only calls tools needs none.
 */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type Server as HttpServer, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';

import type { Server } from '@modelcontextprotocol/sdk/server/index.js';

import { McpTransport } from '../../packages/serializer/src/mcp.ts';
import { createResponseSerializer } from '../../packages/serializer/src/response-serializer.ts';
import { Problem } from '../gateway/http/errors.ts';
import { createHostCheck } from '../gateway/http/known-hosts.ts';
import { type Served, createSessionServer } from './session-server.ts';

export interface ListeningServer {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** Takes nothing new; ends when what runs is answered, or after `drainMs`. */
  stop(drainMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Hosts that clients may ask for, beside loopback and `host` itself. */
  readonly allowedHosts: readonly string[];
  /** What clients have to send as a bearer token under /mcp; nothing where absent. */
  readonly token: string | undefined;
  /** What is served, once the port is known. */
  readonly serve: (port: number) => Served;
}

/** Body of a message at most; no tool here takes more. */
const bodyLimitBytes = 1024 * 1024;
/** Sessions at once; beyond it the one that was not used for longest ends. Arbitrary, some kilobytes each. */
const mostSessions = 10_000;
/** Longer than clients keep a connection, so that no request meets one that closes. */
const keepAliveTimeoutMs = 72_000;

/** Milliseconds in which a request that was sent before the end arrives; arbitrary, far above a network's delay. */
const arrivalMs = 150;

interface Session {
  readonly transport: McpTransport;
  readonly server: Server;
}

/** @throws {Error} with `code` `EADDRINUSE` and its like, where it cannot listen. */
export async function listen(options: ListenOptions): Promise<ListeningServer> {
  const { host, allowedHosts, token } = options;
  const checkHost = createHostCheck([...allowedHosts, ...(isAnyAddress(host) ? [] : [host])]);
  const http = createServer({ keepAliveTimeout: keepAliveTimeoutMs });
  const port = await startListening(http, options);
  const served = options.serve(port);
  const serializer = createResponseSerializer();
  // In the order of their last use, which a Map keeps where an entry is put in again.
  const sessions = new Map<string, Session>();
  let isStopping = false;

  const withoutSession = new McpTransport({ serializer });
  await createSessionServer(served).connect(withoutSession);

  async function open(): Promise<McpTransport> {
    const server = createSessionServer(served);
    const transport = new McpTransport({
      serializer,
      createSessionId: randomUUID,
      onSession(id) {
        sessions.set(id, { transport, server });
        const [oldest] = sessions.size > mostSessions ? sessions.keys() : [];
        if (oldest !== undefined) end(oldest);
      },
      onSessionEnd: (id) => void sessions.delete(id),
    });
    await server.connect(transport);
    return transport;
  }

  function end(id: string): void {
    const session = sessions.get(id);
    sessions.delete(id);
    void session?.server.close();
  }

  /** `undefined` for a session that is not there. */
  function find(id: string): McpTransport | undefined {
    const session = sessions.get(id);
    if (session === undefined) return undefined;
    sessions.delete(id);
    sessions.set(id, session);
    return session.transport;
  }

  function requireToken(request: IncomingMessage): void {
    if (token !== undefined && !hasToken(request, token))
      throw new Problem(401, 'a bearer token is needed', { 'www-authenticate': 'Bearer' });
  }

  async function answerMcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requireToken(request);
    const { 'mcp-session-id': id } = request.headers;
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    if (typeof id === 'string') {
      const transport = find(id);
      if (transport === undefined) return sendJson(response, 404, rpcError(-32_001, 'Session not found'));
      return transport.handle(request, response, body);
    }
    const opens = (body as { method?: unknown } | undefined)?.method === 'initialize';
    // Only a session has a stream of its own, and an end.
    if (request.method !== 'POST' && !opens)
      return sendJson(response, 400, rpcError(-32_000, 'Bad Request: Mcp-Session-Id header is required'));
    const transport = opens ? await open() : withoutSession;
    return transport.handle(request, response, body);
  }

  /** One message without a session, as gateways have it under that path: a load can be sent to either. */
  async function answerRpc(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requireToken(request);
    const headers = { ...request.headers, accept: 'application/json, text/event-stream' };
    const body = await readJson(request);
    return withoutSession.sendAnswer(response, await withoutSession.answer({ method: 'POST', headers, body }));
  }

  const startedMs = performance.now();
  const uptime = (): number => Math.floor((performance.now() - startedMs) / 1000);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkHost(request);
    const [path] = (request.url ?? '/').split('?', 1);
    if (path === '/mcp') return answerMcp(request, response);
    if (path === '/rpc' && request.method === 'POST') return answerRpc(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem(405, 'only /mcp takes other methods');
    if (path === '/health') return sendJson(response, 200, { status: 'healthy', uptime_seconds: uptime() });
    if (path === '/version') return sendJson(response, 200, { name: served.name, version: served.version });
    throw new Problem(404, 'there is nothing here: ask for /mcp, /rpc, /health or /version');
  }

  const unsent = new Set<ServerResponse>();
  http.on('request', (request, response) => {
    if (isStopping) announceEnd(response);
    unsent.add(response);
    response.once('close', () => unsent.delete(response));
    answer(request, response).catch((error: unknown) => sendProblem(response, error));
  });

  return {
    name: served.name,
    url: `http://${host.includes(':') ? `[${host}]` : isAnyAddress(host) ? 'localhost' : host}:${port}`,
    port,
    async stop(drainMs) {
      isStopping = true;
      for (const response of unsent) announceEnd(response);
      for (const { transport } of sessions.values()) transport.closeStream();
      const closed = Promise.withResolvers<void>();
      // HTTP's own way to close would cut connections on which a request is just arriving.
      NetServer.prototype.close.call(http, () => closed.resolve());
      const arrived = Math.min(arrivalMs, drainMs);
      let closeIdle: NodeJS.Timeout | undefined;
      const waitForIdle = setTimeout(() => {
        // A connection that was busy becomes idle after its answer.
        closeIdle = setInterval(() => http.closeIdleConnections(), 10);
      }, arrived);
      const cut = setTimeout(() => http.closeAllConnections(), drainMs);
      await closed.promise;
      clearTimeout(waitForIdle);
      clearInterval(closeIdle);
      clearTimeout(cut);
      await Promise.all([...sessions.values()].map(({ server }) => server.close()));
    },
  };
}

/** Whoever still has a connection gets an answer, and sends no other request over it. */
function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}

/** @returns the port. */
function startListening(http: HttpServer, { host, port }: ListenOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  http.once('error', reject);
  http.listen({ host, port }, () => {
    http.off('error', reject);
    resolve((http.address() as AddressInfo).port);
  });
  return promise;
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function hasToken({ headers: { authorization = '' } }: IncomingMessage, token: string): boolean {
  const [given, wanted] = [Buffer.from(authorization), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** @returns what was sent; `undefined` where it is no JSON. @throws {Problem} 413 above the limit. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > bodyLimitBytes) throw new Problem(413, 'the body is too large', { connection: 'close' });
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString()) as unknown;
  } catch {
    return undefined;
  }
}

function rpcError(code: number, message: string): object {
  return { jsonrpc: '2.0', error: { code, message }, id: null };
}

function sendProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = error instanceof Problem ? error : new Problem(500, 'Internal error');
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  sendJson(response, problem.statusCode, { error: problem.message });
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
