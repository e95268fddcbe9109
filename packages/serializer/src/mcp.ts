/**
 * Streamable HTTP for a server of the official MCP SDK, with answers that leave through a response serializer.
 *
 * It takes the place of the SDK's own transport: `await server.connect(transport)`. An answer goes out as one JSON body
 * where nothing comes before it, and as a stream of events from the moment on that the server has something else to say
 * about the request: progress, a line of log, a question. The SDK's transport does one or the other for all requests.
 * Nothing of the SDK is imported but types, so it fits both of its major versions. Deliberately absent: events that are
 * sent again after a lost connection.
 * Source: MCP revision 2025-11-25, "Transports".
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { type SendOptions, send } from './http.ts';
import { Exchange } from './mcp-exchange.ts';
import {
  type McpAnswer,
  type Message,
  type RequestId,
  codes,
  eventStream,
  headersOfEvents,
  isInitialize,
  isMessage,
  isObject,
  isRequest,
  refuse,
  sessionGone,
} from './mcp-messages.ts';
import type { ResponseSerializer } from './response-serializer.ts';

export type { McpAnswer };

/** What came over HTTP; a request of node:http fits, with its body. */
export interface McpRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** As parsed; `undefined` where there was none. */
  readonly body: unknown;
}

export interface McpTransportOptions {
  /** Writes events; without it `JSON.stringify` does. */
  readonly serializer?: Pick<ResponseSerializer, 'stringify'> & SendOptions['serializer'];
  /** Makes the id of the session; without it there is none, and every request stands by itself. */
  readonly createSessionId?: () => string;
  /** Told the id once a client is let in. */
  readonly onSession?: (id: string) => void;
  /** Told the id when the client ends its session. */
  readonly onSessionEnd?: (id: string) => void;
  /** Revisions that a client may name in its header; all with sessions where absent. */
  readonly protocolVersions?: readonly string[];
  /** Milliseconds between the comments that keep a quiet stream of events open; 15 seconds where absent. */
  readonly keepAliveMs?: number;
}

const knownVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];
const usualKeepAliveMs = 15_000;

/** A request that is being worked on. */
interface Pending {
  readonly exchange: Exchange;
  /** As the client has it; the SDK gets another one, since clients without a session all count from one. */
  readonly id: RequestId;
}

/** One for each session; without sessions one serves all requests of a server. */
export class McpTransport {
  sessionId?: string;
  /** Set by the SDK. */
  onmessage?: (message: object, extra?: object) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;

  readonly #options: McpTransportOptions;
  /** By the ids that the SDK knows. */
  readonly #pending = new Map<RequestId, Pending>();
  #lastId = 0;
  /** The stream that a client opened by GET for all that is about no request of its own. */
  #stream: Readable | undefined;
  #isInitialized = false;
  #isClosed = false;

  constructor(options: McpTransportOptions = {}) {
    this.#options = options;
  }

  /** Called by the SDK. */
  async start(): Promise<void> {}

  /** Ends all that is open; who still waits for an answer is told that the session is gone. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream?.push(null);
    for (const { exchange } of this.#pending.values()) exchange.end(sessionGone());
    this.#pending.clear();
    this.onclose?.();
  }

  /** Called by the SDK with what the server has to say. @throws {Error} for an answer that nobody waits for. */
  async send(message: object, options?: { relatedRequestId?: RequestId }): Promise<void> {
    const { id, method } = message as { id?: RequestId; method?: string };
    if (method === undefined && id !== undefined) {
      const pending = this.#pending.get(id);
      if (pending === undefined) throw new Error(`no request waits for an answer with the id ${String(id)}`);
      this.#pending.delete(id);
      pending.exchange.answer({ ...message, id: pending.id });
      return;
    }
    const about = options?.relatedRequestId === undefined ? undefined : this.#pending.get(options.relatedRequestId);
    // What nobody listens to is dropped, as the specification has it.
    if (about === undefined) this.#stream?.push(this.#writeEvent(message));
    else about.exchange.tell(message);
  }

  /** Whether a client has a stream open for what is about no request of its own. */
  get hasStream(): boolean {
    return this.#stream !== undefined;
  }

