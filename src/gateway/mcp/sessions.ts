/**
 * Sessions of MCP clients: one server of the official SDK each, opened by `initialize`, ended by DELETE, by a limit or
 * by time.
 *
 * Changes of what a client has listed are told on its open event stream, many at once as one. Deliberately absent:
 * replay of missed events, as there is nothing in them that the next list does not say; and Fastify.
 */
import { randomUUID } from 'node:crypto';
import { setInterval, setTimeout } from 'node:timers';

import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';

import type { EntityKind, Store } from '../model.ts';
import { StoreUnavailableError } from '../model.ts';
import { quote } from '../quote.ts';
import { unavailableError } from './call.ts';
import { isRecord, nestsTooDeeply, rpcCodes, RpcError, tooDeep } from './json-rpc.ts';
import type { McpMethods } from './methods.ts';
import { serverInfo } from './methods.ts';
import type { HttpAnswer } from './transport.ts';
import { badRequest, ObjectTransport, refuse, sessionNotFound } from './transport.ts';

export interface SessionLimits {
  /** Sessions at once; beyond it the one that was not used for longest ends. */
  readonly most: number;
  /** Milliseconds without a request or an open stream after which a session ends. */
  readonly idleMs: number;
}

/** Arbitrary: some kilobytes each. More clients at once see each other's sessions end and start again. */
export const defaultLimits: SessionLimits = { most: 1_000, idleMs: 30 * 60_000 };

/** A request to the endpoint. */
interface SessionCall {
  readonly request: Request;
  /** As parsed; `undefined` where there was none. */
  readonly body: unknown;
  /** Who calls; a session answers nobody but who opened it. `null` where callers have no names. */
  readonly caller: string | null;
}

export interface Sessions {
  answer(call: SessionCall): Promise<HttpAnswer>;
  /** Tells that a stream which `answer` gave is open; @returns what to call when it has ended. */
  streamOpened(id: string, stream: { readonly isStuck: () => boolean }): () => void;
  /** Ends streams and takes no more sessions, so that what still runs can finish. */
  drain(): void;
  close(): Promise<void>;
}

interface Session {
  readonly transport: ObjectTransport;
  readonly server: Server;
  readonly caller: string | null;
  usedAtMs: number;
  stream: { readonly isStuck: () => boolean } | undefined;
}

/** Milliseconds in which changes become one notification; arbitrary, an import of thousands then says it a few times. */
const gatherMs = 50;
/** The first revision without batches; the one before demands that they are answered. */
const firstWithoutBatches = '2025-06-18';

/** @param options.onError gets what went wrong inside and is told to no client. */
export function createSessions(options: { store: Store; methods: McpMethods; limits: SessionLimits; onError: (error: unknown) => void }): Sessions {
  const { store, methods, limits, onError } = options;
  // In the order of their last use, which a Map keeps where an entry is put in again.
  const sessions = new Map<string, Session>();
  let isDraining = false;

  const notifier = createNotifier(store, (kind) => {
    for (const session of sessions.values()) tellChange(session, kind);
  });
  const sweep = setInterval(endIdle, Math.min(limits.idleMs, 60_000)).unref();

  function endIdle(): void {
    const before = Date.now() - limits.idleMs;
    for (const [id, { usedAtMs, stream }] of sessions) if (stream === undefined && usedAtMs < before) end(id);
  }

  function end(id: string): void {
    const session = sessions.get(id);
    sessions.delete(id);
    session?.server.close().catch(onError);
  }

  function makeRoom(): void {
    endIdle();
    if (sessions.size < limits.most) return;
    const silent = [...sessions].find(([, { stream }]) => stream === undefined)?.[0];
    const [first] = sessions.keys();
    const chosen = silent ?? first;
    if (chosen !== undefined) end(chosen);
  }

  /** A session is kept only once the SDK has let its client in. */
  async function open(call: SessionCall): Promise<HttpAnswer> {
    if (isDraining) return refuse(503, badRequest, 'The gateway is stopping');
    const server = createServer(methods, onError);
    const transport = new ObjectTransport({
      createId: randomUUID,
      onOpen(id) {
        makeRoom();
        sessions.set(id, { transport, server, caller: call.caller, usedAtMs: Date.now(), stream: undefined });
      },
      onEnd: (id) => void sessions.delete(id),
    });
    await server.connect(transport);
    const answer = await transport.answer(call.request, call.body);
    if (transport.sessionId === undefined) await server.close();
    return answer;
  }

  function find(id: string, caller: string | null): Session | undefined {
    const session = sessions.get(id);
    // To anybody else it is not there, so that nobody learns which ids exist.
    if (session === undefined || session.caller !== caller) return undefined;
    session.usedAtMs = Date.now();
    sessions.delete(id);
    sessions.set(id, session);
    return session;
  }

  return {
    async answer(call) {
      const problem = findBodyProblem(call);
      if (problem !== undefined) return problem;
      const id = call.request.headers.get('mcp-session-id');
      if (id !== null) {
        const session = find(id, call.caller);
        return session === undefined ? refuse(404, sessionNotFound, 'Session not found') : session.transport.answer(call.request, call.body);
      }
      if (call.request.method === 'POST' && isInitializeRequest(call.body)) return open(call);
      return refuse(400, badRequest, 'Bad Request: Mcp-Session-Id header is required; a complete initialize request opens a session');
    },
    streamOpened(id, stream) {
      const session = sessions.get(id);
      if (session === undefined) return () => {};
      session.stream = stream;
      return () => {
        session.usedAtMs = Date.now();
        if (session.stream === stream) session.stream = undefined;
      };
    },
    drain() {
      isDraining = true;
      for (const { transport } of sessions.values()) transport.closeStandaloneSSEStream();
    },
    async close() {
      clearInterval(sweep);
      notifier.stop();
      const ending = [...sessions.values()];
      sessions.clear();
      await Promise.all(ending.map(({ server }) => server.close()));
    },
  };
}

