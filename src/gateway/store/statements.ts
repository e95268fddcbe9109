/**
 * The SQL of one kind of entity, made from its fields; the same for every database but for what a dialect says.
 *
 * Every value is a parameter; names come from schemas of this project and are quoted.
 */
import type { Uuid } from '../../corpus/uuid.ts';
import { type EntityKind, type EntityState, nameFieldOf } from '../entities/entity.ts';
import type { Dialect, Statement } from './database.ts';
import { fieldsOf } from './entity-fields.ts';
import type { ColumnValue, ColumnValues } from './entity-input.ts';

/** The column of the order of creation, behind those of the fields in every row of a list. */
const orderColumn = 'sequence';
/** A row a kind, with a number that grows with every change. */
const revisionsTable = 'gateway_revisions';

/** Statements about one kind; each of those that give entities gives all fields, in the order of the schema. */
export interface KindStatements {
  /**
   * Entities behind a sequence number, in order, the sequence as last column; all of them where the limit is
   * undefined.
   */
  list(after: number, limit: number | undefined): Statement;
  get(id: Uuid): Statement;
  /** Gives the stored entity. */
  insert(row: ColumnValues): Statement;
  /** Stores many and gives none of them, but a row for each. */
  insertAll(rows: readonly ColumnValues[]): Statement;
  /** Gives the changed entity, and no row where it is not in the state that it has to be in. */
  update(
    id: Uuid,
    change: { readonly values: ColumnValues; readonly now: Date; readonly onlyIf?: EntityState | undefined },
  ): Statement;
  /** Gives a row where there was one, in that state. */
  remove(id: Uuid, onlyIf?: EntityState): Statement;
  /** Entities of a gateway, in order; only of kinds that have one. */
  listOfGateway(gatewayId: Uuid): Statement;
  count(): Statement;
  /** How many have that name, which are none or one. */
  countNamed(name: string): Statement;
  revision(): Statement;
  /** Gives a row and changes nothing that can be read, but has to write to do so. */
  touchRevision(): Statement;
  /** Gives a row; also keeps writers of that kind one behind the other until their transactions end. */
  countRevision(): Statement;
}

export function writeStatements(kind: EntityKind, dialect: Dialect): KindStatements {
  const table = quoteName(kind);
  const names = fieldsOf(kind).map(({ name }) => name);
  const columns = names.map(quoteName).join(', ');
  const first = dialect.parameter(1);
  const named = (action: string, sql: string, parameters: readonly unknown[] = []): Statement => ({
    name: `${kind} ${action}`,
    sql,
    parameters,
  });
  const idOf = (id: Uuid): unknown => dialect.encode(id);
  const listSql = `SELECT ${columns}, ${quoteName(orderColumn)} FROM ${table} WHERE ${quoteName(orderColumn)} > ${first}
    ORDER BY ${quoteName(orderColumn)} LIMIT ${dialect.parameter(2)}`;
  const getSql = `SELECT ${columns} FROM ${table} WHERE "id" = ${first}`;
  /** Made once for every number of rows, since a long one takes longer to put together than to run. */
  const insertSqls = new Map<number, string>();
  const insertSql = (rows: number): string => {
    const known = insertSqls.get(rows);
    if (known !== undefined) return known;
    const places = Array.from(
      { length: rows },
      (_, row) => `(${names.map((__, column) => dialect.parameter(row * names.length + column + 1)).join(', ')})`,
    );
    const sql = `INSERT INTO ${table} (${columns}) VALUES ${places.join(', ')}`;
    insertSqls.set(rows, sql);
    return sql;
  };
  const parametersOf = (rows: readonly ColumnValues[]): unknown[] => {
    const parameters: unknown[] = [];
    for (const row of rows) for (const name of names) parameters.push(dialect.encode(row.get(name) ?? null));
    return parameters;
  };
  /** A condition for the parameters of `stateParameters`, which begin at that position. */
  const isInState = (state: EntityState | undefined, position: number): string =>
    state === undefined
      ? ''
      : ` AND coalesce("version", 0) = ${dialect.parameter(position)} AND "updatedAt" = ${dialect.parameter(position + 1)}`;
  return {
    list: (after, limit) => named('list', listSql, [after, limit ?? dialect.noLimit]),
    get: (id) => named('get', getSql, [idOf(id)]),
    insert: (row) => named('insert', `${insertSql(1)} RETURNING ${columns}`, parametersOf([row])),
    insertAll: (rows) => named(`insert ${rows.length}`, `${insertSql(rows.length)} RETURNING 1`, parametersOf(rows)),
    update(id, { values, now, onlyIf }) {
      const given = [...values];
      const sets = given.map(([name], index) => `${quoteName(name)} = ${dialect.parameter(index + 1)}`);
      // A client that compares times has to see the change, even where two of them fall into one millisecond.
      const updatedAt = dialect.laterThan('"updatedAt"', dialect.parameter(given.length + 1));
      const parameters: ColumnValue[] = [...given.map(([, value]) => value), now, id, ...stateParameters(onlyIf)];
      return {
        // Not prepared: there are too many combinations of fields to keep a statement for each.
        sql: `UPDATE ${table} SET ${[...sets, `"updatedAt" = ${updatedAt}`, '"version" = coalesce("version", 1) + 1'].join(', ')}
          WHERE "id" = ${dialect.parameter(given.length + 2)}${isInState(onlyIf, given.length + 3)} RETURNING ${columns}`,
        parameters: parameters.map((value) => dialect.encode(value)),
      };
    },
    remove(id, onlyIf) {
      const parameters = [id, ...stateParameters(onlyIf)].map((value) => dialect.encode(value));
      return named(
        onlyIf === undefined ? 'remove' : 'remove unchanged',
        `DELETE FROM ${table} WHERE "id" = ${first}${isInState(onlyIf, 2)} RETURNING 1`,
        parameters,
      );
    },
    listOfGateway: (gatewayId) =>
      named(
        'list of gateway',
        `SELECT ${columns} FROM ${table} WHERE "gatewayId" = ${first} ORDER BY ${quoteName(orderColumn)}`,
        [idOf(gatewayId)],
      ),
    countNamed: (name) =>
      named('count named', `SELECT count(*) FROM ${table} WHERE ${quoteName(nameFieldOf(kind))} = ${first}`, [name]),
    count: () => named('count', `SELECT count(*) FROM ${table}`),
    revision: () => named('revision', `SELECT "number" FROM ${revisionsTable} WHERE "kind" = ${first}`, [kind]),
    touchRevision: () =>
      named(
        'touch revision',
        `UPDATE ${revisionsTable} SET "number" = "number" WHERE "kind" = ${first} RETURNING "number"`,
        [kind],
      ),
    countRevision: () =>
      named(
        'count revision',
        `UPDATE ${revisionsTable} SET "number" = "number" + 1 WHERE "kind" = ${first} RETURNING "number"`,
        [kind],
      ),
  };
}

