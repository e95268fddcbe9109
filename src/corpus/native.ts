/**
 * Turns the text form of a payload into its native form: `Date`s and 16-byte UUIDs where the schema says so.
 *
 * The schema is read once into a tree of small functions and parts without any such string are never walked, so
 * reviving the largest catalog stays far below the cost of measuring it. A string that is not valid for its format
 * stays a string, since recorded data may hold one.
 */
import { isObject } from '../json.ts';
import type { JsonSchema, JsonValue, NativeTypes } from '../model/values.ts';
import { isCanonicalUuid, Uuid } from './uuid.ts';

/** RFC 3339 with seconds and an offset; days and hours are left to `Date`, which gives NaN where they do not exist. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Gives back the value to put in its place; the same one where nothing changed. */
type Reviver = (value: unknown) => unknown;

/**
 * Replaces the strings at `date-time` and `uuid` positions of the schema by objects; reaches below nullable unions,
 * `items`, `properties`, `additionalProperties`, `anyOf`, `oneOf` and `allOf`.
 * @param value changed in place, apart from the root itself.
 * @param schema without references, as `loadSchema` gives it.
 * @returns the root, a new one only where the root is such a string.
 */
export function reviveNative(value: JsonValue, schema: JsonSchema, types: NativeTypes): unknown {
  const revive = compileReviver(schema, types);
  return revive === undefined ? value : revive(value);
}

/** Undefined where nothing below this schema is ever replaced. */
function compileReviver(schema: unknown, types: NativeTypes): Reviver | undefined {
  if (!isObject(schema)) return undefined;
  const parts = [
    compileString(schema, types),
    compileItems(schema, types),
    compileProperties(schema, types),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
      const branches = schema[keyword];
      return Array.isArray(branches) ? branches.map((branch) => compileReviver(branch, types)) : [];
    }),
  ].filter((part) => part !== undefined);
  if (parts.length <= 1) return parts[0];
  return (value) => parts.reduce<unknown>((current, part) => part(current), value);
}

function compileString(schema: JsonSchema, types: NativeTypes): Reviver | undefined {
  if (schema['format'] === 'date-time') {
    return (value) => {
      if (typeof value !== 'string' || !DATE_TIME.test(value)) return value;
      const date = new Date(value);
      return Number.isNaN(date.getTime()) ? value : date;
    };
  }
  if (schema['format'] === 'uuid') {
    return (value) => {
      if (typeof value !== 'string' || !isCanonicalUuid(value)) return value;
      return new types.Uuid(Uuid.parse(value).bytes);
    };
  }
  return undefined;
}

function compileItems(schema: JsonSchema, types: NativeTypes): Reviver | undefined {
  const revive = compileReviver(schema['items'], types);
  if (revive === undefined) return undefined;
  return (value) => {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) {
        const before: unknown = value[index];
        const after = revive(before);
        if (after !== before) value[index] = after;
      }
    }
    return value;
  };
}

function compileProperties(schema: JsonSchema, types: NativeTypes): Reviver | undefined {
  const declared = isObject(schema['properties']) ? schema['properties'] : {};
  const named: [string, Reviver][] = [];
  for (const [name, property] of Object.entries(declared)) {
    const revive = compileReviver(property, types);
    if (revive !== undefined) named.push([name, revive]);
  }
  const others = compileReviver(schema['additionalProperties'], types);
  if (named.length === 0 && others === undefined) return undefined;
  return (value) => {
    // Dates and UUIDs of an earlier branch are objects too, but have no entries that a schema describes.
    if (!isObject(value)) return value;
    for (const [name, revive] of named) replaceProperty(value, name, revive);
    if (others !== undefined) {
      for (const name of Object.keys(value)) {
        if (!Object.hasOwn(declared, name)) replaceProperty(value, name, others);
      }
    }
    return value;
  };
}

function replaceProperty(object: Record<string, unknown>, name: string, revive: Reviver): void {
  if (!Object.hasOwn(object, name)) return;
  const before = object[name];
  const after = revive(before);
  if (after !== before) object[name] = after;
}
