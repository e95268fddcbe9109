/**
 * What the store asks of a database, whichever it is: statements with parameters in, rows as arrays out.
 */
import type { FieldType } from './entity-fields.ts';
import type { ColumnValue } from './entity-input.ts';

/** Values of the columns that a statement names, in their order, as the driver gives them. */
export type Row = readonly unknown[];

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Statements with a name are prepared once and kept; one name always has the same SQL. */
  readonly name?: string;
}

/** Rows that were read with a bound on their bytes. */
export interface BoundedRows {
  readonly rows: Row[];
  /** Of each row, in their order. */
  readonly bytes: number[];
  /** The last row is one too many, and there may be others behind it. */
  readonly isCut: boolean;
}

/** Collects rows as they come, each with its bytes; `add` says whether more are wanted. */
export function collectUpTo(mostBytes: number): {
  readonly found: () => BoundedRows;
  readonly add: (row: Row, size: number) => boolean;
} {
  const rows: Row[] = [];
  const bytes: number[] = [];
  let sum = 0;
  let isCut = false;
  return {
    found: () => ({ rows, bytes, isCut }),
    add(row, size) {
      if (isCut) return false;
      sum += size;
      rows.push(row);
      bytes.push(size);
      isCut = sum > mostBytes && rows.length > 1;
      return !isCut;
    },
  };
}

/** A row was not written because a unique index has its value already. */
export class UniqueViolation extends Error {
  constructor(cause: Error) {
    super(`a value is there already: ${cause.message}`, { cause });
    this.name = 'UniqueViolation';
  }
}

export interface Database {
  readonly dialect: Dialect;
  /** @throws {StoreUnavailableError} where the database does not answer. */
  read(statement: Statement): Promise<Row[]>;
  /**
   * Reads until the rows hold more than `mostBytes`, and keeps nothing behind that: the row that passes it is the last
   * one, and never the first.
   * @throws {StoreUnavailableError} as `read`.
   */
  readUpTo(statement: Statement, mostBytes: number): Promise<BoundedRows>;
  /**
   * Runs all statements in one transaction, on disk when the promise resolves. They may be made one after the other as
   * they are run, and are made again where the transaction has to begin again.
   * @returns the rows of each; undefined, and nothing is changed, where one of them gives none.
   * @throws {StoreUnavailableError} where the database does not answer or cannot write.
   * @throws {UniqueViolation} nothing is changed.
   * @throws what making a statement throws; nothing is changed.
   */
  write(statements: Iterable<Statement>): Promise<Row[][] | undefined>;
  /** Runs statements in one transaction while no other process does the same. Only for opening: reads may see them. */
  exclusively(work: (run: (statement: Statement) => Promise<Row[]>) => Promise<void>): Promise<void>;
  /** Ends all connections; calling it again does nothing. */
  close(): Promise<void>;
}

/** Where SQL and the values of a driver differ from one database to another. */
export interface Dialect {
  /** The n-th parameter of a statement, counted from 1. */
  parameter(position: number): string;
  readonly columnTypes: Readonly<Record<FieldType, string>>;
  /** Type and constraints of the column that numbers rows in the order of their creation and never repeats a number. */
  readonly sequenceColumn: string;
  /** What a unique index of a column of text is over: the column, or something short that stands for it. */
  uniqueText(column: string): string;
  /** What stands at the end of CREATE TABLE. */
  readonly tableOptions: string;
  /** An expression for a parameter's time, or one millisecond after the column's where that is later. */
  laterThan(column: string, parameter: string): string;
  /** The value for LIMIT that means all. */
  readonly noLimit: unknown;
  /** Rows of one INSERT where many are stored: as many as the way to the database makes worth it. */
  readonly insertedRows: number;
  encode(value: ColumnValue): unknown;
  /** From a driver's value that is not null; types that are missing come as they should be. */
  readonly decoders: Readonly<Partial<Record<FieldType, (value: never) => unknown>>>;
}