function findBodyProblem({ request, body }: SessionCall): HttpAnswer | undefined {
  if (nestsTooDeeply(body)) return refuse(400, tooDeep().code, tooDeep().message);
  const version = request.headers.get('mcp-protocol-version');
  // Revisions are dates, which sort as text.
  if (Array.isArray(body) && version !== null && version >= firstWithoutBatches) {
    return refuse(400, rpcCodes.invalidRequest, `Invalid request: revision ${quote(version)} of MCP has no batches; send one message at a time`);
  }
  return undefined;
}

function createServer(methods: McpMethods, onError: (error: unknown) => void): Server {
  const capabilities = { tools: { listChanged: true }, resources: { listChanged: true }, prompts: { listChanged: true } };
  // The SDK would make a validator for each session, for questions to the client that are never asked.
  const server = new Server(serverInfo, { capabilities, jsonSchemaValidator: { getValidator: refuseToValidate } });
  // Answers come at once, and the SDK leaves a cancelled request without any, which HTTP then waits for.
  server.removeNotificationHandler('notifications/cancelled');
  server.fallbackRequestHandler = async ({ method, params }) => {
    try {
      return { ...(await methods.run(method, isRecord(params) ? params : {})) };
    } catch (error) {
      if (error instanceof RpcError) throw error;
      onError(error);
      throw error instanceof StoreUnavailableError ? unavailableError() : new RpcError(rpcCodes.internalError, 'Internal error');
    }
  };
  return server;
}

function refuseToValidate(): never {
  throw new Error('the gateway asks its clients nothing');
}

/** Calls `tell` once for each kind that changed, some time after the first change. */
function createNotifier(store: Store, tell: (kind: EntityKind) => void): { stop(): void } {
  const changed = new Set<EntityKind>();
  let timer: NodeJS.Timeout | undefined;
  const stopListening = store.onChange(({ kind }) => {
    changed.add(kind);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const one of changed) tell(one);
      changed.clear();
    }, gatherMs).unref();
  });
  return {
    stop() {
      stopListening();
      clearTimeout(timer);
    },
  };
}

function tellChange({ stream, server, transport }: Session, kind: EntityKind): void {
  if (stream === undefined) return;
  // Whoever does not read would have us keep everything for them; they can come back and list again.
  if (stream.isStuck()) return transport.closeStandaloneSSEStream();
  const method = listChanged[kind];
  // A stream that has just ended is no failure.
  if (method !== undefined) server.notification({ method }).catch(() => {});
}

const listChanged = {
  tools: 'notifications/tools/list_changed',
  resources: 'notifications/resources/list_changed',
  prompts: 'notifications/prompts/list_changed',
  servers: undefined,
  gateways: undefined,
} as const;
