/**
 * The store over a database: entities in and out, one transaction a change, revisions and listeners.
 *
 * Writes of one kind wait for one another, so that listeners hear of changes in the order in which they were made.
 */
import { randomUUID } from 'node:crypto';

import { Uuid } from '../../corpus/uuid.ts';
import {
  type Entity,
  type EntityInput,
  type EntityKind,
  type EntityState,
  entityKinds,
  nameFieldOf,
} from '../entities/entity.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Database, type Row, type Statement, UniqueViolation } from './database.ts';
import { complete, InvalidInputError, readChange, readEntity, readUuid } from './entity-input.ts';
import { type FederatedTable, federate, updateGateway } from './federate.ts';
import { type RowReader, compileRowReader } from './read-rows.ts';
import { type KindStatements, writeStatements, writeUpstreamStatements } from './statements.ts';
import {
  type EntityChange,
  type EntityPage,
  type PageRequest,
  type Store,
  NameTakenError,
  StateChangedError,
  StoreUnavailableError,
} from './store.ts';
import { createWriteQueue } from './write-queue.ts';

/** A store that can also take a whole catalog at once. */
export interface FillableStore extends Store {
  /**
   * Stores entities that have their ids, times and versions already, in their order and in one transaction. The
   * revision counts once, and listeners hear nothing: a catalog is filled before anybody serves it.
   * @throws {InvalidInputError} for an entity that cannot be stored, or whose name or id another one has; nothing is
   *   stored then.
   */
  fill(kind: EntityKind, entities: readonly EntityInput[]): Promise<void>;
}

