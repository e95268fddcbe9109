/**
 * What SQLite's SQL and values are like.
 */
import { Uuid } from '../../../corpus/uuid.ts';
import type { Dialect } from '../database.ts';

export const dialect: Dialect = {
  parameter: () => '?',
  // STRICT tables check these, which SQLite otherwise takes as advice.
  columnTypes: {
    text: 'TEXT',
    integer: 'INTEGER',
    number: 'REAL',
    boolean: 'INTEGER',
    datetime: 'INTEGER',
    uuid: 'BLOB',
    json: 'TEXT',
  },
  // Without AUTOINCREMENT the number of a deleted last row is given again, and a cursor would skip its new bearer.
  sequenceColumn: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  uniqueText: (column) => column,
  tableOptions: ' STRICT',
  laterThan: (column, parameter) => `max(${parameter}, ${column} + 1)`,
  noLimit: -1,
  // A call costs little here, and for a statement of many rows SQLite would write another journal, in a temporary file.
  insertedRows: 1,
  encode(value) {
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (value instanceof Date) return value.getTime();
    return value instanceof Uuid ? value.bytes : value;
  },
  decoders: {
    boolean: (value: number) => value === 1,
    datetime: (value: number) => new Date(value),
    uuid: (value: Uint8Array) => new Uuid(value),
    json: (value: string) => JSON.parse(value) as unknown,
  },
};
