/**
 * A gateway's entity and all that was imported from it, as one change of the database: everything or nothing.
 *
 * What is there already and is the same stays as it is, with its id and version, so that importing twice changes nothing.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { Uuid } from '../../corpus/uuid.ts';
import { type Entity, type EntityInput, type EntityKind, type EntityState, nameFieldOf } from '../entities/entity.ts';
import { type Database, type Statement, UniqueViolation } from './database.ts';
import { fieldsByName, type FieldType } from './entity-fields.ts';
import { type ColumnValue, complete, readChange, readUuid } from './entity-input.ts';
import type { RowReader } from './read-rows.ts';
import { type KindStatements, writeUpstreamStatements } from './statements.ts';
import {
  type EntityChange,
  type FederatedChange,
  type FederatedKind,
  federatedKinds,
  NameTakenError,
  StateChangedError,
} from './store.ts';
import type { WriteQueue } from './write-queue.ts';

/** What a kind's table is written and read by. */
export interface FederatedTable {
  readonly statements: KindStatements;
  readonly read: RowReader;
  readonly inTurn: WriteQueue;
}

type Tables = Readonly<Record<FederatedKind | 'gateways', FederatedTable>>;

/** What changes of several kinds are written with. */
export interface FederationContext {
  readonly tables: Tables;
  readonly database: Database;
  readonly notify: (change: EntityChange) => void;
}

/** Statements of one transaction with what each of them means to listeners. */
interface Step {
  readonly kind: EntityKind;
  readonly action: EntityChange['action'];
  readonly id: Uuid;
  readonly statement: Statement;
  /** What a new entity is called. */
  readonly name?: unknown;
}

/**
 * @returns the gateway as it is stored now; `undefined` where it is to be changed and is not there.
 * @throws {NameTakenError} where somebody else's entity has one of the names; nothing is changed then.
 */
export async function federate(change: FederatedChange, context: FederationContext): Promise<Entity | undefined> {
  return inAllTurns(context.tables, () => write(change, context));
}

/**
 * Changes fields of a gateway. Where that switches it off or on, so is all that was imported from it.
 * @returns the gateway as it is stored now; `undefined` where there is none.
 * @throws {StateChangedError} where it is in another state than the one it was to be in.
 */
export async function updateGateway(
  id: string,
  { input, onlyIf }: { readonly input: EntityInput; readonly onlyIf: EntityState | undefined },
  context: FederationContext,
): Promise<Entity | undefined> {
  const { tables, database } = context;
  return inAllTurns(tables, async () => {
    const now = new Date();
    const found = await findGateway(id, onlyIf, context);
    if (found === undefined) return undefined;
    const { uuid, known } = found;
    const steps = [stepOfGateway({ uuid, gateway: input, known, table: tables.gateways, now })];
    const { enabled } = input;
    if (enabled !== known['enabled']) {
      for (const kind of federatedKinds) {
        const { statements, read } = tables[kind];
        const there = (await database.read(statements.listOfGateway(uuid))).map(read);
        steps.push(
          ...there
            .filter((entity) => entity['enabled'] !== enabled)
            .map((entity): Step => {
              const own = Uuid.parse(entity.id.toString());
              const statement = statements.update(own, { values: readChange(kind, { enabled }), now });
              return { kind, action: 'updated', id: own, statement };
            }),
        );
      }
    }
    return writeSteps({ steps, kept: [], known }, context);
  });
}

/** All writers of these kinds wait, always in this order. */
async function inAllTurns<T>(tables: Tables, work: () => Promise<T>): Promise<T> {
  return [...federatedKinds, 'gateways' as const].reduceRight<() => Promise<T>>(
    (inner, kind) => () => tables[kind].inTurn(inner),
    work,
  )();
}

/** @throws {StateChangedError} where it is in another state than the one it has to be in. */
async function findGateway(
  id: string,
  onlyIf: EntityState | undefined,
  { tables, database }: FederationContext,
): Promise<{ uuid: Uuid; known: Entity } | undefined> {
  const uuid = readUuid(id);
  if (uuid === undefined) return undefined;
  const [row] = await database.read(tables.gateways.statements.get(uuid));
  if (row === undefined) return undefined;
  const known = tables.gateways.read(row);
  if (onlyIf !== undefined && !isInState(known, onlyIf)) throw new StateChangedError('gateways');
  return { uuid, known };
}

async function write(
  { id, gateway, imports, credential, onlyIf }: FederatedChange,
  context: FederationContext,
): Promise<Entity | undefined> {
  const { tables, database } = context;
  const now = new Date();
  const found =
    id === undefined ? { uuid: Uuid.parse(randomUUID()), known: undefined } : await findGateway(id, onlyIf, context);
  if (found === undefined) return undefined;
  const { uuid, known } = found;

  const steps: Step[] = [stepOfGateway({ uuid, gateway, known, table: tables.gateways, now })];
  const isOff = (gateway?.['enabled'] ?? known?.['enabled']) === false;
  for (const kind of federatedKinds) {
    const table = tables[kind];
    const rows = id === undefined ? [] : await database.read(table.statements.listOfGateway(uuid));
    steps.push(
      ...stepsOfKind({ kind, wanted: imports[kind], there: rows.map(table.read), gatewayId: uuid, isOff, table, now }),
    );
  }
  const upstreams = writeUpstreamStatements(database.dialect);
  const kept =
    gateway === undefined
      ? [upstreams.forget(uuid)]
      : credential === undefined
        ? []
        : [upstreams.keep(uuid, credential)];
  return writeSteps({ steps, kept, known }, context);
}

