/**
 * One session of the official client with a server behind the gateway, opened when the first request needs it and again
 * after the server has forgotten it.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../../json.ts';
import type { JsonObject } from '../json.ts';

/** What goes along with a request. */
export interface RequestOptions {
  readonly signal: AbortSignal;
  /** Gets what the server tells about the request before its answer. */
  readonly onProgress?: ((progress: JsonObject) => void) | undefined;
}

/** The server could not be asked, or answered what no client can use; the message is for the caller. */
export class UpstreamFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UpstreamFailure';
  }
}

export interface UpstreamSession {
  /**
   * @returns the result as it came.
   * @throws {McpError} the server's own error. @throws {UpstreamFailure} where it gave none.
   */
  request(this: void, method: string, params: JsonObject, options: RequestOptions): Promise<JsonObject>;
  /** What the server can do, as it said. @throws {UpstreamFailure} */
  capabilities(this: void): Promise<JsonObject>;
  close(this: void): Promise<void>;
}

export interface UpstreamSessionOptions {
  readonly url: URL;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  /** What the server may ask for. */
  readonly capabilities: JsonObject;
  /** Gets what the server tells about no request. */
  readonly onNotification: (method: string, params: JsonObject) => void;
  /** Answers the server's own questions. */
  readonly onRequest: (method: string, params: JsonObject) => Promise<JsonObject>;
  /** Called once a session is open, the first and each later one. */
  readonly onOpen?: (session: UpstreamSession) => void;
}

const clientInfo = { name: 'wirebench-gateway', version: '1' } as const;
/** How many times the limit of a request may pass while its server tells how far it is; arbitrary. */
const mostTimeouts = 10;
/** Milliseconds to say goodbye to a server; arbitrary, nobody waits for it. */
const goodbyeMs = 1_000;

export function createUpstreamSession(options: UpstreamSessionOptions): UpstreamSession {
  const { url, timeoutMs, capabilities, onNotification, onRequest, onOpen } = options;
  let opening: Promise<{ client: Client; transport: StreamableHTTPClientTransport }> | undefined;

  async function open(): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
    const client = new Client(clientInfo, { capabilities });
    client.fallbackNotificationHandler = async ({ method, params }) => onNotification(method, params ?? {});
    client.fallbackRequestHandler = ({ method, params }) => onRequest(method, params ?? {});
    const transport = new StreamableHTTPClientTransport(url, {
      fetch: options.fetch,
      // A stream that breaks for good is opened again by the next session.
      reconnectionOptions: {
        maxRetries: 2,
        initialReconnectionDelay: 1000,
        maxReconnectionDelay: 30_000,
        reconnectionDelayGrowFactor: 1.5,
      },
    });
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's own way
    client.onclose = () => {
      opening = undefined;
    };
    await client.connect(transport, { timeout: timeoutMs });
    return { client, transport };
  }

  function session(): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
    if (opening === undefined) {
      const own = open();
      opening = own;
      own.then(
        () => onOpen?.(self),
        () => {
          if (opening === own) opening = undefined;
        },
      );
    }
    return opening;
  }

  async function forget(isOver: boolean): Promise<void> {
    const before = opening;
    opening = undefined;
    try {
      const { client, transport } = (await before) ?? {};
      if (isOver && transport !== undefined) {
        // Servers keep sessions until somebody ends them.
        await Promise.race([
          transport.terminateSession(),
          new Promise((resolve) => setTimeout(resolve, goodbyeMs).unref()),
        ]);
      }
      await client?.close();
    } catch {
      // It is gone already.
    }
  }

  async function ask(method: string, params: JsonObject, { signal, onProgress }: RequestOptions): Promise<JsonObject> {
    const { client } = await session();
    const asked = onProgress === undefined ? withoutToken(params) : params;
    // The SDK listens on and on, and would tell the server of a cancellation long after its answer.
    const own = new AbortController();
    const cancel = (): void => own.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return (await client.request({ method, params: asked }, ResultSchema, {
        signal: own.signal,
        timeout: timeoutMs,
        // A tool that tells how far it is may take its time, and one that asks somebody has to.
        resetTimeoutOnProgress: true,
        maxTotalTimeout: timeoutMs * mostTimeouts,
        ...(onProgress === undefined ? {} : { onprogress: (progress) => onProgress(progress) }),
      })) as JsonObject;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  const self: UpstreamSession = {
    async request(method, params, given) {
      try {
        return await ask(method, params, given);
      } catch (error) {
        if (given.signal.aborted || !isForgotten(error)) throw explain(error, timeoutMs);
      }
      // The server has started again since, or thrown the session away: nothing was done with the request.
      await forget(false);
      try {
        return await ask(method, params, given);
      } catch (error) {
        throw explain(error, timeoutMs);
      }
    },
    async capabilities() {
      try {
        const { client } = await session();
        return client.getServerCapabilities() ?? {};
      } catch (error) {
        throw explain(error, timeoutMs);
      }
    },
    close: () => forget(true),
  };
  return self;
}

/** Progress that nobody would hear of need not be told. */
function withoutToken(params: JsonObject): JsonObject {
  const { _meta: meta } = params;
  if (!isObject(meta) || !('progressToken' in meta)) return params;
  const { progressToken: _, ...rest } = meta;
  return { ...params, _meta: rest };
}

/** Whether the server says that it does not know the session. */
function isForgotten(error: unknown): boolean {
  if (error instanceof StreamableHTTPError && (error.code === 404 || error.code === 400)) return true;
  return error instanceof McpError && error.code === -32_001 && /session/i.test(error.message);
}

/** Longest part of a message of the server's, or of the system's. */
const longestReason = 300;

/** @returns an error of the server's as it is, anything else as a failure with a reason. */
function explain(error: unknown, timeoutMs: number): McpError | UpstreamFailure {
  if (
    error instanceof McpError &&
    error.code !== (ErrorCode.RequestTimeout as number) &&
    error.code !== (ErrorCode.ConnectionClosed as number)
  )
    return error;
  if (error instanceof McpError && error.code === (ErrorCode.RequestTimeout as number))
    return new UpstreamFailure(`it did not answer within ${timeoutMs / 1000} s`, error);
  return new UpstreamFailure(reasonOf(error).slice(0, longestReason), error);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed without a reason';
  const code = codeOf(error);
  if (code !== undefined && code in reasons) return reasons[code] as string;
  if (error.name === 'ZodError' || error instanceof SyntaxError) return 'it answers what is no MCP';
  if (error instanceof StreamableHTTPError) return `it answers with status ${error.code ?? 'unknown'}`;
  // fetch says only that it failed, and has the reason behind it.
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

function codeOf(error: Error): string | undefined {
  const { code, cause } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return isObject(cause) || cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? undefined) : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'it could not be connected to in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of an answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
};
