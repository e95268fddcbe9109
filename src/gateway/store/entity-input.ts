/**
 * Turns what a client sends into values for columns, and refuses what no column can hold.
 *
 * Whether an entity is a good one is for its schema to say, before it comes here.
 */
import { isCanonicalUuid, Uuid } from '../../corpus/uuid.ts';
import type { EntityInput, EntityKind } from '../entities/entity.ts';
import { isNestedDeeper } from '../json.ts';
import { quote } from '../quote.ts';
import { type EntityField, type FieldType, fieldsByName, fieldsOf } from './entity-fields.ts';

/** A value on its way to a column; JSON is text already. */
export type ColumnValue = null | string | number | boolean | Date | Uuid;
/** Values by field, in no particular order. */
export type ColumnValues = ReadonlyMap<string, ColumnValue>;

/** Input that cannot be stored: the client's mistake, and no failure of the database. */
export class InvalidInputError extends Error {
  /** The field that is wrong. */
  readonly field: string;

  constructor(field: string, reason: string) {
    super(`${quote(field)} ${reason}`);
    this.name = 'InvalidInputError';
    this.field = field;
  }
}

/**
 * The fields that are given and no others.
 * @param input a field that is undefined counts as left out; no input gives no values.
 * @throws {InvalidInputError} for an unknown field, one that the store sets itself, and a value of another type.
 */
export function readChange(kind: EntityKind, input: EntityInput): Map<string, ColumnValue> {
  for (const name of Object.keys(input)) {
    if (managedFields.has(name)) throw new InvalidInputError(name, 'is set by the gateway and cannot be given');
  }
  return readGiven(kind, input);
}

/**
 * A whole entity that a catalog gives, its id, times and version included; what it leaves out is null.
 * @throws {InvalidInputError} as `readChange` does, and where a field is missing that cannot be null.
 */
export function readEntity(kind: EntityKind, input: EntityInput): ColumnValues {
  return complete(kind, readGiven(kind, input));
}

/** Gives every field of the kind a value. @throws {InvalidInputError} where a field is missing that cannot be null. */
export function complete(kind: EntityKind, given: ColumnValues): ColumnValues {
  return new Map(
    fieldsOf(kind).map((field) => {
      const value = given.get(field.name) ?? null;
      if (value === null && !field.nullable) throw new InvalidInputError(field.name, 'is missing');
      return [field.name, value];
    }),
  );
}

/** The id that a client means, in upper or lower case; undefined for a text that is no UUID. */
export function readUuid(text: string): Uuid | undefined {
  const canonical = text.toLowerCase().replace(/^urn:uuid:/, '');
  return isCanonicalUuid(canonical) ? Uuid.parse(canonical) : undefined;
}

const managedFields: ReadonlySet<string> = new Set(['id', 'createdAt', 'updatedAt', 'version']);

/**
 * Deepest nesting of a JSON column: far more than a schema of arguments needs, and far from where recursive code (a
 * database's JSON reader, `JSON.stringify`) runs out of stack.
 */
const mostLevels = 500;

function readGiven(kind: EntityKind, input: EntityInput): Map<string, ColumnValue> {
  const fields = fieldsByName(kind);
  const values = new Map<string, ColumnValue>();
  for (const [name, value] of Object.entries(input)) {
    const field = fields.get(name);
    if (field === undefined) throw new InvalidInputError(name, `is no field of ${kind}`);
    if (value !== undefined) values.set(name, readValue(field, value));
  }
  return values;
}

function readValue(field: EntityField, value: unknown): ColumnValue {
  if (value !== null) return readers[field.type](field.name, value);
  if (!field.nullable) throw new InvalidInputError(field.name, 'cannot be null');
  return null;
}

type ReadValue = (name: string, value: unknown) => Exclude<ColumnValue, null>;

const readers: Readonly<Record<FieldType, ReadValue>> = {
  text(name, value) {
    if (typeof value !== 'string') throw new InvalidInputError(name, 'is no text');
    // PostgreSQL cannot hold it; refused for every database, so that a catalog can move from one to another.
    if (value.includes('\0')) throw new InvalidInputError(name, 'holds the character U+0000');
    // UTF-8 has no lone surrogates, so a database would replace them too.
    return value.toWellFormed();
  },
  integer(name, value) {
    if (!Number.isSafeInteger(value))
      throw new InvalidInputError(name, 'is no integer between -(2^53 - 1) and 2^53 - 1');
    return value as number;
  },
  number(name, value) {
    if (!Number.isFinite(value)) throw new InvalidInputError(name, 'is no number');
    return value as number;
  },
  boolean(name, value) {
    if (typeof value !== 'boolean') throw new InvalidInputError(name, 'is neither true nor false');
    return value;
  },
  datetime(name, value) {
    const date = new Date(typeof value === 'string' ? value : Number.NaN);
    if (Number.isNaN(date.getTime())) throw new InvalidInputError(name, 'is no date and time as RFC 3339 has it');
    return date;
  },
  uuid(name, value) {
    const id = typeof value === 'string' ? readUuid(value) : undefined;
    if (id === undefined) throw new InvalidInputError(name, 'is no UUID');
    return id;
  },
  json(name, value) {
    if (isNestedDeeper(value, mostLevels))
      throw new InvalidInputError(name, `is nested deeper than ${mostLevels} levels`);
    return JSON.stringify(value);
  },
};
