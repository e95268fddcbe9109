/**
 * Converts a JSON Schema of the corpus to a JSON Type Definition, the language of ajv's compiled serializer and parser.
 *
 * What JTD has no word for becomes the empty form `{}`, which accepts everything and is written by `JSON.stringify`:
 * open objects and lists, unions other than with null, tuples, patterns.
 * Source: RFC 8927.
 */
import { isObject } from '../json.ts';
import type { JsonSchema, JtdSchema } from '../model/values.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/**
 * A definition that accepts every value that the schema accepts, so nothing is lost in serializing by it.
 * @param schema without references, as `loadSchema` gives it; not modified.
 * @returns `{}` for an empty schema.
 */
export function toJtd(schema: JsonSchema): JtdSchema {
  const { types, isNullable, branch } = readTypes(schema);
  const form = branch === undefined ? convertType(schema, types) : toJtd(branch);
  // The empty form accepts null already.
  return isNullable && Object.keys(form).length > 0 ? { ...form, nullable: true } : form;
}

/** The allowed types besides null; `branch` where the schema is a union of one other schema with null. */
interface TypeReading {
  readonly types: readonly string[];
  readonly isNullable: boolean;
  readonly branch?: JsonSchema;
}

function readTypes(schema: JsonSchema): TypeReading {
  const type = schema['type'];
  const named = typeof type === 'string' ? [type] : Array.isArray(type) ? (type as string[]) : [];
  const types = named.filter((name) => name !== 'null');
  const isNullable = types.length < named.length;
  for (const keyword of ['anyOf', 'oneOf']) {
    const union = schema[keyword];
    if (!Array.isArray(union)) continue;
    const others = union.filter((entry) => !(isObject(entry) && entry['type'] === 'null'));
    const [only] = others;
    const isSimple = types.length === 0 && others.length === 1 && isObject(only);
    // Any other union has no word in JTD; no types at all gives the empty form.
    return isSimple ? { types: [], isNullable: union.length > 1, branch: only } : { types: [], isNullable: false };
  }
  return { types, isNullable };
}

function convertType(schema: JsonSchema, types: readonly string[]): JtdSchema {
  const [type = ''] = types;
  if (types.length !== 1 || 'allOf' in schema || 'if' in schema) return {};
  switch (type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return { type: 'float64' };
    case 'integer':
      return { type: fitsInt32(schema) ? 'int32' : 'float64' };
    case 'string':
      return convertString(schema);
    case 'array':
      return 'prefixItems' in schema || !isObject(schema['items']) ? {} : { elements: toJtd(schema['items']) };
    case 'object':
      return convertObject(schema);
    default:
      return {};
  }
}

function convertString(schema: JsonSchema): JtdSchema {
  const choices = Array.isArray(schema['enum']) ? schema['enum'].filter((choice) => choice !== null) : [];
  if (choices.length > 0 && choices.every((choice) => typeof choice === 'string')) return { enum: choices };
  return { type: schema['format'] === 'date-time' ? 'timestamp' : 'string' };
}

function convertObject(schema: JsonSchema): JtdSchema {
  if ('patternProperties' in schema) return {};
  const rest = schema['additionalProperties'];
  const declared = isObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as string[]) : []);
  const isOpen = rest !== false;
  if (isOpen && Object.keys(declared).length === 0 && required.size === 0) {
    return isObject(rest) && Object.keys(rest).length > 0 ? { values: toJtd(rest) } : {};
  }
  const properties: [string, JtdSchema][] = [...required]
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => [name, {}]);
  const optional: [string, JtdSchema][] = [];
  for (const [name, property] of Object.entries(declared)) {
    (required.has(name) ? properties : optional).push([name, isObject(property) ? toJtd(property) : {}]);
  }
  return {
    properties: Object.fromEntries(properties),
    ...(optional.length > 0 ? { optionalProperties: Object.fromEntries(optional) } : {}),
    ...(isOpen ? { additionalProperties: true } : {}),
  };
}

/** An integer without bounds may exceed 32 bits, and JTD has none of 64: those are `float64`, as in JSON itself. */
function fitsInt32({ minimum, maximum }: JsonSchema): boolean {
  return typeof minimum === 'number' && minimum >= INT32_MIN && typeof maximum === 'number' && maximum <= INT32_MAX;
}
