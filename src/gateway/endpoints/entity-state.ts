/**
 * POST /{kind}/{id}/state: switches an entity on or off.
 */
import { type EntityKind, entityKinds } from '../entities/entity.ts';
import { describeKind, idParamsSchema } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/errors.ts';
import type { Store } from '../store/store.ts';
import { auditOf } from './filled-fields.ts';

export function stateEndpoints(store: Store): Endpoint[] {
  return entityKinds.map((kind) => stateEndpoint(kind, store));
}

function stateEndpoint(kind: EntityKind, store: Store): Endpoint {
  const { singular, entity } = describeKind(kind);
  const fields = Object.keys(entity['properties'] as object);
  return {
    method: 'POST',
    url: `/${kind}/:id/state`,
    summary: `Switches a ${singular} on, or off`,
    scope: 'write',
    params: idParamsSchema,
    query: { type: 'object', properties: { activate: { type: 'boolean', default: true } } },
    responses: { 200: entity },
    async handle(request) {
      const { id } = request.params as { id: string };
      const { activate } = request.query as { activate: boolean };
      const change = { enabled: activate, ...auditOf('modified', { request, fields }) };
      const changed = await store.update(kind, id.toLowerCase(), change);
      if (changed === undefined) throw new Problem(404, `there is no ${singular} with the id ${id.toLowerCase()}`);
      return changed;
    },
  };
}
