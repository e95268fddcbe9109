/**
 * Statements as the driver runs them: rows as arrays, values as the store has them, and bounds on what is kept.
 */
import { type CustomTypesConfig, type PoolClient, type QueryArrayConfig, Query, types as parsers } from 'pg';

import { Uuid } from '../../../corpus/uuid.ts';
import { type BoundedRows, type Row, type Statement, collectUpTo } from '../database.ts';

/** Types by their numbers in PostgreSQL's catalog. */
const INT8: number = parsers.builtins.INT8;
const UUID: number = parsers.builtins.UUID;

const types: CustomTypesConfig = {
  getTypeParser(oid: number, format: 'text' | 'binary' = 'text'): (text: string) => unknown {
    // Numbers beyond 2^53 are never stored, so nothing is lost where the driver would give text.
    if (oid === INT8) return Number;
    return oid === UUID ? (text) => Uuid.parse(text) : (parsers.getTypeParser as ParserTable)(oid, format);
  },
};

/** As the driver calls it; its own types want members of an enum, which the server's numbers are not. */
type ParserTable = (oid: number, format: 'text' | 'binary') => (text: string) => unknown;

export async function run(on: PoolClient, statement: Statement): Promise<Row[]> {
  const result = await on.query<unknown[]>(toQuery(statement));
  return result.rows;
}

/** Rows beyond the bound are read and dropped; ending the connection would usually cost more. */
export function runUpTo(
  on: PoolClient,
  { statement, mostBytes }: { statement: Statement; mostBytes: number },
): Promise<BoundedRows> {
  const { promise, resolve, reject } = Promise.withResolvers<BoundedRows>();
  const collected = collectUpTo(mostBytes);
  let size = 0;
  // Counted where texts are parsed: what the driver gives for a document has no length any more.
  const counting: CustomTypesConfig = {
    getTypeParser(oid: number, format?: 'text' | 'binary') {
      const parse = (types.getTypeParser as ParserTable)(oid, format ?? 'text');
      return (text: string) => {
        size += text.length;
        return parse(text);
      };
    },
  };
  const query = new Query<unknown[]>({ ...toQuery(statement), types: counting });
  query.on('row', (row) => {
    collected.add(row, size);
    size = 0;
  });
  query.on('error', reject);
  query.on('end', () => resolve(collected.found()));
  on.query(query);
  return promise;
}

function toQuery({ name, sql, parameters }: Statement): QueryArrayConfig {
  return { text: sql, values: [...parameters], rowMode: 'array', types, ...(name === undefined ? {} : { name }) };
}
