/**
 * Gateways as servers behind this one: registered by connecting, refreshed, and forgotten with all that was imported.
 */
import { describeKind, idParamsSchema } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/errors.ts';
import { RegistrationRefused } from '../upstreams/registration.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { EntityWrites } from './entities.ts';

/** What a registered server cannot be given anew: everything that was imported hangs on it. */
const fixedFields = ['name', 'url', 'transport', 'authType', 'authValue', 'slug'] as const;

export function upstreamWrites(upstreams: Upstreams): EntityWrites {
  return {
    create: (input) => upstreams.register(input).catch(throwProblem),
    allowChange(id, input) {
      if (!upstreams.has(id)) return;
      const field = fixedFields.find((one) => one in input);
      if (field !== undefined)
        throw new Problem(
          409,
          `body/${field} of a registered server cannot be changed; delete it and register it again`,
        );
    },
    remove: (id, condition) => (upstreams.has(id) ? upstreams.remove(id, condition) : undefined),
  };
}

export function upstreamEndpoints(upstreams: Upstreams): Endpoint[] {
  return [
    {
      method: 'POST',
      url: '/gateways/:id/refresh',
      summary: 'Reads again what the server behind a gateway has',
      scope: 'write',
      params: idParamsSchema,
      responses: { 200: describeKind('gateways').entity },
      async handle(request) {
        const { id } = request.params as { id: string };
        const entity = await upstreams.refresh(id.toLowerCase()).catch(throwProblem);
        if (entity === undefined)
          throw new Problem(404, `there is no registered server with the id ${id.toLowerCase()}`);
        return entity;
      },
    },
  ];
}

function throwProblem(error: unknown): never {
  if (error instanceof RegistrationRefused) throw new Problem(error.statusCode, error.message, {}, error);
  throw error;
}
