/**
 * Failures as clients see them, `{ error, message, statusCode }` and never a stack, and as the operator reads them.
 *
 * What a handler expects to go wrong it throws as a `Problem`. Anything else is a bug: the client learns nothing of it,
 * and whoever runs the gateway gets one line.
 */
import { STATUS_CODES } from 'node:http';

import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';

import { UserError } from '../../user-error.ts';
import { escapeAndCut } from '../quote.ts';
import { InvalidInputError } from '../store/entity-input.ts';
import { NameTakenError, StateChangedError, StoreUnavailableError, TooManyWritesError } from '../store/store.ts';

/** A failure that the client is told about. */
export class Problem extends Error {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param cause what went wrong inside; the client is not told. */
  constructor(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'Problem';
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** What clients are told while the database cannot do what they ask. */
export const unavailable = {
  message: 'the database cannot do this now; try again later',
  // As long as the store itself waits for a lock; a client that comes back sooner would wait behind others.
  headers: { 'retry-after': '5' },
} as const;

/** The body of every error. */
interface ErrorBody {
  readonly error: string;
  readonly message: string;
  readonly statusCode: number;
}

/** A request that ended with a status of 500 or more. */
export interface Failure {
  readonly method: string;
  /** The endpoint's path, as in `/tools/:id`; what a client wrote into the address is not part of it. */
  readonly route: string;
  readonly statusCode: number;
  readonly error: unknown;
}

/** Tells whoever runs the gateway; called once for each such request. */
export type ReportFailure = (failure: Failure) => void;

/** Longest description of an error; arbitrary, what a database says is shorter. */
const longestDescription = 500;

/** One line about a failure: what was asked and why it failed, without headers and bodies. */
export function describeFailure({ method, route, statusCode, error }: Failure): string {
  return `${statusCode} ${method} ${route}: ${escapeAndCut(describeError(error), longestDescription)}`;
}

/** Sets what is sent for errors and for unknown paths. */
export function installErrors(app: FastifyInstance, report: ReportFailure): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.statusCode >= 500) reportRequest(request, { report, statusCode: problem.statusCode, error });
    return reply.code(problem.statusCode).headers(problem.headers).send(toErrorBody(problem));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(toErrorBody(nothingHere())));
}

/** Writes to the request's log, where there is one, and reports. */
export function reportRequest(
  request: FastifyRequest,
  failed: { report: ReportFailure; statusCode: number; error: unknown },
): void {
  const { report, statusCode, error } = failed;
  request.log.error(error);
  report({ method: request.method, route: request.routeOptions.url ?? 'an unknown path', statusCode, error });
}

/** For a path and method that no endpoint has. */
export function nothingHere(): Problem {
  return new Problem(404, 'there is nothing at this path with this method');
}

export function toErrorBody({ statusCode, message }: Problem): ErrorBody {
  return { error: STATUS_CODES[statusCode] ?? 'Error', message, statusCode };
}

/** What a client is told of anything that was thrown. */
export function toProblem(error: Partial<FastifyError> & Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof NameTakenError) return new Problem(409, error.message);
  if (error instanceof StateChangedError) return new Problem(412, error.message);
  if (error instanceof TooManyWritesError)
    return new Problem(429, 'too many writes of this caller wait already; try again later', unavailable.headers);
  if (error instanceof StoreUnavailableError) return new Problem(503, unavailable.message, unavailable.headers);
  // Well-formed JSON that says the wrong thing is 422; what is no JSON at all is 400, by Fastify's parser.
  if (error.validation !== undefined || error instanceof InvalidInputError) return new Problem(422, error.message);
  const { statusCode } = error;
  // Fastify's own refusals (413, 415, malformed JSON) are meant for clients; they quote nothing of the gateway.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Problem(statusCode, error.message);
  return new Problem(500, 'the gateway failed on this request; its log says why');
}

/** For a bug it names the place in the code too, since this line may be all that is left of it. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `something that is no error was thrown: ${String(error)}`;
  if (error instanceof Problem) return error.cause === undefined ? error.message : describeError(error.cause);
  if (error instanceof UserError) return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
  const [frame = ''] = /^ +at .*$/m.exec(error.stack ?? '') ?? [];
  return `${error.name}: ${error.message} ${frame.trim()}`.trimEnd();
}