/** One transaction of a gateway and its imports, which listeners are told of afterwards. @returns the gateway. */
async function writeSteps(
  { steps, kept, known }: { steps: readonly Step[]; kept: readonly Statement[]; known: Entity | undefined },
  { tables, database, notify }: FederationContext,
): Promise<Entity | undefined> {
  const counted = new Set(steps.map(({ kind }) => kind));
  const counts = [...counted].map((kind) => tables[kind as FederatedKind].statements.countRevision());
  let results;
  try {
    results = await database.write([...counts, ...steps.map(({ statement }) => statement), ...kept]);
  } catch (error) {
    if (error instanceof UniqueViolation) throw await explainTaken(steps, { tables, database, error });
    throw error;
  }
  if (results === undefined) return undefined;
  let stored = known;
  for (const [index, { kind, action, id: changed }] of steps.entries()) {
    const row = results[counts.length + index]?.[0];
    const entity = action === 'deleted' || row === undefined ? undefined : tables[kind as FederatedKind].read(row);
    if (kind === 'gateways' && entity !== undefined) stored = entity;
    notify({ kind, id: changed.toString(), action, ...(entity === undefined ? {} : { entity }) });
  }
  return stored;
}

function stepOfGateway(request: {
  uuid: Uuid;
  gateway: EntityInput | undefined;
  known: Entity | undefined;
  table: FederatedTable;
  now: Date;
}): Step {
  const { uuid, gateway, known, table, now } = request;
  const step = { kind: 'gateways', id: uuid } as const;
  if (gateway === undefined) return { ...step, action: 'deleted', statement: table.statements.remove(uuid) };
  const values = readChange('gateways', gateway);
  if (known === undefined)
    return {
      ...step,
      action: 'created',
      name: gateway['name'],
      statement: table.statements.insert(asNew('gateways', values, { uuid, now })),
    };
  return { ...step, action: 'updated', statement: table.statements.update(uuid, { values, now }) };
}

/** What people decide about an import, whatever its server says later. */
const ownFields = ['enabled', 'tags', 'visibility'] as const;

function stepsOfKind(request: {
  kind: FederatedKind;
  wanted: readonly EntityInput[];
  there: readonly Entity[];
  gatewayId: Uuid;
  /** What is new is switched off as well then. */
  isOff: boolean;
  table: FederatedTable;
  now: Date;
}): Step[] {
  const { kind, wanted, there, gatewayId, isOff, table, now } = request;
  const nameField = nameFieldOf(kind);
  const left = new Map(there.map((entity) => [entity[nameField], entity]));
  const steps: Step[] = [];
  for (const input of wanted) {
    const known = left.get(input[nameField]);
    left.delete(input[nameField]);
    const decided = isOff ? { enabled: false } : {};
    const values = readChange(kind, { ...input, ...decided, gatewayId: gatewayId.toString() });
    if (known === undefined) {
      const uuid = Uuid.parse(randomUUID());
      const statement = table.statements.insert(asNew(kind, values, { uuid, now }));
      steps.push({ kind, action: 'created', id: uuid, name: input[nameField], statement });
    } else {
      for (const field of ownFields) values.delete(field);
      if (isAlready(kind, known, values)) continue;
      const id = Uuid.parse(known.id.toString());
      steps.push({ kind, action: 'updated', id, statement: table.statements.update(id, { values, now }) });
    }
  }
  for (const gone of left.values()) {
    const id = Uuid.parse(gone.id.toString());
    // First, so that a name that moves from one entity to another is free.
    steps.unshift({ kind, action: 'deleted', id, statement: table.statements.remove(id) });
  }
  return steps;
}

function asNew(
  kind: EntityKind,
  given: Map<string, ColumnValue>,
  { uuid, now }: { uuid: Uuid; now: Date },
): ReadonlyMap<string, ColumnValue> {
  return complete(kind, given.set('id', uuid).set('createdAt', now).set('updatedAt', now).set('version', 1));
}

/** Whether an entity has these values already. */
function isAlready(kind: EntityKind, entity: Entity, values: ReadonlyMap<string, ColumnValue>): boolean {
  const fields = fieldsByName(kind);
  for (const [name, value] of values) {
    const has = entity[name] ?? null;
    if (value === null || has === null) {
      if (value !== has) return false;
    } else if (!isSame(fields.get(name)?.type, value, has)) {
      return false;
    }
  }
  return true;
}

/** @param value on its way to a column. @param has as it was read from one. */
function isSame(type: FieldType | undefined, value: ColumnValue, has: unknown): boolean {
  if (type === 'json') return isDeepStrictEqual(JSON.parse(value as string), has);
  if (type === 'datetime') return Number(value) === Number(has);
  return type === 'uuid' ? String(value) === String(has) : value === has;
}

/** Which of the names it was that somebody else has. */
async function explainTaken(
  steps: readonly Step[],
  { tables, database, error }: { tables: Tables; database: Database; error: UniqueViolation },
): Promise<Error> {
  for (const { kind, name } of steps) {
    if (typeof name !== 'string') continue;
    const [row] = await database.read(tables[kind as FederatedKind].statements.countNamed(name));
    if (Number(row?.[0]) > 0) return new NameTakenError({ kind, field: nameFieldOf(kind), name });
  }
  return error;
}

/** A version that was never counted is 0. */
function isInState(entity: Entity, { version, updatedAt }: EntityState): boolean {
  return (entity['version'] ?? 0) === version && Number(entity['updatedAt']) === Number(updatedAt);
}
