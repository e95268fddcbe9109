/**
 * Failures as clients see them: `{ error, message, statusCode }`, and never a stack.
 *
 * What a handler expects to go wrong it throws as a `Problem`; anything else is a bug, whose text stays in the log.
 * Deliberately absent: errors of JSON-RPC, which have a form of their own (mcp/).
 */
import { STATUS_CODES } from 'node:http';

import type { FastifyError, FastifyInstance } from 'fastify';

import { InvalidInputError } from './store/entity-input.ts';

/** A failure that the client is told about. */
export class Problem extends Error {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Problem';
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** The body of every error. */
interface ErrorBody {
  readonly error: string;
  readonly message: string;
  readonly statusCode: number;
}

/** Sets what is sent for errors and for unknown paths. */
export function installErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.statusCode >= 500) request.log.error(error);
    return reply.code(problem.statusCode).headers(problem.headers).send(toErrorBody(problem));
  });
  app.setNotFoundHandler((_request, reply) => {
    return reply.code(404).send(toErrorBody(new Problem(404, 'there is nothing at this path with this method')));
  });
}

function toErrorBody({ statusCode, message }: Problem): ErrorBody {
  return { error: STATUS_CODES[statusCode] ?? 'Error', message, statusCode };
}

function toProblem(error: Partial<FastifyError> & Error): Problem {
  if (error instanceof Problem) return error;
  // Well-formed JSON that says the wrong thing is 422; what is no JSON at all is 400, by Fastify's parser.
  if (error.validation !== undefined || error instanceof InvalidInputError) return new Problem(422, error.message);
  const { statusCode } = error;
  // Fastify's own refusals (413, 415, malformed JSON) are meant for clients; they quote nothing of the gateway.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Problem(statusCode, error.message);
  return new Problem(500, 'the gateway failed on this request; its log says why');
}
