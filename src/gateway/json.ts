/**
 * JSON that somebody else sent: whether a value is an object, which everything that looks inside of one asks first.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON Schema of which nothing is known but that it is an object. */
export type Schema = JsonObject;

/** True for objects with named members, false for lists and null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
