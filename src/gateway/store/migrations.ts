/**
 * Brings a database from whatever an earlier version left to what this one needs: numbered steps, forwards only.
 *
 * All missing steps run in one transaction that excludes other processes, so two gateways may start at once. The first
 * step makes tables from the schemas as they are today; a schema that gets a field later needs a step that adds it, and
 * opening says so where it is missing.
 */
import { UserError } from '../../user-error.ts';
import { entityKinds, nameFieldOf } from '../entities/entity.ts';
import { quote } from '../quote.ts';
import type { Database, Dialect, Row, Statement } from './database.ts';
import {
  findRepeatedName,
  writeGatewayIndex,
  writeRevisions,
  writeStatements,
  writeTable,
  writeUniqueNames,
  writeUpstreams,
} from './statements.ts';
import { federatedKinds } from './store.ts';

export interface Migration {
  /** Counted from 1, without gaps. */
  readonly number: number;
  readonly statements: (dialect: Dialect) => readonly string[];
  /**
   * Looks at what an earlier version left, before the statements.
   * @throws {UserError} for what they could not work with.
   */
  readonly check?: (run: RunStatement) => Promise<void>;
}

const migrations: readonly Migration[] = [
  {
    number: 1,
    statements: (dialect) => [
      ...entityKinds.map((kind) => writeTable(kind, dialect)),
      ...writeRevisions(entityKinds, dialect),
    ],
  },
  {
    number: 2,
    check: refuseRepeatedNames,
    statements: (dialect) => entityKinds.map((kind) => writeUniqueNames(kind, dialect)),
  },
  {
    number: 3,
    statements: (dialect) => [writeUpstreams(dialect), ...federatedKinds.map(writeGatewayIndex)],
  },
];

/**
 * @param steps tests pass their own.
 * @throws {UserError} where a newer version wrote the database, or the tables are not those of this program.
 */
export async function migrate(database: Database, steps: readonly Migration[] = migrations): Promise<void> {
  await database.exclusively(async (run) => {
    const done = await readDone(run, database.dialect);
    const last = steps.length;
    if (done > last) {
      throw new UserError(
        `cannot open the database: it has schema ${done} of a newer version, and this one knows ${last}`,
        {
          hint: 'start the version that wrote it, or name another database',
        },
      );
    }
    try {
      for (const step of steps.slice(done)) await applyStep(step, run, database.dialect);
      await checkTables(run, database.dialect);
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      throw new UserError(
        `cannot open the database: its tables are not those of this gateway: ${(cause as Error).message}`,
        {
          hint: 'name another database, or start with an empty one',
          cause,
        },
      );
    }
  });
}

type RunStatement = (statement: Statement) => Promise<Row[]>;

const migrationsTable = 'gateway_migrations';

/** The number of the last step that was taken, 0 for an empty database. */
async function readDone(run: RunStatement, { columnTypes, tableOptions }: Dialect): Promise<number> {
  const columns = `"number" ${columnTypes.integer} PRIMARY KEY, "takenAt" ${columnTypes.datetime} NOT NULL`;
  await run({ sql: `CREATE TABLE IF NOT EXISTS ${migrationsTable} (${columns})${tableOptions}`, parameters: [] });
  const [row] = await run({ sql: `SELECT coalesce(max("number"), 0) FROM ${migrationsTable}`, parameters: [] });
  return Number(row?.[0]);
}

async function applyStep({ number, check, statements }: Migration, run: RunStatement, dialect: Dialect): Promise<void> {
  await check?.(run);
  for (const sql of statements(dialect)) await run({ sql, parameters: [] });
  await run({
    sql: `INSERT INTO ${migrationsTable} ("number", "takenAt") VALUES (${dialect.parameter(1)}, ${dialect.parameter(2)})`,
    parameters: [number, dialect.encode(new Date())],
  });
}

/** Which of two entities keeps its name is for their owner to say. */
async function refuseRepeatedNames(run: RunStatement): Promise<void> {
  for (const kind of entityKinds) {
    const [row] = await run(findRepeatedName(kind));
    if (row === undefined) continue;
    throw new UserError(
      `cannot open the database: more than one of the ${kind} has the ${nameFieldOf(kind)} ${quote(String(row[0]))}`,
      {
        hint: 'rename or delete all but one with the version that wrote it, or name another database',
      },
    );
  }
}

/** Names every column once, so that a table without one of them is found now and not by a request. */
async function checkTables(run: RunStatement, dialect: Dialect): Promise<void> {
  for (const kind of entityKinds) {
    const statements = writeStatements(kind, dialect);
    await run(statements.list(0, 0));
    const [row] = await run(statements.revision());
    if (row === undefined) throw new Error(`there is no revision of ${kind}`);
  }
}