  /** Ends that stream; the client may open another. */
  closeStream(): void {
    this.#stream?.push(null);
    this.#stream = undefined;
  }

  /** Does what a request says, for servers that send by themselves. */
  async answer(request: McpRequest): Promise<McpAnswer> {
    if (this.#isClosed) return sessionGone();
    const { method, headers } = request;
    if (method === 'POST') return this.#post(request);
    if (method === 'GET' || method === 'HEAD') return this.#refusalOfSession(headers) ?? this.#openStream(headers);
    if (method === 'DELETE') return this.#refusalOfSession(headers) ?? this.#endSession();
    return { ...refuse(405, codes.badRequest, 'Method not allowed'), headers: { allow: 'GET, POST, DELETE' } };
  }

  /**
   * Answers a request of node:http, or of a framework that hands on its request and response.
   * @param body as parsed; `undefined` where there was none.
   * @returns when the answer is out of this process's hands, or the client has gone.
   */
  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const { method = 'GET', headers } = request;
    await this.sendAnswer(response, await this.answer({ method, headers, body }));
  }

  /** Sends what `answer` gave by node:http. @returns as `handle` does. */
  async sendAnswer(response: ServerResponse, answer: McpAnswer): Promise<void> {
    if (answer.body instanceof Readable) {
      response.writeHead(answer.status, answer.headers);
      response.flushHeaders();
      // A client that goes ends the stream on our side.
      await pipeline(answer.body, response).catch(() => {});
    } else if (answer.body === undefined) {
      response.writeHead(answer.status, { ...answer.headers, 'content-length': 0 }).end();
    } else {
      await this.#sendBody(response, answer.body, answer);
    }
  }

