/**
 * The official SDK's Streamable HTTP transport, with answers given out as objects instead of text.
 *
 * The SDK's transport checks headers, sessions and versions and would write its answers by `JSON.stringify`. Here it
 * gets an empty stand-in for each answer, and the answer itself takes the stand-in's place afterwards, so that it
 * leaves through the gateway's response serializer like every other. The SDK writes its event streams by itself: they
 * carry short notifications and no entities.
 * Source: the SDK's server/webStandardStreamableHttp, which this class extends.
 */
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

import { isObject } from '../../../json.ts';
import { type HttpAnswer, refuse, sessionNotFoundCode } from '../protocol/http-answers.ts';
import { type RpcId, rpcCodes } from '../protocol/json-rpc.ts';

/** One for each session; in the SDK's mode of plain JSON responses. */
export class ObjectTransport extends WebStandardStreamableHTTPServerTransport {
  /** Answers whose stand-ins are on their way, by request id. */
  readonly #answers = new Map<RpcId, object>();
  /** Ids of requests that are being worked on. */
  readonly #inFlight = new Set<RpcId>();
  /** Give an answer to the requests that still wait when the session ends. */
  readonly #waiting = new Set<(answer: HttpAnswer) => void>();

  /**
   * @param options.onOpen gets the session's id once a client is let in;
   * @param options.onEnd when the client ends it.
   */
  constructor(options: { createId: () => string; onOpen: (id: string) => void; onEnd: (id: string) => void }) {
    super({
      sessionIdGenerator: options.createId,
      onsessioninitialized: options.onOpen,
      onsessionclosed: options.onEnd,
      enableJsonResponse: true,
    });
  }

  override async send(message: JSONRPCMessage, options?: { relatedRequestId?: RpcId }): Promise<void> {
    if ('method' in message || message.id === undefined) return super.send(message, options);
    this.#answers.set(message.id, message);
    try {
      await super.send({ jsonrpc: '2.0', id: message.id, result: {} });
    } catch (error) {
      this.#answers.delete(message.id);
      throw error;
    }
  }

  /**
   * Does what the request says.
   * @param body as parsed; `undefined` where there was none.
   */
  async answer(request: Request, body: unknown): Promise<HttpAnswer> {
    const ids = listIds(body);
    if (ids.length === 0) return this.#readAnswer(await this.#handle(request, body));
    // The SDK finds the waiting response by the id: a second one would take the first one's place, which then never
    // ends.
    if (new Set(ids).size < ids.length || ids.some((id) => this.#inFlight.has(id))) {
      return refuse(
        400,
        rpcCodes.invalidRequest,
        'Invalid request: another request with this id is still being answered',
      );
    }
    for (const id of ids) this.#inFlight.add(id);
    try {
      return await this.#answerUntilClosed(request, body);
    } finally {
      for (const id of ids) {
        this.#inFlight.delete(id);
        this.#answers.delete(id);
      }
    }
  }

  override async close(): Promise<void> {
    await super.close();
    // The SDK forgets requests that wait for their answers; nobody would ever answer them.
    for (const end of this.#waiting) end(refuse(404, sessionNotFoundCode, 'Session not found'));
  }

  #answerUntilClosed(request: Request, body: unknown): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve);
      this.#handle(request, body)
        .then((response) => this.#readAnswer(response))
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(resolve));
    });
  }

  #handle(request: Request, body: unknown): Promise<Response> {
    return this.handleRequest(request, body === undefined ? {} : { parsedBody: body });
  }

  async #readAnswer(response: Response): Promise<HttpAnswer> {
    const { status, body } = response;
    const { 'content-type': type, ...headers } = Object.fromEntries(response.headers) as Record<string, string>;
    if (body === null) return { status, headers, body: undefined };
    if (type?.startsWith('text/event-stream') === true)
      return { status, headers: { ...headers, 'content-type': type }, body };
    const standIns: unknown = await response.json();
    return {
      status,
      headers,
      body: Array.isArray(standIns) ? standIns.map((one) => this.#replace(one)) : this.#replace(standIns),
    };
  }

  #replace(standIn: unknown): object {
    const { id } = standIn as { id?: RpcId };
    // The SDK answers some requests by itself, such as those that it refuses.
    return (id === undefined ? undefined : this.#answers.get(id)) ?? (standIn as object);
  }
}

function listIds(body: unknown): RpcId[] {
  return [body].flat().flatMap((message) => {
    if (!isObject(message) || !('method' in message)) return [];
    const { id } = message;
    return typeof id === 'string' || typeof id === 'number' ? [id] : [];
  });
}
