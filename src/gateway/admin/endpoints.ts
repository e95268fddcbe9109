/**
 * The admin page: what the gateway keeps, servers behind it, and what failed lately, as HTML that a browser shows.
 *
 * Browsers ask their user for a name and a password where a token is needed; the password is the token (http/auth.ts).
 */
import type { FastifyReply } from 'fastify';

import { type Entity, type EntityKind, entityKinds } from '../entities/entity.ts';
import { idParamsSchema } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { describeFailure, type Failure, Problem } from '../http/errors.ts';
import type { Store } from '../store/store.ts';
import { adminPath, style, stylePath, writeEntity, writeList, writeOverview } from './pages.ts';

/** What failed lately; arbitrary, what does not fit is in the log. */
const mostFailures = 50;
/** Entities of a page. */
const pageSize = 50;

export class RecentFailures {
  readonly #latest: { readonly at: Date; readonly what: string }[] = [];

  note(failure: Failure): void {
    this.#latest.unshift({ at: new Date(), what: describeFailure(failure) });
    this.#latest.length = Math.min(this.#latest.length, mostFailures);
  }

  list(): readonly { readonly at: Date; readonly what: string }[] {
    return this.#latest;
  }
}

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

const text = 'text/html; charset=utf-8';
const htmlAnswer = { method: 'GET', text, isForBrowsers: true, responses: { 200: { type: 'string' } } } as const;

export function adminEndpoints(store: Store, failures: RecentFailures): Endpoint[] {
  return [
    {
      ...htmlAnswer,
      url: '/admin',
      summary: 'The way to the admin page',
      handle: (_request, reply: FastifyReply) => reply.redirect(adminPath),
    },
    {
      ...htmlAnswer,
      url: adminPath,
      summary: 'The admin page: what there is, servers behind the gateway, recent failures',
      async handle(_request, reply) {
        const counts = await Promise.all(entityKinds.map(async (kind) => [kind, await store.count(kind)] as const));
        const known = await store.listUpstreams();
        const upstreams = await Promise.all(known.map(({ id }) => store.get('gateways', id)));
        const overview = {
          counts: Object.fromEntries(counts) as Record<EntityKind, number>,
          upstreams: upstreams.filter((entity): entity is Entity => entity !== undefined),
          failures: failures.list(),
        };
        return send(reply, writeOverview(overview));
      },
    },
    {
      ...htmlAnswer,
      url: stylePath,
      text: 'text/css; charset=utf-8',
      summary: 'How the admin page looks',
      isPublic: true,
      handle: (_request, reply: FastifyReply) => reply.headers(headers).type('text/css; charset=utf-8').send(style),
    },
    ...entityKinds.flatMap((kind) => kindEndpoints(kind, store)),
  ];
}

function kindEndpoints(kind: EntityKind, store: Store): Endpoint[] {
  return [
    {
      ...htmlAnswer,
      url: `${adminPath}${kind}`,
      summary: `A page of the ${kind}, for people`,
      query: { type: 'object', properties: { cursor: { type: 'string', minLength: 1, maxLength: 256 } } },
      async handle(request, reply) {
        return send(reply, writeList(kind, await readPage(kind, store, (request.query as { cursor?: string }).cursor)));
      },
    },
    {
      ...htmlAnswer,
      url: `${adminPath}${kind}/:id`,
      summary: `One of the ${kind}, for people`,
      params: idParamsSchema,
      async handle(request, reply) {
        const entity = await store.get(kind, (request.params as { id: string }).id.toLowerCase());
        if (entity === undefined) throw new Problem(404, `there is none of the ${kind} with that id`);
        return send(reply, writeEntity(kind, entity));
      },
    },
  ];
}

/** @throws {Problem} 422 for a cursor that no page gave. */
async function readPage(kind: EntityKind, store: Store, cursor: string | undefined) {
  try {
    return await store.list(kind, { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
  } catch (error) {
    if (error instanceof RangeError) throw new Problem(422, 'no page gave this cursor', {}, error);
    throw error;
  }
}

function send(reply: FastifyReply, page: string): FastifyReply {
  return reply.headers(headers).type(text).send(page);
}
