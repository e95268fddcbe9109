/**
 * GET /servers/{id}/tools, /resources and /prompts: what a virtual server is put together of.
 */
import type { Entity } from '../entities/entity.ts';
import { describeKind, idParamsSchema } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/errors.ts';
import { associatedFields, readAssociated } from '../store/associated.ts';
import { type FederatedKind, federatedKinds, type Store } from '../store/store.ts';

export function serverPartEndpoints(store: Store): Endpoint[] {
  return federatedKinds.map((kind) => partEndpoint(kind, store));
}

function partEndpoint(kind: FederatedKind, store: Store): Endpoint {
  return {
    method: 'GET',
    url: `/servers/:id/${kind}`,
    summary: `The ${kind} of a virtual server, in the order of its ${associatedFields[kind]}`,
    params: idParamsSchema,
    reads: ['servers', kind],
    responses: { 200: describeKind(kind).list },
    async handle(request): Promise<readonly Entity[]> {
      const id = (request.params as { id: string }).id.toLowerCase();
      const server = await store.get('servers', id);
      if (server === undefined) throw new Problem(404, `there is no server with the id ${id}`);
      return readAssociated(store, { server, kind });
    },
  };
}