/** @param given a database that is migrated; belongs to the store from now on. */
export function createStore(given: Database): FillableStore {
  const { database, hasRefused } = watchWrites(given);
  const tables = Object.fromEntries(entityKinds.map((kind) => [kind, openTable(kind, database)])) as Record<
    EntityKind,
    KindTable
  >;
  const listeners = new Set<(change: EntityChange) => void>();
  const notify = (change: EntityChange): void => {
    for (const listener of listeners) listener(change);
  };
  // One at a time: many that ask while the database is locked would make it worse.
  let pinging: Promise<void> | undefined;
  const ping = async (): Promise<void> => {
    const [kind] = entityKinds;
    const statements = writeStatements(kind, database.dialect);
    // A read says nothing about a lock or a full disk, and a write costs the disk more than every question is worth.
    await (hasRefused() ? database.write([statements.touchRevision()]) : database.read(statements.revision()));
  };
  return {
    list: (kind, page = {}) => tables[kind].list(page),
    get: (kind, id) => tables[kind].get(id),
    create: (kind, input) => tables[kind].create(input, notify),
    update: (kind, id, input, { onlyIf } = {}) =>
      kind === 'gateways' && typeof input['enabled'] === 'boolean'
        ? updateGateway(id, { input, onlyIf }, { tables, database, notify })
        : tables[kind].update(id, { input, onlyIf, notify }),
    remove: (kind, id, { onlyIf } = {}) => tables[kind].remove(id, { onlyIf, notify }),
    federate: (change) => federate(change, { tables, database, notify }),
    async listUpstreams() {
      const decode = (database.dialect.decoders.uuid ?? ((value: unknown) => value)) as (value: unknown) => unknown;
      const rows = await database.read(writeUpstreamStatements(database.dialect).list());
      return rows.map(([id, credential]) => ({ id: String(decode(id)), credential: credential as string | null }));
    },
    listOfGateway: (kind, gatewayId) => tables[kind].listOfGateway(gatewayId),
    fill: (kind, entities) => tables[kind].fill(entities),
    count: (kind) => tables[kind].readNumber('count'),
    revision: (kind) => tables[kind].readNumber('revision'),
    onChange(listener) {
      // Wrapped, so that a function that listens twice is two listeners.
      const own = (change: EntityChange): void => listener(change);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    ping: () => (pinging ??= ping().finally(() => (pinging = undefined))),
    close: () => database.close(),
  };
}

/** Remembers whether the last write failed because the database could not do it. */
function watchWrites(database: Database): { database: Database; hasRefused: () => boolean } {
  let refused = false;
  const watched: Database = {
    ...database,
    async write(statements) {
      try {
        const rows = await database.write(statements);
        refused = false;
        return rows;
      } catch (error) {
        // Any other failure came out of a database that answers.
        refused = error instanceof StoreUnavailableError;
        throw error;
      }
    },
  };
  return { database: watched, hasRefused: () => refused };
}

type Notify = (change: EntityChange) => void;

interface WriteContext {
  readonly onlyIf: EntityState | undefined;
  readonly notify: Notify;
}

/** The operations of one kind. */
interface KindTable extends FederatedTable {
  list(page: PageRequest): Promise<EntityPage>;
  get(id: string): Promise<Entity | undefined>;
  create(input: EntityInput, notify: Notify): Promise<Entity>;
  update(id: string, change: { readonly input: EntityInput } & WriteContext): Promise<Entity | undefined>;
  remove(id: string, context: WriteContext): Promise<boolean>;
  fill(entities: readonly EntityInput[]): Promise<void>;
  listOfGateway(gatewayId: string): Promise<Entity[]>;
  readNumber(what: 'count' | 'revision'): Promise<number>;
}

function openTable(kind: EntityKind, database: Database): KindTable {
  const statements = writeStatements(kind, database.dialect);
  const nameField = nameFieldOf(kind);
  const read = compileRowReader(kind, database.dialect);
  const inTurn = createWriteQueue();
  /**
   * Undefined where the last statement gives no row; the revision is counted first, because that lets writers queue.
   */
  const write = async (statement: Statement): Promise<Row | undefined> =>
    (await database.write([statements.countRevision(), statement]))?.[1]?.[0];
  /** After a write that found nothing. @throws {StateChangedError} where it is there, in another state. */
  const refuseIfThere = async (id: Uuid, onlyIf: EntityState | undefined): Promise<undefined> => {
    if (onlyIf === undefined) return;
    const [row] = await database.read(statements.get(id));
    if (row !== undefined) throw new StateChangedError(kind);
  };
  /** Nothing else that is unique can be taken: ids are made here, and never change. */
  const named = async <T>(name: unknown, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw error instanceof UniqueViolation
        ? new NameTakenError({ kind, field: nameField, name: String(name) })
        : error;
    }
  };
  return {
    statements,
    read,
    inTurn,
    async listOfGateway(gatewayId) {
      const uuid = readUuid(gatewayId);
      return uuid === undefined ? [] : (await database.read(statements.listOfGateway(uuid))).map(read);
    },
    list: (page) => readPage(page, { kind, database, statements, read }),
    async get(id) {
      const uuid = readUuid(id);
      const [row] = uuid === undefined ? [] : await database.read(statements.get(uuid));
      return row === undefined ? undefined : read(row);
    },
    async create(input, notify) {
      const given = readChange(kind, input);
      const name = input[nameField];
      const now = new Date();
      const id = Uuid.parse(randomUUID());
      const values = complete(kind, given.set('id', id).set('createdAt', now).set('updatedAt', now).set('version', 1));
      return inTurn(async () => {
        const entity = read((await named(name, () => write(statements.insert(values)))) as Row);
        notify({ kind, id: id.toString(), action: 'created', entity });
        return entity;
      });
    },
    async update(id, { input, onlyIf, notify }) {
      const values = readChange(kind, input);
      const uuid = readUuid(id);
      if (uuid === undefined) return undefined;
      return inTurn(async () => {
        const row = await named(input[nameField], () =>
          write(statements.update(uuid, { values, now: new Date(), onlyIf })),
        );
        if (row === undefined) return refuseIfThere(uuid, onlyIf);
        const entity = read(row);
        notify({ kind, id: uuid.toString(), action: 'updated', entity });
        return entity;
      });
    },
    async remove(id, { onlyIf, notify }) {
      const uuid = readUuid(id);
      if (uuid === undefined) return false;
      return inTurn(async () => {
        if ((await write(statements.remove(uuid, onlyIf))) === undefined) {
          await refuseIfThere(uuid, onlyIf);
          return false;
        }
        notify({ kind, id: uuid.toString(), action: 'deleted' });
        return true;
      });
    },
    async fill(entities) {
      if (entities.length === 0) return;
      const { insertedRows } = database.dialect;
      // One after the other, since the values of a whole catalog at once are mostly work for the collector.
      const inserts = {
        *[Symbol.iterator](): Generator<Statement> {
          yield statements.countRevision();
          for (let start = 0; start < entities.length; start += insertedRows) {
            yield statements.insertAll(
              entities.slice(start, start + insertedRows).map((entity) => readEntity(kind, entity)),
            );
          }
        },
      };
      try {
        await inTurn(() => database.write(inserts));
      } catch (error) {
        if (error instanceof UniqueViolation)
          throw new InvalidInputError(nameField, 'or id is one that another entity has');
        throw error;
      }
    },
    async readNumber(what) {
      const [row] = await database.read(statements[what]());
      return Number(row?.[0]);
    },
  };
}

interface KindSource {
  readonly kind: EntityKind;
  readonly database: Database;
  readonly statements: KindStatements;
  readonly read: RowReader;
}

async function readPage(page: PageRequest, { kind, database, statements, read }: KindSource): Promise<EntityPage> {
  const { cursor, limit, mostBytes = Number.POSITIVE_INFINITY } = page;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0))
    throw new RangeError(`a limit is a positive integer, not ${limit}`);
  const after = cursor === undefined ? 0 : readCursor(kind, cursor);
  // One more than asked for says whether there is another page.
  const { rows, bytes, isCut } = await database.readUpTo(
    statements.list(after, limit === undefined ? undefined : limit + 1),
    mostBytes,
  );
  const isLast = !isCut && (limit === undefined || rows.length <= limit);
  if (!isLast) {
    rows.pop();
    bytes.pop();
  }
  return {
    items: rows.map(read),
    nextCursor: isLast ? null : writeCursor(kind, Number(rows.at(-1)?.at(-1))),
    bytes: bytes.reduce((sum, one) => sum + one, 0),
  };
}
