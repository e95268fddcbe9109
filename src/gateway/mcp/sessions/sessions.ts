/**
 * Sessions of MCP clients: one server of the official SDK each, opened by `initialize`, ended by DELETE, by a limit, by
 * time, or with the last token that used them.
 *
 * Every caller has a share of all sessions; who opens more ends its own. Changes of what a client has listed are told
 * on its open event stream. Missed ones are not sent again, since the next list says all that was in them.
 */
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers';

import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import { isInitializeRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';

import { type McpRequest, McpTransport } from '../../../../packages/serializer/src/mcp.ts';

import { atDate } from '../../at-date.ts';
import type { EntityKind } from '../../entities/entity.ts';
import type { ReadableStore } from '../../store/store.ts';
import type { Upstreams } from '../../upstreams/upstreams.ts';
import type { McpMethods } from '../methods/methods.ts';
import { type HttpAnswer, badRequestCode, refuse, sessionNotFoundCode } from '../protocol/http-answers.ts';
import { findTooDeep, rpcCodes } from '../protocol/json-rpc.ts';
import { type PageSizes, findBatchProblem, inBatch } from './batch.ts';
import { gatherChanges, listChanged } from './list-changes.ts';
import { type SessionServer, createSessionServer } from './session-server.ts';

export interface SessionLimits {
  /**
   * Sessions at once; beyond it one of the caller's that has most of them ends, the one that was not used for longest.
   */
  readonly most: number;
  /** Sessions of one caller at once; beyond it its own one that was not used for longest ends. */
  readonly mostOfCaller: number;
  /** Milliseconds without a request or an open stream after which a session ends. */
  readonly idleMs: number;
}

/** Arbitrary: some kilobytes each. More clients at once see their sessions end and start again. */
export const defaultLimits: SessionLimits = { most: 1_000, mostOfCaller: 100, idleMs: 30 * 60_000 };

/** A request to the endpoint. */
interface SessionCall {
  readonly request: McpRequest;
  readonly caller: SessionCaller;
}

/** Who calls, as far as sessions are concerned. */
interface SessionCaller {
  /** A session answers only the caller who opened it. `null` where callers have no names. */
  readonly identity: string | null;
  /** Whose share a session counts into. */
  readonly share: string;
  /** When the caller's token ends, in milliseconds since 1970; absent where there is no token. */
  readonly endsAt?: number;
}

export interface Sessions {
  answer(call: SessionCall): Promise<HttpAnswer>;
  /** Tells that a stream which `answer` gave is open; @returns what to call when it has ended. */
  streamOpened(id: string, stream: SessionStream): () => void;
  /** Ends streams and takes no more sessions, so that what still runs can finish. */
  drain(): void;
  close(): Promise<void>;
}

/** The event stream of a session, as the server around sees it. */
interface SessionStream {
  /** Whether the client leaves unread what was sent. */
  readonly isStuck: () => boolean;
  /** Ends its connection. */
  readonly cut: () => void;
  /** When the token ends that opened the stream; the session itself may go on with a newer token. */
  readonly endsAt: number | undefined;
}

interface McpSession {
  readonly transport: McpTransport;
  readonly server: Server;
  readonly watched: SessionServer['watched'];
  readonly identity: string | null;
  readonly share: string;
  /** The latest end of all tokens that were used: clients get new ones while a session goes on. */
  endsAt: number | undefined;
  cancelEnd: () => void;
  /** By the monotonic clock. */
  usedAtMs: number;
  stream: SessionStream | undefined;
}

/** @param options.onError gets what went wrong inside and is told to no client. */
export function createSessions(options: {
  store: ReadableStore;
  methods: McpMethods;
  pages: PageSizes;
  limits: SessionLimits;
  upstreams?: Upstreams | undefined;
  onError: (error: unknown) => void;
}): Sessions {
  const { store, methods, limits, upstreams, onError } = options;
  // In the order of their last use, which a Map keeps where an entry is put in again.
  const sessions = new Map<string, McpSession>();
  let isDraining = false;

  const stopTelling = gatherChanges(store, (kind) => {
    for (const session of sessions.values()) tellChange(session, kind);
  });
  const stopUpdates = upstreams?.onUpdated((uri) => {
    const told = { method: 'notifications/resources/updated', params: { uri } };
    for (const session of sessions.values()) if (session.watched.has(uri)) notify(session, told);
  });
  const sweep = setInterval(endIdle, Math.min(limits.idleMs, 60_000)).unref();

  function endIdle(): void {
    const before = performance.now() - limits.idleMs;
    for (const [id, { usedAtMs, stream }] of sessions) if (stream === undefined && usedAtMs < before) end(id);
  }

  function end(id: string): void {
    const session = sessions.get(id);
    if (session === undefined) return;
    forget(id, session);
    endStream(session);
    session.server.close().catch(onError);
  }

  function forget(id: string, session: McpSession): void {
    session.cancelEnd();
    sessions.delete(id);
    for (const unwatch of session.watched.values()) unwatch();
    upstreams?.endSession(id);
  }

  /**
   * Ends one session of this share: the one that was not used for longest, of those without a stream where there are
   * any.
   */
  function endOldest(share: string): void {
    const own = [...sessions].filter(([, session]) => session.share === share);
    const [id] = own.find(([, { stream }]) => stream === undefined) ?? own[0] ?? [];
    if (id !== undefined) end(id);
  }

  function makeRoom(share: string): void {
    endIdle();
    const counts = new Map<string, number>();
    for (const session of sessions.values()) counts.set(session.share, (counts.get(session.share) ?? 0) + 1);
    if ((counts.get(share) ?? 0) >= limits.mostOfCaller) return endOldest(share);
    if (sessions.size < limits.most) return;
    const [largest] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
    endOldest(largest);
  }

  /** A newer token of the same caller makes a session last longer, an older one never shorter. */
  function useNewerToken(id: string, session: McpSession, endsAt: number | undefined): void {
    if (session.endsAt === undefined || endsAt === undefined || endsAt <= session.endsAt) return;
    session.cancelEnd();
    session.endsAt = endsAt;
    session.cancelEnd = atDate(endsAt, () => end(id));
  }

  /** A session is kept only once the SDK has let its client in. */
  async function open(call: SessionCall): Promise<HttpAnswer> {
    if (isDraining) return refuse(503, badRequestCode, 'The gateway is stopping');
    const { server, watched } = createSessionServer(methods, onError);
    const transport = new McpTransport({
      createSessionId: randomUUID,
      protocolVersions: SUPPORTED_PROTOCOL_VERSIONS,
      onSession(id) {
        const { identity, share, endsAt } = call.caller;
        makeRoom(share);
        const cancelEnd = atDate(endsAt, () => end(id));
        sessions.set(id, {
          transport,
          server,
          watched,
          identity,
          share,
          endsAt,
          cancelEnd,
          usedAtMs: performance.now(),
          stream: undefined,
        });
      },
      onSessionEnd(id) {
        const session = sessions.get(id);
        if (session !== undefined) forget(id, session);
      },
    });
    await server.connect(transport);
    const answer = await transport.answer(call.request);
    if (transport.sessionId === undefined) await server.close();
    return answer;
  }

  function find(id: string, caller: SessionCaller): McpSession | undefined {
    const session = sessions.get(id);
    // To anybody else it is not there, so that nobody learns which ids exist.
    if (session === undefined || session.identity !== caller.identity) return undefined;
    useNewerToken(id, session, caller.endsAt);
    session.usedAtMs = performance.now();
    sessions.delete(id);
    sessions.set(id, session);
    return session;
  }

  return {
    async answer(call) {
      const problem = findBodyProblem(call, options.pages);
      if (problem !== undefined) return problem;
      const { headers, method, body } = call.request;
      const id = headers['mcp-session-id'];
      if (typeof id === 'string') {
        const session = find(id, call.caller);
        if (session === undefined) return refuse(404, sessionNotFoundCode, 'Session not found');
        const answer = (): Promise<HttpAnswer> => session.transport.answer(call.request);
        return Array.isArray(body) ? inBatch(answer) : answer();
      }
      if (method === 'POST' && isInitializeRequest(body)) return open(call);
      return refuse(
        400,
        badRequestCode,
        'Bad Request: Mcp-Session-Id header is required; a complete initialize request opens a session',
      );
    },
    streamOpened(id, stream) {
      const session = sessions.get(id);
      if (session === undefined) return () => {};
      session.stream = stream;
      const cancel = atDate(stream.endsAt, () => endStream(session));
      return () => {
        cancel();
        session.usedAtMs = performance.now();
        if (session.stream === stream) session.stream = undefined;
      };
    },
    drain() {
      isDraining = true;
      for (const session of sessions.values()) endStream(session);
    },
    async close() {
      clearInterval(sweep);
      stopTelling();
      stopUpdates?.();
      const ending = [...sessions.values()];
      for (const [id, session] of sessions) forget(id, session);
      await Promise.all(ending.map(({ server }) => server.close()));
    },
  };
}

function findBodyProblem({ request: { headers, body } }: SessionCall, pages: PageSizes): HttpAnswer | undefined {
  const tooDeep = findTooDeep(body);
  if (tooDeep !== undefined) return refuse(400, tooDeep.code, tooDeep.message);
  if (!Array.isArray(body)) return undefined;
  const problem = findBatchProblem(body, { version: headers['mcp-protocol-version'], pages });
  return problem === undefined ? undefined : refuse(400, rpcCodes.invalidRequest, `Invalid request: ${problem}`);
}

function endStream({ stream, transport }: McpSession): void {
  transport.closeStream();
  // A client that reads nothing would not notice the end either, and would keep the connection.
  if (stream?.isStuck() === true) stream.cut();
}

function tellChange(session: McpSession, kind: EntityKind): void {
  const method = listChanged[kind];
  if (method !== undefined) notify(session, { method });
}

function notify(session: McpSession, notification: { method: string; params?: { uri: string } }): void {
  const { stream, server } = session;
  if (stream === undefined) return;
  // Notifications for a client that does not read would pile up here; it can come back and list again.
  if (stream.isStuck()) return endStream(session);
  // A stream that has just ended is no failure.
  server.notification(notification as ServerNotification).catch(() => {});
}
