/**
 * Entities as MCP lists them: the fields that clients know, without those that are null.
 *
 * Source: MCP revision 2025-11-25, "Tools", "Resources" and "Prompts".
 */
import { isObject } from '../../../json.ts';
import type { Entity, EntityInput, EntityKind } from '../../entities/entity.ts';
import type { Schema } from '../../json.ts';

/** What MCP has lists of. */
export type ListedKind = Extract<EntityKind, 'tools' | 'resources' | 'prompts'>;

export const toListed: Readonly<Record<ListedKind, (entity: Entity | EntityInput) => object>> = {
  tools({ name, title, description, originalDescription, inputSchema, outputSchema, annotations, _meta }) {
    return withoutNulls({
      name,
      title,
      description: description ?? originalDescription ?? '',
      inputSchema: toObjectSchema(inputSchema),
      // A result is an object; a schema of anything else would make clients refuse the whole page.
      outputSchema: isObjectSchema(outputSchema) ? withoutId(outputSchema) : null,
      annotations,
      _meta,
    });
  },
  resources: ({ uri, name, title, description, mimeType, size }) =>
    withoutNulls({ uri, name, title, description, mimeType, size }),
  prompts: ({ name, title, description, arguments: given }) =>
    withoutNulls({ name, title, description, arguments: listArguments(given).map(withoutNulls) }),
};

/** Fields in their order; a plain object, whose hidden class follows from which fields there are. */
export function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== null && value !== undefined) kept[name] = value;
  }
  return kept;
}

export function listArguments(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Clients keep output schemas by their `$id` as long as they live, and would take another tool's, or an older one. */
function withoutId(schema: Schema): Schema {
  if (!('$id' in schema)) return schema;
  const { $id: _, ...rest } = schema;
  return rest;
}

function isObjectSchema(schema: unknown): schema is Schema {
  return isObject(schema) && schema['type'] === 'object';
}

/** Clients refuse a whole page for one tool whose arguments are not said to be an object. */
function toObjectSchema(schema: unknown): Schema {
  if (isObjectSchema(schema)) return schema;
  return isObject(schema) ? { ...schema, type: 'object' } : { type: 'object' };
}
