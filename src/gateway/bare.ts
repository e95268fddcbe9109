/**
 * The gateway without its layers: the same lists, single entities and JSON-RPC answers over node:http alone.
 *
 * It has the store, what the handlers make of its rows, and the serializer, so that a comparison says what everything
 * else costs. It only reads, and checks nothing but the hosts that a request names, since pages of others reach it as
 * well.
 */
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
} from 'node:http';

import { defaultRequestTimeoutMs, withinDeadline } from './deadline.ts';
import { type ListQuery, readList } from './endpoints/lists.ts';
import { healthy, statusSchema } from './endpoints/status.ts';
import { type EntityKind, entityKinds } from './entities/entity.ts';
import { describeKind, errorSchema } from './entities/schemas.ts';
import { type ReportFailure, nothingHere, Problem, toErrorBody, toProblem } from './http/errors.ts';
import { createHostCheck } from './http/known-hosts.ts';
import type { Schema } from './json.ts';
import { answerCall, schemaOf } from './mcp/methods/call.ts';
import { createMethods } from './mcp/methods/methods.ts';
import { notJson, refuse } from './mcp/protocol/http-answers.ts';
import { entityTag, notAsExpected, statusUnder, tagHeaders } from './responses/conditions.ts';
import { toWritableSchema } from './responses/writable-schema.ts';
import { createWriters } from './responses/writers.ts';
import type { GatewaySettings } from './settings.ts';
import type { Store } from './store/store.ts';

export interface BareGateway {
  readonly server: Server;
  /** Ends when connections are accepted. Rejects as `server.listen` fails. */
  listen(address: { readonly host?: string; readonly port: number }): Promise<void>;
  /** Takes no more connections; ends when the last one has. */
  close(): Promise<void>;
}

/** The same as Fastify's, so that connections live equally long on both sides of a comparison. */
const keepAliveTimeoutMs = 72_000;

/**
 * Makes the server; it does not listen yet.
 * @param options.store stays open when the server closes.
 * @param options.report gets every request that ends with a status of 500 or more; nobody does where absent.
 * @param options.settings of `responses` the serializer and keep-alive count; compression, cache and `auth` are
 *   ignored.
 * @throws {UserError} for what is no host in `allowedHosts`.
 */
export function createBareGateway(options: {
  readonly store: Store;
  readonly settings: GatewaySettings;
  readonly report?: ReportFailure;
  readonly warn?: (line: string) => void;
}): BareGateway {
  const { store, settings, report = () => {} } = options;
  const { requestTimeoutMs: limitMs = defaultRequestTimeoutMs } = settings;
  const checkHosts = createHostCheck(settings.allowedHosts);
  const methods = createMethods({ store, settings, warn: options.warn });
  const writerOf = createWriters(settings.responses.serializer);
  const readers = new Map(entityKinds.map((kind) => [`/${kind}`, createReaders(kind, options)]));
  const errorWriter = toWritableSchema(errorSchema);
  const health: BareAnswer = { status: 200, value: healthy, schema: toWritableSchema(statusSchema) };

  const answer = async (request: IncomingMessage): Promise<BareAnswer> => {
    checkHosts(request);
    const { path, query } = splitAddress(request.url);
    if (request.method === 'POST' && path === '/rpc') return answerRpc(request);
    // Node leaves out the body of an answer to HEAD.
    if (request.method !== 'GET' && request.method !== 'HEAD') throw nothingHere();
    if (path === '/health') return health;
    const slash = path.indexOf('/', 1);
    const reader = readers.get(slash === -1 ? path : path.slice(0, slash));
    if (reader === undefined) throw nothingHere();
    return slash === -1 ? reader.list(readListQuery(query)) : reader.one(path.slice(slash + 1), request.headers);
  };

  async function answerRpc(request: IncomingMessage): Promise<BareAnswer> {
    // It asks nobody, so there is nothing to end.
    const { signal } = new AbortController();
    const body = await readBody(request, settings.bodyLimitBytes);
    let message: unknown;
    try {
      message = JSON.parse(body);
    } catch {
      const refusal = refuse(400, ...notJson);
      return { status: refusal.status, value: refusal.body };
    }
    const onFailure = (failed: { statusCode: number; error: unknown }): void =>
      report({ method: 'POST', route: '/rpc', ...failed });
    const {
      status,
      headers,
      body: value,
    } = await answerCall(methods, { message, version: request.headers['mcp-protocol-version'], signal, onFailure });
    return value === undefined
      ? { status }
      : { status, headers, value, schema: schemaOf(methods, { message, answer: value }) };
  }

  const server = createServer(
    { keepAliveTimeout: keepAliveTimeoutMs, requireHostHeader: false },
    (request, response) => {
      withinDeadline({ limitMs }, () => answer(request))
        .then((made) => send(response, made))
        .catch((error: Error) => send(response, explain(request, error)))
        // The body of an error can always be written, so what failed here is the connection.
        .catch(() => response.destroy());
    },
  );

  function explain({ method = '', url }: IncomingMessage, error: Error): BareAnswer {
    const problem = toProblem(error);
    const { statusCode } = problem;
    // Only the first part of the path: ids and queries are the client's own text.
    if (statusCode >= 500) report({ method, route: /^\/[a-z]*/.exec(url ?? '')?.[0] ?? '', statusCode, error });
    return { status: statusCode, headers: problem.headers, value: toErrorBody(problem), schema: errorWriter };
  }

  function send(response: ServerResponse, { status, headers = {}, value, schema = {} }: BareAnswer): void {
    // Written before the head is sent, so that a value that cannot be written can still be answered with an error.
    const body = value === undefined ? undefined : writerOf(schema)(value);
    response.statusCode = status;
    for (const name in headers) response.setHeader(name, headers[name] as string);
    if (!settings.responses.keepAlive) response.setHeader('connection', 'close');
    if (body === undefined) {
      if (status !== 304) response.setHeader('content-length', 0);
      response.end();
      return;
    }
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
  }

  // Compiled now and not by the first request, just as Fastify does with its routes.
  for (const { schemas } of readers.values()) for (const schema of schemas) writerOf(schema);
  for (const { answerSchema } of methods.table.values()) writerOf(answerSchema);

  return {
    server,
    listen({ host, port }) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('error', reject);
      server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
        server.off('error', reject);
        resolve();
      });
      return promise;
    },
    close() {
      const ended = methods.close();
      const { promise, resolve } = Promise.withResolvers<void>();
      // An error here says that it never listened, so it is closed.
      server.close(() => resolve());
      return Promise.all([promise, ended]).then(() => undefined);
    },
  };
}

