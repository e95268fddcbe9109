/**
 * The gateway's two ways to speak MCP: POST /rpc, one JSON-RPC message each, and /mcp, Streamable HTTP with sessions.
 *
 * Both use the same methods, and both send objects through the gateway's response serializer. Authentication,
 * compression and limits of the application around hold here too.
 * Source: MCP revision 2025-11-25, "Transports".
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { isObject } from '../../json.ts';
import { shareOf } from '../http/callers.ts';
import { Problem, type ReportFailure, reportRequest } from '../http/errors.ts';
import { forgetTypeOfNothing } from '../http/headers.ts';
import { sendAs } from '../responses/serializers.ts';
import type { GatewaySettings } from '../settings.ts';
import { mostPageBytes } from '../store/list-bytes.ts';
import { type ReadableStore, StoreUnavailableError } from '../store/store.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { answerCall, schemaOf } from './methods/call.ts';
import { type McpMethods, createMethods } from './methods/methods.ts';
import { type HttpAnswer, notJson, refuse } from './protocol/http-answers.ts';
import { rpcCodes } from './protocol/json-rpc.ts';
import { type SessionLimits, type Sessions, createSessions, defaultLimits } from './sessions/sessions.ts';
import type { CheckingThread } from './tool-schemas/checking-thread.ts';
import { type McpEndpoint, type VirtualServers, createVirtualServers, withoutTemplates } from './virtual-servers.ts';

export interface McpOptions {
  readonly store: ReadableStore;
  readonly settings: GatewaySettings;
  /** Servers behind the gateway; none where absent. */
  readonly upstreams?: Upstreams | undefined;
  /** Gets every request that fails inside; nobody does where absent. */
  readonly report?: ReportFailure;
  /** Where long work on schemas is done; one of its own where absent. */
  readonly thread?: CheckingThread;
  /** Gets a line for each row that is left out of lists; nobody does where absent. */
  readonly warn?: (line: string) => void;
  /** Those of `defaultLimits` where absent. */
  readonly sessions?: SessionLimits;
}

/** Adds both to an application that has its bodies, serializer, authentication and check of hosts set up already. */
export async function registerMcp(app: FastifyInstance, options: McpOptions): Promise<void> {
  const { store, settings, report = () => {} } = options;
  const { thread, warn, upstreams } = options;
  const onError = (error: unknown): void => {
    app.log.error(error);
    // The session's answer is status 200 with an error inside; the operator learns what it would have been elsewhere.
    report({ method: 'POST', route: '/mcp', statusCode: error instanceof StoreUnavailableError ? 503 : 500, error });
  };
  const open = (from: ReadableStore, behind = upstreams): McpEndpoint => {
    const methods = createMethods({ store: from, settings, thread, warn, upstreams: behind });
    const limits = options.sessions ?? defaultLimits;
    return {
      methods,
      sessions: createSessions({ store: from, methods, pages: settings, upstreams: behind, limits, onError }),
    };
  };
  const whole = open(store);
  const named = upstreams === undefined ? undefined : withoutTemplates(upstreams);
  const virtual = createVirtualServers({ store, open: (from) => open(from, named) });
  const context = { methods: whole.methods, settings, report };
  await app.register(async (scope) => {
    scope.setErrorHandler<FastifyError>(answerHttpError);
    scope.addHook('preClose', async () => {
      whole.sessions.drain();
      virtual.drain();
    });
    scope.addHook('onClose', async () => {
      await Promise.all([whole.methods.close(), whole.sessions.close(), virtual.close()]);
    });
    addRpc(scope, context);
    addStreamableHttp(scope, { url: '/mcp', settings, find: async () => whole });
    addStreamableHttp(scope, { url: '/servers/:id/mcp', settings, find: (request) => findVirtual(request, virtual) });
  });
}

/** @throws {Problem} 404 where there is no such server. */
async function findVirtual({ params }: FastifyRequest, virtual: VirtualServers): Promise<McpEndpoint> {
  const id = (params as { id: string }).id.toLowerCase();
  const endpoint = await virtual.find(id);
  if (endpoint === undefined) throw new Problem(404, 'there is no server with that id');
  return endpoint;
}

interface RouteContext {
  readonly methods: McpMethods;
  readonly settings: GatewaySettings;
  readonly report: ReportFailure;
}

