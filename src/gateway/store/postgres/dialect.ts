/**
 * What PostgreSQL's SQL and values are like.
 *
 * Documents are `json` and not `jsonb`, which would sort their keys by length, so that the same catalog would be
 * another text than from SQLite; nothing here searches inside of them.
 */
import { Uuid } from '../../../corpus/uuid.ts';
import type { Dialect } from '../database.ts';

export const dialect: Dialect = {
  parameter: (position) => `$${position}`,
  columnTypes: {
    text: 'text',
    integer: 'bigint',
    number: 'double precision',
    boolean: 'boolean',
    datetime: 'timestamptz(3)',
    uuid: 'uuid',
    json: 'json',
  },
  sequenceColumn: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  // A name may be longer than what an index page holds.
  uniqueText: (column) => `md5(${column})`,
  tableOptions: '',
  laterThan: (column, parameter) => `greatest(${parameter}::timestamptz, ${column} + interval '1 millisecond')`,
  noLimit: null,
  // Every statement takes a round trip to the server.
  insertedRows: 100,
  encode(value) {
    if (value instanceof Date) return value.toISOString();
    return value instanceof Uuid ? value.toString() : value;
  },
  // The driver does it all: it is told which types are to be read differently from its own ways.
  decoders: {},
};
