/**
 * Errors that come before any route: what is no HTTP, takes too long to arrive, or has an address that no route can
 * have.
 *
 * They get the same body as all other errors (errors.ts).
 * Source: Node's documentation of http, events "clientError" and "checkExpectation".
 */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

import { Problem, toErrorBody } from './errors.ts';

/** For Fastify's option `frameworkErrors`. */
export function answerAddressError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const isLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  // The address itself is left out: it is the client's, and may be of any length.
  const problem = isLong
    ? new Problem(414, 'a part of the path is longer than any id')
    : new Problem(400, 'the path is no valid address');
  const body = bodyOf(problem);
  // Written here, since a reply without a route has no hooks and no serializer; Node leaves out the body for HEAD.
  reply.hijack();
  reply.raw.writeHead(problem.statusCode, headersOf(body));
  reply.raw.end(body);
}

/** For Node's event `clientError`. The connection ends after the answer: nobody knows where the next request begins. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [statusCode, message] = brokenRequests.get(error.code ?? '') ?? [400, 'what was sent is no HTTP request'];
  const body = bodyOf(new Problem(statusCode, message));
  const head = Object.entries({ ...headersOf(body), connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.end(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${head.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}

/** Answers 417 where a client waits for something other than the permission to send its body. */
export function refuseExpectations(server: Server): void {
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = bodyOf(new Problem(417, 'of all expectations only 100-continue is met'));
    response.writeHead(417, { ...headersOf(body), connection: 'close' });
    response.end(body);
  });
}

const brokenRequests: ReadonlyMap<string, readonly [statusCode: number, message: string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'the request took too long to arrive']],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', [413, 'the extensions of a chunk are too long']],
  ['HPE_HEADER_OVERFLOW', [431, 'the address and headers together are too long']],
]);

function bodyOf(problem: Problem): string {
  return JSON.stringify(toErrorBody(problem));
}

function headersOf(body: string): Record<string, string | number> {
  return { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
}
