/**
 * One MCP server behind the gateway, as all clients of the gateway ask it.
 *
 * One session is for everybody: lists, health, changes, and calls of clients without a session. A client of the gateway that
 * has a session gets one of its own with the server, since the server's questions and log lines come by session; these are
 * bounded, and the one that was not used for longest ends.
 */
import type { JsonObject } from '../json.ts';
import type { UpstreamConnection } from './connection.ts';
import { type RequestOptions, type UpstreamSession, createUpstreamSession } from './upstream-session.ts';

/** A client of the gateway that has a session, as far as servers behind the gateway are concerned. */
export interface AskingClient {
  readonly sessionId: string;
  /** What it can be asked, as it said itself. */
  readonly capabilities: JsonObject;
  /** Asks it something. @throws what it answers. */
  ask(this: void, method: string, params: JsonObject): Promise<JsonObject>;
  /** What it wants to be told of, by URI, and how that ends. */
  readonly watched: Map<string, () => void>;
  /** Tells it something; never rejects. */
  tell(this: void, method: string, params: JsonObject): void;
}

/** Who asks, and how much of it. */
export interface RequestContext extends RequestOptions {
  /** Absent for a caller without a session. */
  readonly client?: AskingClient | undefined;
}

export interface UpstreamClient {
  /**
   * @returns the result as it came.
   * @throws {McpError} the server's own error. @throws {UpstreamFailure} where it gave none.
   */
  request(this: void, method: string, params: JsonObject, context: RequestContext): Promise<JsonObject>;
  /** What the server can do, as it said. @throws {UpstreamFailure} */
  capabilities(this: void): Promise<JsonObject>;
  /** Ends what a client's session had with the server. */
  endSession(this: void, sessionId: string): void;
  close(this: void): Promise<void>;
}

export interface UpstreamClientOptions {
  readonly url: URL;
  readonly connection: UpstreamConnection;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  /** Gets what the server tells everybody. */
  readonly onNotification: (method: string, params: JsonObject) => void;
  /** Called once the session for everybody is open, the first and each later one. */
  readonly onOpen: (session: UpstreamSession) => void;
}

/** Sessions of clients at once; arbitrary, some kilobytes each here and at the server. */
const mostSessions = 200;
/** What a server may ask the gateway's clients for. */
const passedOn = ['sampling', 'elicitation', 'roots'] as const;
/** What a server tells a session of its own; anything else is told to everybody. */
const toldToOne: ReadonlySet<string> = new Set(['notifications/message', 'notifications/elicitation/complete']);

interface OwnSession {
  readonly session: UpstreamSession;
  /** Whose request runs, the latest one; the server's questions are about it. */
  caller: AskingClient;
}

export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  const { url, connection, timeoutMs, onNotification, onOpen } = options;
  const shared = createUpstreamSession({
    url,
    timeoutMs,
    fetch: connection.fetch,
    capabilities: {},
    onNotification,
    onRequest: refuse,
    onOpen,
  });
  // In the order of their last use, which a Map keeps where an entry is put in again.
  const own = new Map<string, OwnSession>();

  function sessionOf(caller: AskingClient): UpstreamSession {
    const { sessionId } = caller;
    const known = own.get(sessionId) ?? openOwn(caller);
    known.caller = caller;
    own.delete(sessionId);
    own.set(sessionId, known);
    const [oldest] = own.size > mostSessions ? own.keys() : [];
    if (oldest !== undefined) end(oldest);
    return known.session;
  }

  function openOwn(caller: AskingClient): OwnSession {
    const capabilities = Object.fromEntries(
      passedOn.flatMap((name) => (name in caller.capabilities ? [[name, caller.capabilities[name]]] : [])),
    );
    const opened: OwnSession = {
      caller,
      session: createUpstreamSession({
        url,
        timeoutMs,
        fetch: connection.fetchWithoutStream,
        capabilities,
        onNotification(method, params) {
          if (toldToOne.has(method)) opened.caller.tell(method, params);
        },
        onRequest: (method, params) => opened.caller.ask(method, params),
      }),
    };
    return opened;
  }

  function end(sessionId: string): void {
    const known = own.get(sessionId);
    own.delete(sessionId);
    void known?.session.close();
  }

  return {
    request: (method, params, context) =>
      (context.client === undefined ? shared : sessionOf(context.client)).request(method, params, context),
    capabilities: shared.capabilities,
    endSession: end,
    async close() {
      const all = [shared, ...[...own.values()].map(({ session }) => session)];
      own.clear();
      await Promise.all(all.map((session) => session.close()));
    },
  };
}

async function refuse(): Promise<never> {
  throw new Error('the gateway asks nobody for a server that nobody has called');
}