/** Creates the table of a kind. */
export function writeTable(kind: EntityKind, dialect: Dialect): string {
  const columns = fieldsOf(kind).map(({ name, type, nullable }) => {
    const unique = name === 'id' ? ' UNIQUE' : '';
    return `${quoteName(name)} ${dialect.columnTypes[type]}${nullable ? '' : ' NOT NULL'}${unique}`;
  });
  return `CREATE TABLE ${quoteName(kind)} (${[`${quoteName(orderColumn)} ${dialect.sequenceColumn}`, ...columns].join(', ')})${dialect.tableOptions}`;
}

/** Lets no two entities of a kind have one name. */
export function writeUniqueNames(kind: EntityKind, dialect: Dialect): string {
  const field = nameFieldOf(kind);
  return `CREATE UNIQUE INDEX ${quoteName(`${kind}_unique_${field}`)} ON ${quoteName(kind)} (${dialect.uniqueText(quoteName(field))})`;
}

/** Gives a name that more than one entity of the kind has; no row where there is none. */
export function findRepeatedName(kind: EntityKind): Statement {
  const field = quoteName(nameFieldOf(kind));
  return {
    sql: `SELECT ${field} FROM ${quoteName(kind)} GROUP BY ${field} HAVING count(*) > 1 LIMIT 1`,
    parameters: [],
  };
}

/** A row for each gateway that was registered by connecting to it, with what is needed to do so again. */
const upstreamsTable = 'gateway_upstreams';

export function writeUpstreams(dialect: Dialect): string {
  return `CREATE TABLE ${upstreamsTable} ("id" ${dialect.columnTypes.uuid} PRIMARY KEY, "credential" ${dialect.columnTypes.text})${dialect.tableOptions}`;
}

/** Finds what was imported from one gateway without reading all rows. */
export function writeGatewayIndex(kind: EntityKind): string {
  return `CREATE INDEX ${quoteName(`${kind}_of_gateway`)} ON ${quoteName(kind)} ("gatewayId")`;
}

/** Statements about them. */
export function writeUpstreamStatements(dialect: Dialect): {
  list(): Statement;
  /** Each of them gives a row. */
  keep(id: Uuid, credential: string | null): Statement;
  forget(id: Uuid): Statement;
} {
  const [first, second] = [dialect.parameter(1), dialect.parameter(2)];
  return {
    list: () => ({
      name: 'list upstreams',
      sql: `SELECT "id", "credential" FROM ${upstreamsTable}`,
      parameters: [],
    }),
    keep: (id, credential) => ({
      name: 'keep upstream',
      sql: `INSERT INTO ${upstreamsTable} ("id", "credential") VALUES (${first}, ${second})
        ON CONFLICT ("id") DO UPDATE SET "credential" = excluded."credential" RETURNING 1`,
      parameters: [dialect.encode(id), credential],
    }),
    forget: (id) => ({
      name: 'forget upstream',
      sql: `DELETE FROM ${upstreamsTable} WHERE "id" = ${first} RETURNING 1`,
      parameters: [dialect.encode(id)],
    }),
  };
}

/** Creates the table of revisions, and then the row of each kind. */
export function writeRevisions(kinds: readonly EntityKind[], dialect: Dialect): string[] {
  return [
    `CREATE TABLE ${revisionsTable} ("kind" ${dialect.columnTypes.text} PRIMARY KEY, "number" ${dialect.columnTypes.integer} NOT NULL)${dialect.tableOptions}`,
    ...kinds.map((kind) => `INSERT INTO ${revisionsTable} ("kind", "number") VALUES ('${kind}', 1)`),
  ];
}

function stateParameters(state: EntityState | undefined): ColumnValue[] {
  return state === undefined ? [] : [state.version, state.updatedAt];
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
