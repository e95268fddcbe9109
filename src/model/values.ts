/**
 * Units, and the kinds of value that are serialized.
 *
 * A unit is part of a name; files and messages hold base units (nanoseconds, bytes).
 */
/** Time in nanoseconds. */
export type Nanoseconds = number;

/** Size in bytes. */
export type Bytes = number;

/** A value that JSON can hold: what `JSON.parse` returns. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export type JsonObject = { [key: string]: JsonValue };

/** A JSON Schema (draft 2020-12 vocabulary, references resolved before a contender sees it). */
export type JsonSchema = { [key: string]: unknown };

/** A JSON Type Definition (RFC 8927). */
export type JtdSchema = { [key: string]: unknown };

/** `text`: datetimes and UUIDs are strings already. `native`: `Date` objects and 16-byte `UuidValue`s. */
export type Variant = 'text' | 'native';

/**
 * Where a serialized result must end: a `string`, or `bytes` (a UTF-8 Buffer, what a socket takes).
 * For a parser it names the other end of the same wire: what the parser is handed.
 */
export type Sink = 'string' | 'bytes';

/** A UUID as a driver for a 16-byte column returns it: bytes, with the text form one method call away. */
export interface UuidValue {
  readonly bytes: Uint8Array;
  toString(): string;
  toJSON(): string;
}

/** Classes that a contender may have to know to write or restore the `native` variant. */
export interface NativeTypes {
  readonly Uuid: new (bytes: Uint8Array) => UuidValue;
}
