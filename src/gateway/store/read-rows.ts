/**
 * Makes entities from rows, by one function for each kind that is put together once: it is on the way of every list.
 *
 * It gets by without generated code, which a process may forbid.
 */
import type { Entity, EntityKind } from '../entities/entity.ts';
import type { Dialect, Row } from './database.ts';
import { fieldsOf } from './entity-fields.ts';

/** Columns behind those of the fields are left alone. */
export type RowReader = (row: Row) => Entity;

export function compileRowReader(kind: EntityKind, { decoders }: Dialect): RowReader {
  const fields = fieldsOf(kind);
  const names = fields.map(({ name }) => name);
  const decoderOf = fields.map(({ type }) => decoders[type] as ((value: unknown) => unknown) | undefined);
  const count = fields.length;
  // A copy of an object that a parser made has all fields from the start, so rows share one hidden class and stay out
  // of
  // V8's dictionary mode, into which adding dozens of fields one by one takes an object.
  const blank = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as Record<
    string,
    unknown
  >;
  return (row) => {
    const entity = { ...blank };
    for (let index = 0; index < count; index += 1) {
      const value = row[index];
      if (value !== null) {
        const decode = decoderOf[index];
        entity[names[index] as string] = decode === undefined ? value : decode(value);
      }
    }
    return entity as unknown as Entity;
  };
}
