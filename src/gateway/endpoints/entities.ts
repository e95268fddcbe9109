/**
 * The endpoints of one kind of entity: its list, single ones, and the three writes.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Entity, EntityInput, EntityKind, EntityState } from '../entities/entity.ts';
import { describeKind, idParamsSchema } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { Problem, unavailable } from '../http/errors.ts';
import { describeProblem, findUnstorable } from '../mcp/listing/listable.ts';
import { type CheckingThread, CheckingEnded } from '../mcp/tool-schemas/checking-thread.ts';
import { entityTag, notAsExpected, stateOf, statusUnder, tagHeaders } from '../responses/conditions.ts';
import { sendAs } from '../responses/serializers.ts';
import { toWritableSchema } from '../responses/writable-schema.ts';
import type { GatewaySettings } from '../settings.ts';
import type { Store, WriteCondition } from '../store/store.ts';
import { addNames, auditOf } from './filled-fields.ts';
import { type ListQuery, listQuerySchema, readList } from './lists.ts';

interface EntityContext {
  readonly kind: EntityKind;
  readonly store: Store;
  readonly settings: GatewaySettings;
  /** Where long work on the schemas of new entities is done. */
  readonly thread: CheckingThread;
  /** How this kind is written; by the store alone where absent. */
  readonly writes?: EntityWrites | undefined;
}

/** What writing one kind takes beside its rows. */
export interface EntityWrites {
  create(this: void, input: EntityInput): Promise<Entity>;
  /** @throws {Problem} for a change that cannot be made. */
  allowChange(this: void, id: string, input: EntityInput): void;
  /** `undefined` where the row is one of the store's alone. */
  remove(this: void, id: string, condition: WriteCondition): Promise<boolean> | undefined;
}

export function entityEndpoints({ kind, store, settings, thread, writes }: EntityContext): Endpoint[] {
  const schemas = describeKind(kind);
  const { singular } = schemas;
  const fields = Object.keys(schemas.entity['properties'] as object);
  const pageSchema = toWritableSchema(schemas.page);
  const { serializer } = settings.responses;
  const one = { url: `/${kind}/:id`, params: idParamsSchema } as const;
  return [
    {
      method: 'GET',
      url: `/${kind}`,
      summary: `All ${kind} in the order of their creation, or a page of them`,
      reads: [kind],
      query: listQuerySchema(settings),
      responses: { 200: schemas.list },
      alternative: schemas.page,
      async handle(request, reply) {
        const query = request.query as ListQuery;
        const value = await readList({ kind, store, settings }, query);
        return query.include_pagination ? sendAs(reply, { value, schema: pageSchema, serializer }) : reply.send(value);
      },
    },
    {
      ...one,
      method: 'GET',
      summary: `One ${singular}`,
      reads: [kind],
      responses: { 200: schemas.entity },
      async handle(request, reply) {
        return tagged(reply, requireEntity(await store.get(kind, idOf(request)), { singular, request }));
      },
    },
    {
      method: 'POST',
      url: `/${kind}`,
      summary: `Creates a ${singular}`,
      scope: 'write',
      body: schemas.creation,
      responses: { 201: schemas.entity },
      async handle(request, reply) {
        const input = {
          ...addNames(request.body as EntityInput, fields),
          ...auditOf('created', { request, fields }),
        };
        await refuseUnlistable(input, { kind, thread });
        const created = await (writes?.create(input) ?? store.create(kind, input));
        reply.code(201).header('location', `/${kind}/${created.id.toString()}`);
        return tagged(reply, created);
      },
    },
    {
      ...one,
      method: 'PUT',
      summary: `Replaces the given fields of a ${singular}`,
      scope: 'write',
      body: schemas.change,
      responses: { 200: schemas.entity },
      async handle(request, reply) {
        const input = { ...(request.body as EntityInput), ...auditOf('modified', { request, fields }) };
        await refuseUnlistable(input, { kind, thread });
        writes?.allowChange(idOf(request), request.body as EntityInput);
        const onlyIf = await readCondition(request, { kind, store });
        return tagged(
          reply,
          requireEntity(await store.update(kind, idOf(request), input, { onlyIf }), { singular, request }),
        );
      },
    },
    {
      ...one,
      method: 'DELETE',
      summary: `Deletes a ${singular}`,
      scope: 'write',
      responses: { 204: null },
      async handle(request, reply): Promise<FastifyReply> {
        const onlyIf = await readCondition(request, { kind, store });
        const id = idOf(request);
        if (!(await (writes?.remove(id, { onlyIf }) ?? store.remove(kind, id, { onlyIf }))))
          throw missing({ singular, request });
        return reply.code(204).send();
      },
    },
  ];
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id.toLowerCase();
}

/**
 * @throws {Problem} 422 for what MCP clients could not read, with its place; 503 where there was no time to find out.
 */
async function refuseUnlistable(
  input: EntityInput,
  { kind, thread }: Pick<EntityContext, 'kind' | 'thread'>,
): Promise<void> {
  try {
    const problem = await findUnstorable(kind, input, thread);
    if (problem !== undefined) throw new Problem(422, describeProblem('body', problem));
  } catch (error) {
    if (error instanceof CheckingEnded) throw new Problem(503, error.message, unavailable.headers);
    throw error;
  }
}

/**
 * The state that a write has to find, where its conditions name one; the write itself compares it once more.
 * @throws {Problem} 412 where they do not hold now.
 */
async function readCondition(
  request: FastifyRequest,
  { kind, store }: Pick<EntityContext, 'kind' | 'store'>,
): Promise<EntityState | undefined> {
  const { 'if-match': needed, 'if-none-match': known } = request.headers;
  if (needed === undefined && known === undefined) return undefined;
  const entity = await store.get(kind, idOf(request));
  // The write itself answers that there is none.
  if (entity === undefined) return undefined;
  if (statusUnder(request.headers, entityTag(entity)) !== 200) throw notAsExpected();
  return needed === undefined || needed.trim() === '*' ? undefined : stateOf(entity);
}

function tagged(reply: FastifyReply, entity: Entity): Entity {
  reply.headers(tagHeaders(entityTag(entity)));
  return entity;
}

function requireEntity(entity: Entity | undefined, about: { singular: string; request: FastifyRequest }): Entity {
  if (entity === undefined) throw missing(about);
  return entity;
}

function missing({ singular, request }: { singular: string; request: FastifyRequest }): Problem {
  return new Problem(404, `there is no ${singular} with the id ${idOf(request)}`);
}
