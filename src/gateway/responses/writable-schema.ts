/**
 * A response schema in the form that schema-driven serializers write from without losing anything.
 *
 * Generated code writes what a schema names and decides unions by validating, so open objects, unions and constraints
 * become `{}`, which is written as JSON.stringify does.
 * Source: README and generated code of fast-json-stringify, which Fastify compiles response schemas with.
 */
import type { Schema } from '../json.ts';

/** The same object for the same schema, since compiled code is kept by it. */
export function toWritableSchema(schema: Schema): Schema {
  const known = written.get(schema);
  if (known !== undefined) return known;
  const made = simplify(schema);
  written.set(schema, made);
  return made;
}

const written = new WeakMap<Schema, Schema>();

function simplify(schema: unknown): Schema {
  if (typeof schema !== 'object' || schema === null) return {};
  const { type, format, properties, required, additionalProperties, items } = schema as Schema;
  const types: unknown[] = [type].flat();
  const [base, ...others] = types.filter((name) => name !== 'null');
  const nullable = types.includes('null');
  const isUnion = ['anyOf', 'oneOf', 'allOf'].some((keyword) => keyword in schema);
  if (base === undefined || others.length > 0 || isUnion) return {};

  if (base === 'object') {
    // An object that does not say whether it is open counts as open: a field that the schema forgot must not be lost.
    if (typeof properties !== 'object' || properties === null || additionalProperties !== false) return {};
    const simplified = Object.entries(properties).map(([name, property]) => [name, simplify(property)]);
    return {
      type: withNull('object', nullable),
      properties: Object.fromEntries(simplified) as Schema,
      ...(required === undefined ? {} : { required }),
    };
  }
  if (base === 'array') {
    const element = simplify(items);
    // Generated code for a list of open elements writes nothing where JSON has null.
    return Object.keys(element).length === 0 ? {} : { type: withNull('array', nullable), items: element };
  }
  // Other formats say nothing about how a string is written.
  return { type: withNull(base as string, nullable), ...(format === 'date-time' ? { format } : {}) };
}

function withNull(type: string, nullable: boolean): string | string[] {
  return nullable ? [type, 'null'] : type;
}
