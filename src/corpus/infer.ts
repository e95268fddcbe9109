/**
 * Infers the JSON Schema of a recorded catalog's items, as a gateway's author would have written it by hand.
 *
 * genson-js finds the types at every position; this file then makes them exact: which keys are always there, which
 * strings are all datetimes or UUIDs, which objects are maps rather than records. The schema accepts every value it was
 * inferred from, and an object either lists every key that occurs or is open, so that no schema-driven serializer loses
 * data. Enums, lengths and ranges are left out, since no serializer uses them.
 */
import { createCompoundSchema, type Schema } from 'genson-js';

import { pointerTo } from '../json.ts';
import type { JsonObject, JsonSchema, JsonValue } from '../model/values.ts';

/** A position of a schema whose strings are all of one format. */
export interface FormattedField {
  readonly format: 'date-time' | 'uuid';
  /** JSON Pointer from one item, `*` for every element of an array, e.g. `/metrics/lastExecutionTime`. */
  readonly pointer: string;
}

/** More keys than any entity of a gateway has; an object with more is a map, whatever its keys do. */
const maxRecordKeys = 200;

/**
 * Positions deeper than this become "anything". Arbitrary: entities are 2 to 5 levels deep, and only recursive
 * structures such as JSON Schemas go further, where listing every level would make a schema larger than its data.
 */
const maxDepth = 12;

/**
 * Positions of a schema. A document without repetition has as many as it has values, and what compiles a schema takes
 * seconds for tens of thousands. Arbitrary: the largest entity of a gateway has about a hundred, an OpenAPI document
 * some thousands; a larger schema loses its deepest levels, which become "anything".
 */
const maxPositions = 4000;

/**
 * Keys that a schema cannot list safely: compilers read the first ones as their own wherever they stand, and generated
 * code finds the others in every object, since it asks for `value.toString` and not whether the object has it.
 */
const unlistableKeys = new Set([
  '$ref',
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** RFC 3339 as `Date.prototype.toISOString` writes years 0 to 9999; the round trip below is the real test. */
const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Canonical lower-case text; upper-case letters would come back as other bytes. */
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Schema of one item that every given item satisfies; mixed types and empty input give `{}` (anything).
 * A string position is `date-time` or `uuid` only where every string there survives the way through a `Date` or 16
 * bytes with the same characters, and at least one string occurs.
 * @param values the items, in any order; not modified.
 */
export function inferSchema(values: readonly JsonValue[]): JsonSchema {
  if (values.length === 0) return {};
  const base = createCompoundSchema(values.map((value) => thin(value, maxDepth + 1)));
  return limitPositions(refine({ base, values, depth: 0 }));
}

/**
 * False for a key that a schema must not list among its `properties`; an object that has one is left open. Besides
 * those above it is one with half of a surrogate pair: such a key has no place in the URIs that compilers make of
 * places.
 */
export function isListableKey(key: string): boolean {
  return !unlistableKeys.has(key) && key.isWellFormed();
}

/** Every `date-time` and `uuid` position of an inferred schema, in the order of its properties. */
export function formattedFields(schema: JsonSchema, pointer = ''): FormattedField[] {
  const { format } = schema;
  if (format === 'date-time' || format === 'uuid') return [{ format, pointer }];
  const properties = (schema['properties'] ?? {}) as { [key: string]: JsonSchema };
  const found = Object.entries(properties).flatMap(([key, child]) => formattedFields(child, pointer + pointerTo(key)));
  const items = schema['items'] as JsonSchema | undefined;
  return items === undefined ? found : [...found, ...formattedFields(items, `${pointer}/*`)];
}

/**
 * The value with all of its types and few of its values: genson-js calls itself at every level and makes an object of
 * every number, so what no schema describes, and what tells it nothing new, is left out first.
 * @param levels how many levels of arrays and objects are kept, from 0; what lies deeper becomes null.
 */
function thin(value: JsonValue, levels: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return null;
  if (Array.isArray(value)) {
    const seen = new Set<string>();
    return value.filter((element) => isNews(element, seen)).map((element) => thin(element, levels - 1));
  }
  // Entries, because an assignment to `__proto__` would set the prototype.
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, thin(member, levels - 1)]));
}

/** True for every array and object, and for the first value of each other type. */
function isNews(value: JsonValue, seen: Set<string>): boolean {
  if (typeof value === 'object' && value !== null) return true;
  const type = value === null ? 'null' : Number.isInteger(value) ? 'integer' : typeof value;
  const isFirst = !seen.has(type);
  seen.add(type);
  return isFirst;
}

/** The schema itself where it is small enough, else as many whole levels of it as are. */
function limitPositions(schema: JsonSchema): JsonSchema {
  let limited = schema;
  for (let depth = maxDepth; countPositions(limited) > maxPositions && depth > 0; depth -= 1)
    limited = cutSchema(limited, depth);
  return limited;
}

