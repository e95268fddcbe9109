/**
 * Fields of an entity that the gateway fills in: names that follow from its name, and who wrote it from where.
 */
import type { FastifyRequest } from 'fastify';

import type { EntityInput } from '../entities/entity.ts';

/** Names that follow from an entity's name, where its kind has them and its creator left them out. */
export function addNames(input: EntityInput, fields: readonly string[]): EntityInput {
  const name = String(input['name']);
  const slug = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  // What was created here belongs to no other gateway.
  return {
    ...pickFields({ originalName: name, customName: name, customNameSlug: slug, gatewaySlug: 'local' }, fields),
    ...input,
  };
}

/** Who wrote it, from which address and by which program, where its kind has fields for that. */
export function auditOf(
  action: 'created' | 'modified',
  { request, fields }: { request: FastifyRequest; fields: readonly string[] },
): EntityInput {
  const values = {
    [`${action}By`]: request.caller.subject,
    [`${action}FromIp`]: request.ip,
    [`${action}Via`]: 'api',
    [`${action}UserAgent`]: request.headers['user-agent'] ?? null,
  };
  return pickFields(values, fields);
}

function pickFields(values: EntityInput, fields: readonly string[]): EntityInput {
  return Object.fromEntries(Object.entries(values).filter(([name]) => fields.includes(name)));
}
