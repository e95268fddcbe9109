/**
 * What the gateway keeps: entities of five kinds, as its database gives them and as clients send them.
 */

/** What a gateway keeps lists of, in the order of its lists; the plural is the path, as in GET /tools. */
export const entityKinds = ['tools', 'servers', 'gateways', 'resources', 'prompts'] as const;

export type EntityKind = (typeof entityKinds)[number];

/** A UUID as a driver for a 16-byte column gives it. */
interface EntityId {
  readonly bytes: Uint8Array;
  /** Canonical lower-case text. */
  toString(): string;
  toJSON(): string;
}

/**
 * A row: `Date`s at its datetimes, `EntityId`s at its UUIDs, parsed JSON where a column holds JSON, plain values else.
 * Fields come in the order of the entity's schema, absent ones as null.
 */
export interface Entity {
  readonly id: EntityId;
  readonly [field: string]: unknown;
}

/** What a client sends: JSON that the entity's schema accepts. */
export type EntityInput = { readonly [field: string]: unknown };

/** Which state of an entity a write is meant for; a version that was never counted is 0. */
export interface EntityState {
  readonly version: number;
  readonly updatedAt: Date;
}

/** The field by which MCP clients know an entity; no two of a kind have the same. */
export function nameFieldOf(kind: EntityKind): 'name' | 'uri' {
  return kind === 'resources' ? 'uri' : 'name';
}

/** Whether MCP clients are not offered it: it is neither listed nor answered, and stays where people look after it. */
export function isSwitchedOff(entity: Entity): boolean {
  return entity['enabled'] === false;
}