interface BareAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent for an answer without a body. */
  readonly value?: object | undefined;
  readonly schema?: Schema;
}

/** The two ways to read a kind. */
interface Readers {
  readonly schemas: readonly Schema[];
  list(query: ListQuery): Promise<BareAnswer>;
  one(id: string, headers: IncomingHttpHeaders): Promise<BareAnswer>;
}

function createReaders(
  kind: EntityKind,
  { store, settings }: { readonly store: Store; readonly settings: GatewaySettings },
): Readers {
  const { singular, entity, list, page } = describeKind(kind);
  const [one, all, paged] = [toWritableSchema(entity), toWritableSchema(list), toWritableSchema(page)];
  return {
    schemas: [one, all, paged],
    async list(query) {
      return {
        status: 200,
        value: await readList({ kind, store, settings }, query),
        schema: query.include_pagination ? paged : all,
      };
    },
    async one(id, conditions) {
      const found = await store.get(kind, id.toLowerCase());
      if (found === undefined) throw new Problem(404, `there is no ${singular} with that id`);
      const headers = tagHeaders(entityTag(found));
      const status = statusUnder(conditions, headers.etag);
      if (status === 412) throw notAsExpected();
      return status === 304 ? { status, headers } : { status, headers, value: found, schema: one };
    },
  };
}

function splitAddress(url = '/'): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** @throws {Problem} 422 for a limit that the store has no rows for. */
function readListQuery(text: string): ListQuery {
  if (text === '') return { include_pagination: false };
  const given = new URLSearchParams(text);
  const [cursor, limit] = [given.get('cursor'), given.get('limit')];
  if (limit !== null && !/^[1-9]\d{0,8}$/.test(limit))
    throw new Problem(422, 'querystring/limit must be a whole number from 1');
  return {
    include_pagination: given.get('include_pagination') === 'true',
    ...(cursor === null ? {} : { cursor }),
    ...(limit === null ? {} : { limit: Number(limit) }),
  };
}

/** @throws {Problem} 413 for a body above the limit: this one check stays, since it bounds memory. */
function readBody(request: IncomingMessage, limitBytes: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const pieces: Buffer[] = [];
  let bytes = 0;
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= limitBytes) pieces.push(piece);
    else reject(new Problem(413, 'the body is too large', { connection: 'close' }));
  });
  request.on('end', () => resolve(Buffer.concat(pieces).toString()));
  request.on('error', reject);
  return promise;
}
