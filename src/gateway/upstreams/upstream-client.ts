/**
 * One MCP server behind the gateway, asked by the official client.
 *
 * A session is opened when the first request needs one, and again after the server has forgotten it. Where a client of the
 * gateway can be asked back (sampling, elicitation), it gets a session of its own, since the server's questions come by
 * session; these are bounded, and the one that was not used for longest ends.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../../json.ts';
import type { JsonObject } from '../json.ts';
import type { UpstreamConnection } from './connection.ts';

/** What goes along with a request. */
export interface RequestContext {
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

export interface UpstreamClient {
  /**
   * @returns the result as it came.
   * @throws {McpError} the server's own error. @throws {UpstreamFailure} where it gave none.
   */
  request(method: string, params: JsonObject, context: RequestContext): Promise<JsonObject>;
  /** What the server said of itself. @throws {UpstreamFailure} */
  describe(signal: AbortSignal): Promise<{ readonly capabilities: JsonObject; readonly version: string }>;
  close(): Promise<void>;
}

export interface UpstreamClientOptions {
  readonly url: URL;
  readonly connection: UpstreamConnection;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  /** Told which list has changed. */
  readonly onListChanged: (kind: 'tools' | 'resources' | 'prompts') => void;
}

const clientInfo = { name: 'wirebench-gateway', version: '1' } as const;

export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  const { url, connection, timeoutMs, onListChanged } = options;
  let opening: Promise<Client> | undefined;

  async function open(): Promise<Client> {
    const client = new Client(clientInfo, { capabilities: {} });
    client.fallbackNotificationHandler = async ({ method }) => {
      const [, kind] = /^notifications\/(tools|resources|prompts)\/list_changed$/.exec(method) ?? [];
      if (kind !== undefined) onListChanged(kind as 'tools');
    };
    const transport = new StreamableHTTPClientTransport(url, {
      fetch: connection.fetch,
      // A stream that breaks is opened again by the next session.
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
    return client;
  }

  function session(): Promise<Client> {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function forget(): Promise<void> {
    const before = opening;
    opening = undefined;
    await before?.then((client) => client.close()).catch(() => {});
  }

  async function ask(method: string, params: JsonObject, { signal, onProgress }: RequestContext): Promise<JsonObject> {
    const client = await session();
    const asked = onProgress === undefined ? withoutToken(params) : params;
    return client.request({ method, params: asked }, ResultSchema, {
      signal,
      timeout: timeoutMs,
      ...(onProgress === undefined ? {} : { onprogress: (progress) => onProgress(progress) }),
    }) as Promise<JsonObject>;
  }

  async function request(method: string, params: JsonObject, context: RequestContext): Promise<JsonObject> {
    try {
      return await ask(method, params, context);
    } catch (error) {
      if (context.signal.aborted || !isForgotten(error)) throw explain(error, timeoutMs);
    }
    // The server has started again since, or thrown the session away: nothing was done with the request.
    await forget();
    try {
      return await ask(method, params, context);
    } catch (error) {
      throw explain(error, timeoutMs);
    }
  }

  return {
    request,
    async describe(signal) {
      try {
        const client = await session();
        signal.throwIfAborted();
        return {
          capabilities: client.getServerCapabilities() ?? {},
          version: client.getServerVersion()?.version ?? '',
        };
      } catch (error) {
        throw explain(error, timeoutMs);
      }
    },
    close: forget,
  };
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