function countPositions(schema: JsonSchema): number {
  return childrenOf(schema).reduce((sum, child) => sum + countPositions(child), 1);
}

function cutSchema(schema: JsonSchema, levels: number): JsonSchema {
  if (levels === 0) return {};
  const { properties, items } = schema as { properties?: { [key: string]: JsonSchema }; items?: JsonSchema };
  const cut = (child: JsonSchema): JsonSchema => cutSchema(child, levels - 1);
  return {
    ...schema,
    ...(items === undefined ? {} : { items: cut(items) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, cut(child)])) }),
  };
}

function childrenOf({ properties, items }: JsonSchema): JsonSchema[] {
  return [
    ...Object.values((properties ?? {}) as { [key: string]: JsonSchema }),
    ...(items === undefined ? [] : [items as JsonSchema]),
  ];
}

/** One position: what genson-js says of it and every value that occurs there, never empty. */
interface FieldSample {
  readonly base: Schema | undefined;
  readonly values: readonly JsonValue[];
  readonly depth: number;
}

function refine({ base, values, depth }: FieldSample): JsonSchema {
  if (base === undefined || depth > maxDepth) return {};
  const alternatives = base.anyOf ?? [base];
  const types = new Set(alternatives.flatMap(({ type }) => type ?? []) as string[]);
  const nullable = types.delete('null');
  if (types.size === 0) return { type: 'null' };
  if (types.size > 1) return {};

  const [type] = types as Set<string> & Iterable<string>;
  const declared = { type: nullable ? [type, 'null'] : type };
  const alternative = alternatives.find((candidate) => [candidate.type].flat().includes(type as never));
  const present = nullable ? values.filter((value) => value !== null) : values;
  if (type === 'string') return { ...declared, ...formatOf(present as string[]) };
  if (type === 'array') {
    const elements = (present as JsonValue[][]).flat();
    const items = elements.length === 0 ? {} : refine({ base: alternative?.items, values: elements, depth: depth + 1 });
    return { ...declared, items };
  }
  if (type === 'object') {
    const objects = present as JsonObject[];
    return { ...declared, ...objectOf({ base: alternative, objects, depth }) };
  }
  return declared;
}

function formatOf(strings: readonly string[]): JsonSchema {
  if (strings.every((text) => uuidPattern.test(text))) return { format: 'uuid' };
  if (strings.every(survivesDate)) return { format: 'date-time' };
  return {};
}

function survivesDate(text: string): boolean {
  if (!isoPattern.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}

function objectOf(position: { base: Schema | undefined; objects: readonly JsonObject[]; depth: number }): JsonSchema {
  const { base, objects, depth } = position;
  const valuesByKey = new Map<string, JsonValue[]>();
  for (const object of objects) {
    for (const [key, value] of Object.entries(object)) {
      const seen = valuesByKey.get(key);
      if (seen === undefined) valuesByKey.set(key, [value]);
      else seen.push(value);
    }
  }
  if (isMap(valuesByKey, objects.length)) return { additionalProperties: true };

  const order = commonOrder(objects);
  const properties: { [key: string]: JsonSchema } = {};
  for (const key of order) {
    const values = valuesByKey.get(key) ?? [];
    properties[key] = refine({ base: base?.properties?.[key], values, depth: depth + 1 });
  }
  const required = order.filter((key) => valuesByKey.get(key)?.length === objects.length);
  return { properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

/** True for an object whose keys are data: they differ from object to object, or are too many to be fields. */
function isMap(valuesByKey: ReadonlyMap<string, readonly JsonValue[]>, objects: number): boolean {
  const keys = [...valuesByKey.keys()];
  if (keys.length === 0 || keys.length > maxRecordKeys) return true;
  if (!keys.every(isListableKey)) return true;
  if (objects < 2) return false;
  const counts = [...valuesByKey.values()].map((values) => values.length);
  const fill = counts.reduce((sum, count) => sum + count, 0) / (objects * keys.length);
  // Fields are mostly there: a tool as MCP clients see it fills over half of its keys even with nulls left out. Where
  // a few keys are in every object, a map of parameters that share one name is told from a record by many rare keys.
  return counts.includes(objects) ? keys.length >= 20 && fill < 0.2 : fill < 0.5;
}

/**
 * Keys in an order that agrees with the objects wherever these agree with each other, since key order is part of the
 * bytes: a key that is new goes right behind the one that precedes it in its object.
 */
function commonOrder(objects: readonly JsonObject[]): string[] {
  const order: string[] = [];
  const known = new Set<string>();
  for (const object of objects) {
    let previous: string | undefined;
    for (const key of Object.keys(object)) {
      if (!known.has(key)) {
        known.add(key);
        order.splice(previous === undefined ? 0 : order.indexOf(previous) + 1, 0, key);
      }
      previous = key;
    }
  }
  return order;
}
