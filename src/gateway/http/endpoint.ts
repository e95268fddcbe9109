/**
 * An endpoint as data: what it is for, who may call it, what it reads and what it answers.
 *
 * Authentication, the cache and the OpenAPI document read these fields and know no path by name.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { EntityKind } from '../entities/entity.ts';
import type { Schema } from '../json.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent where a route was not declared as an `Endpoint`; then callers have to say who they are. */
    readonly endpoint?: Endpoint;
    /** Of a route that is no `Endpoint`: bytes of entities that its answer may be made of, 0 for few. */
    readonly mostReadBytes?: (request: FastifyRequest) => number;
  }
}

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** In Fastify's notation, as in `/tools/:id`. */
  readonly url: string;
  readonly summary: string;
  /** Anybody may call it, also where authentication is on. */
  readonly isPublic?: true;
  /** Asked by browsers, which send a token as the password of basic authentication. */
  readonly isForBrowsers?: true;
  /** The caller's token must allow this; reading is allowed to every valid token. */
  readonly scope?: 'write';
  /** The response depends on entities of these kinds and on nothing else, so that it may be kept until one changes. */
  readonly reads?: readonly EntityKind[];
  /** The response names its caller, and is not kept for others. */
  readonly isPersonal?: true;
  readonly query?: Schema;
  readonly params?: Schema;
  readonly body?: Schema;
  /** By status; `null` for a response without a body. Errors are the same everywhere and not listed. */
  readonly responses: Readonly<Record<number, Schema | null>>;
  /** What status 200 may be as well; such a response is sent by `sendAs`. */
  readonly alternative?: Schema;
  /** A content type other than JSON; such a response has no schema, and its handler answers HEAD without opening it. */
  readonly stream?: string;
  /** A content type other than JSON for a body that is text. */
  readonly text?: string;
  handle(this: void, request: FastifyRequest, reply: FastifyReply): unknown;
}