function addRpc(scope: FastifyInstance, { methods, settings, report }: RouteContext): void {
  const config = { mostReadBytes };
  scope.post('/rpc', { bodyLimit: settings.bodyLimitBytes, config }, async (request, reply) => {
    const version = request.headers['mcp-protocol-version'];
    const answer = await answerCall(methods, {
      message: request.body,
      version,
      signal: signalOf(reply),
      onFailure: (failed) => reportRequest(request, { report, ...failed }),
    });
    return send(reply, { answer, context: { methods, settings } });
  });
}

function addStreamableHttp(
  scope: FastifyInstance,
  options: {
    url: string;
    settings: GatewaySettings;
    find: (request: FastifyRequest) => Promise<McpEndpoint>;
  },
): void {
  const { url, settings, find } = options;
  scope.route({
    method: ['GET', 'HEAD', 'POST', 'DELETE'],
    url,
    config: { mostReadBytes },
    exposeHeadRoute: false,
    onRequest(request, reply, done) {
      if (request.method === 'DELETE') forgetTypeOfNothing(request, reply, done);
      else done();
    },
    bodyLimit: settings.bodyLimitBytes,
    async handler(request, reply) {
      const { methods, sessions } = await find(request);
      const answer = await sessions.answer({
        request: { method: request.method, headers: request.headers, body: request.body },
        caller: { ...request.caller, share: shareOf(request) },
      });
      if (request.method === 'HEAD' && answer.body instanceof Readable) {
        // What GET would have opened; nobody would read it.
        answer.body.destroy();
        return reply.code(answer.status).headers(answer.headers).send();
      }
      if (answer.body instanceof Readable) return stream(reply, { answer, body: answer.body, sessions });
      return send(reply, { answer, context: { methods, settings } });
    },
  });
}

/** Ends when the client goes before it has its answer. */
function signalOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** A list may be a page, and so may what a batch asks for together. */
function mostReadBytes({ body }: FastifyRequest): number {
  const asksForMuch = Array.isArray(body) || (isObject(body) && String(body['method']).endsWith('/list'));
  return asksForMuch ? mostPageBytes : 0;
}

function send(
  reply: FastifyReply,
  options: { answer: HttpAnswer; context: Pick<RouteContext, 'methods' | 'settings'> },
): FastifyReply {
  const { answer, context } = options;
  reply.code(answer.status).headers(answer.headers);
  if (answer.body === undefined) return reply.send();
  const schema = schemaOf(context.methods, { message: reply.request.body, answer: answer.body });
  return sendAs(reply, { value: answer.body, schema, serializer: context.settings.responses.serializer });
}

/** Events go past Fastify: its hooks are for bodies that have an end. */
async function stream(
  reply: FastifyReply,
  options: { answer: HttpAnswer; body: Readable; sessions: Sessions },
): Promise<FastifyReply> {
  const { answer, body, sessions } = options;
  reply.hijack();
  const { raw } = reply;
  const { endsAt } = reply.request.caller;
  const ended = sessions.streamOpened(answer.headers['mcp-session-id'] ?? '', {
    isStuck: () => raw.writableNeedDrain,
    cut: () => void raw.destroy(),
    endsAt,
  });
  raw.writeHead(answer.status, { ...(reply.getHeaders() as Record<string, string>), ...answer.headers });
  raw.flushHeaders();
  try {
    await pipeline(body, raw);
  } catch {
    // The client went; the pipeline has ended the stream on our side.
  } finally {
    ended();
  }
  return reply;
}

/** Clients of JSON-RPC expect their own kind of error where the body could not be read. */
function answerHttpError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = bodyErrors[error.code];
  // Anything else, such as a missing token, is said as everywhere in the application.
  if (known === undefined) throw error;
  const [code, message] = known;
  const status = error.statusCode ?? 400;
  return reply.code(status).send(refuse(status, code, message).body);
}

const bodyErrors: Readonly<Record<string, readonly [code: number, message: string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: notJson,
  FST_ERR_CTP_EMPTY_JSON_BODY: [rpcCodes.parseError, 'Parse error: the body is empty'],
  FST_ERR_CTP_BODY_TOO_LARGE: [rpcCodes.invalidRequest, 'Invalid request: the body is too large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [rpcCodes.invalidRequest, 'Invalid request: Content-Type must be application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    rpcCodes.invalidRequest,
    'Invalid request: the body is not as long as Content-Length says',
  ],
};