  async #sendBody(response: ServerResponse, body: object, { status, headers }: McpAnswer): Promise<void> {
    const { serializer } = this.#options;
    if (serializer !== undefined) {
      await send(response, body, { serializer, status, headers });
      return;
    }
    const text = JSON.stringify(body);
    const described = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    response.writeHead(status, { ...headers, ...described }).end(text);
  }

  async #post({ headers, body }: McpRequest): Promise<McpAnswer> {
    const { accept = '', 'content-type': type = '' } = headers;
    if (!accept.includes('application/json') || !accept.includes(eventStream))
      return refuse(
        406,
        codes.badRequest,
        `Not Acceptable: Client must accept both application/json and ${eventStream}`,
      );
    if (!/^application\/json\s*(?:;|$)/i.test(type))
      return refuse(415, codes.badRequest, 'Unsupported Media Type: Content-Type must be application/json');
    if (body === undefined) return refuse(400, codes.parseError, 'Parse error: Invalid JSON');
    const messages = Array.isArray(body) ? (body as unknown[]) : [body];
    if (messages.length === 0 || !messages.every(isMessage))
      return refuse(400, codes.invalidRequest, 'Invalid Request: Invalid JSON-RPC message');
    const refusal = messages.some(isInitialize) ? this.#initialize(messages) : this.#refusalOfSession(headers);
    if (refusal !== undefined) return refusal;

    const requests = messages.filter(isRequest);
    if (requests.length === 0) {
      this.#hand(messages, headers);
      return { status: 202, headers: this.#headers(), body: undefined };
    }
    if (this.sessionId !== undefined && this.#areTaken(requests.map(({ id }) => id)))
      return refuse(400, codes.invalidRequest, 'Invalid Request: another request with this id is still being answered');
    return new Promise((resolve) => {
      const exchange = new Exchange({
        requests: requests.length,
        isBatch: Array.isArray(body),
        headers: this.#headers(),
        writeEvent: (message) => this.#writeEvent(message),
        createStream: () => this.#createStream(),
        give: resolve,
      });
      this.#hand(
        messages.map((message) => (isRequest(message) ? this.#await(message, exchange) : message)),
        headers,
      );
    });
  }

  /** Gives messages to the SDK. */
  #hand(messages: readonly Message[], headers: IncomingHttpHeaders): void {
    for (const message of messages) {
      const handed = message['method'] === 'notifications/cancelled' ? this.#cancel(message) : message;
      if (handed !== undefined) this.onmessage?.(handed, { requestInfo: { headers } });
    }
  }

  /**
   * Ends the request that a client gave up, which the SDK does not answer any more.
   * @returns the message as the SDK gets it; `undefined` where nobody can say which request is meant: clients without a
   *   session all count from one.
   */
  #cancel(message: Message): Message | undefined {
    const { params } = message;
    if (this.sessionId === undefined || !isObject(params)) return undefined;
    const [id, pending] = [...this.#pending].find(([, { id: own }]) => own === params['requestId']) ?? [];
    if (id === undefined || pending === undefined) return undefined;
    this.#pending.delete(id);
    const nothing = Readable.from([]);
    pending.exchange.end({ status: 200, headers: { ...this.#headers(), ...headersOfEvents }, body: nothing });
    return { ...message, params: { ...params, requestId: id } };
  }

  /** @returns the request as the SDK gets it. */
  #await(request: Message & { id: RequestId }, exchange: Exchange): Message {
    this.#lastId += 1;
    this.#pending.set(this.#lastId, { exchange, id: request.id });
    return { ...request, id: this.#lastId };
  }

  #areTaken(ids: readonly RequestId[]): boolean {
    const taken = new Set([...this.#pending.values()].map(({ id }) => id));
    return new Set(ids).size < ids.length || ids.some((id) => taken.has(id));
  }

  /** Lets a client in. @returns why not. */
  #initialize(messages: readonly Message[]): McpAnswer | undefined {
    if (this.#isInitialized && this.sessionId !== undefined)
      return refuse(400, codes.invalidRequest, 'Invalid Request: Server already initialized');
    if (messages.length > 1)
      return refuse(400, codes.invalidRequest, 'Invalid Request: Only one initialization request is allowed');
    this.#isInitialized = true;
    const id = this.#options.createSessionId?.();
    if (id === undefined) return undefined;
    this.sessionId = id;
    this.#options.onSession?.(id);
    return undefined;
  }

  #refusalOfSession(headers: IncomingHttpHeaders): McpAnswer | undefined {
    const { 'mcp-session-id': id, 'mcp-protocol-version': version } = headers;
    if (this.#options.createSessionId !== undefined) {
      if (!this.#isInitialized) return refuse(400, codes.badRequest, 'Bad Request: Server not initialized');
      if (id === undefined) return refuse(400, codes.badRequest, 'Bad Request: Mcp-Session-Id header is required');
      if (id !== this.sessionId) return sessionGone();
    }
    const { protocolVersions = knownVersions } = this.#options;
    if (version === undefined || protocolVersions.includes(String(version))) return undefined;
    const known = protocolVersions.join(', ');
    return refuse(
      400,
      codes.badRequest,
      `Bad Request: Unsupported protocol version: ${String(version).slice(0, 40)} (supported versions: ${known})`,
    );
  }

  #openStream({ accept = '' }: IncomingHttpHeaders): McpAnswer {
    if (!accept.includes(eventStream))
      return refuse(406, codes.badRequest, `Not Acceptable: Client must accept ${eventStream}`);
    if (this.#stream !== undefined)
      return refuse(409, codes.badRequest, 'Conflict: Only one SSE stream is allowed per session');
    const stream = this.#createStream();
    this.#stream = stream;
    stream.once('close', () => {
      if (this.#stream === stream) this.#stream = undefined;
    });
    return { status: 200, headers: { ...this.#headers(), ...headersOfEvents }, body: stream };
  }

  async #endSession(): Promise<McpAnswer> {
    if (this.sessionId !== undefined) this.#options.onSessionEnd?.(this.sessionId);
    await this.close();
    return { status: 200, headers: {}, body: undefined };
  }

  #headers(): Record<string, string> {
    return this.sessionId === undefined ? {} : { 'mcp-session-id': this.sessionId };
  }

  #writeEvent(message: object): string {
    const text = this.#options.serializer?.stringify(message) ?? JSON.stringify(message);
    return `event: message\ndata: ${text}\n\n`;
  }

  #createStream(): Readable {
    const stream = new Readable({ read() {} });
    const timer = setInterval(
      () => stream.push(': keep-alive\n\n'),
      this.#options.keepAliveMs ?? usualKeepAliveMs,
    ).unref();
    stream.once('close', () => clearInterval(timer));
    return stream;
  }
}
