/**
 * The fields of each kind of entity as columns: their names, types and order, read from the entity's JSON Schema.
 *
 * A schema stays the only place that says what an entity is; tables, statements and row readers are made from what is
 * read here.
 */
import { resolveFile } from '../../corpus/schemas.ts';
import type { EntityKind } from '../entities/entity.ts';

/** What a column holds; `json` is everything that a column cannot hold by itself: objects, lists, open values. */
export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'datetime' | 'uuid' | 'json';

export interface EntityField {
  readonly name: string;
  readonly type: FieldType;
  readonly nullable: boolean;
}

/**
 * All fields of a kind, in the order of its schema; read once in a process.
 * @throws {UserError} where the schema's file is missing or broken.
 */
export function fieldsOf(kind: EntityKind): readonly EntityField[] {
  return readFields(kind).list;
}

/** The same fields by their names. */
export function fieldsByName(kind: EntityKind): ReadonlyMap<string, EntityField> {
  return readFields(kind).byName;
}

interface Fields {
  readonly list: readonly EntityField[];
  readonly byName: ReadonlyMap<string, EntityField>;
}

const fieldsByKind = new Map<EntityKind, Fields>();

function readFields(kind: EntityKind): Fields {
  const known = fieldsByKind.get(kind);
  if (known !== undefined) return known;
  const { properties } = resolveFile(`${kind.slice(0, -1)}.schema.json`) as {
    properties: Record<string, PropertySchema>;
  };
  const list = Object.entries(properties).map(([name, schema]) => describeField(name, schema));
  const fields = { list, byName: new Map(list.map((field) => [field.name, field])) };
  fieldsByKind.set(kind, fields);
  return fields;
}

interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
}

function describeField(name: string, { type, format }: PropertySchema): EntityField {
  const types = [type].flat();
  // Peers in a catalog may lack an id, what is stored here never does.
  const nullable = name !== 'id' && (types.includes('null') || types.includes(undefined));
  const others = types.filter((one) => one !== 'null');
  return { name, type: others.length === 1 ? fieldTypeOf(others[0], format) : 'json', nullable };
}

function fieldTypeOf(type: string | undefined, format: string | undefined): FieldType {
  if (type === 'string') return format === 'date-time' ? 'datetime' : format === 'uuid' ? 'uuid' : 'text';
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : 'json';
}
