/**
 * What the gateway's requests and responses look like, as JSON Schemas made from those of its entities.
 *
 * The entities' own schemas are the files that payloads are described by (fixtures/schemas).
 */
import { resolveFile } from '../../corpus/schemas.ts';
import type { Schema } from '../json.ts';
import type { EntityKind } from './entity.ts';

/** Everything that is said about entities of one kind. */
export interface EntitySchemas {
  /** The entity's name in English and in event types, e.g. `tool`. */
  readonly singular: string;
  readonly entity: Schema;
  readonly list: Schema;
  readonly page: Schema;
  /** A body of POST; fills what may be left out. */
  readonly creation: Schema;
  /** A body of PUT: any of the fields, at least one. */
  readonly change: Schema;
}

/** Fields that the store or the gateway sets and no client; a body with one of them is refused, not trimmed. */
const managedFields = [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'createdBy',
  'createdFromIp',
  'createdVia',
  'createdUserAgent',
  'modifiedBy',
  'modifiedFromIp',
  'modifiedVia',
  'modifiedUserAgent',
] as const;

/** What an entity starts with unless its creator says otherwise; fields that a kind does not have are ignored. */
const firstValues: Schema = {
  requestType: 'POST',
  integrationType: 'REST',
  inputSchema: { type: 'object', properties: {} },
  enabled: true,
  deprecated: false,
  reachable: true,
  tags: [],
  arguments: [],
  visibility: 'public',
  timeoutMs: 20_000,
  exposePassthrough: true,
  associatedTools: [],
  associatedToolIds: [],
  associatedResources: [],
  associatedPrompts: [],
  associatedA2aAgents: [],
  oauthEnabled: false,
  transport: 'STREAMABLEHTTP',
  capabilities: {},
  status: 'pending',
  registrationAttempts: 0,
  gatewayMode: 'cache',
  toolCount: 0,
  promptCount: 0,
  resourceCount: 0,
};

/** Fields that follow from the name where they are left out; see endpoints/filled-fields.ts. */
const fromName = ['originalName', 'customName', 'customNameSlug', 'gatewaySlug'] as const;

/** Schemas of one kind, read from its file. @throws {UserError} where the file is missing or broken. */
export function describeKind(kind: EntityKind): EntitySchemas {
  const singular = kind.slice(0, -1);
  const entity = resolveFile(`${singular}.schema.json`);
  const properties = entity['properties'] as Readonly<Record<string, Schema>>;
  const writable = Object.fromEntries(
    Object.entries(properties).filter(([name]) => !(managedFields as readonly string[]).includes(name)),
  );
  const withDefaults = Object.fromEntries(
    Object.entries(writable).map(([name, schema]) => [
      name,
      name in firstValues ? { ...schema, default: firstValues[name] } : schema,
    ]),
  );
  const title = capitalize(singular);
  return {
    singular,
    entity,
    list: { title: `${title}List`, type: 'array', items: entity },
    page: {
      title: `${title}Page`,
      type: 'object',
      properties: { [kind]: { type: 'array', items: entity }, nextCursor: { type: ['string', 'null'] } },
      required: [kind, 'nextCursor'],
      additionalProperties: false,
    },
    creation: {
      title: `New${title}`,
      type: 'object',
      properties: { ...withDefaults, name: { ...writable['name'], minLength: 1 } },
      required: Object.keys(withDefaults).filter((name) => isNeeded(name, withDefaults[name])),
      additionalProperties: false,
    },
    change: {
      title: `Changed${title}`,
      type: 'object',
      properties: { ...writable, name: { ...writable['name'], minLength: 1 } },
      minProperties: 1,
      additionalProperties: false,
    },
  };
}

/** The payload's schema with this name. @throws {UserError} where there is none. */
export function describePayload(name: string): Schema {
  return resolveFile(`${name}.schema.json`);
}

export const errorSchema: Schema = {
  title: 'Error',
  type: 'object',
  properties: { error: { type: 'string' }, message: { type: 'string' }, statusCode: { type: 'integer' } },
  required: ['error', 'message', 'statusCode'],
  additionalProperties: false,
};

/** Ids are taken in upper case too. */
export const idParamsSchema: Schema = {
  type: 'object',
  properties: { id: { type: 'string', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' } },
  required: ['id'],
};

function isNeeded(name: string, schema: Schema | undefined): boolean {
  if ((fromName as readonly string[]).includes(name)) return false;
  return schema !== undefined && !('default' in schema) && ![schema['type']].flat().includes('null');
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
