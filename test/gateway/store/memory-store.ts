/**
 * A store in memory, for tests of what stands before a database: rows have Dates and UUIDs as a driver gives them.
 *
 * It keeps the contract of src/gateway/store/store.ts in the shortest way and is no model for a real one. `delays` lets
 * a test hold a call back, to see what happens in between.
 */
import { randomBytes } from 'node:crypto';

import { createGenerator } from '../../../src/corpus/generator.ts';
import { reviveNative } from '../../../src/corpus/native.ts';
import { nativeTypes, Uuid } from '../../../src/corpus/uuid.ts';
import {
  type Entity,
  type EntityInput,
  type EntityKind,
  entityKinds,
  nameFieldOf,
} from '../../../src/gateway/entities/entity.ts';
import { describeKind } from '../../../src/gateway/entities/schemas.ts';
import {
  type EntityChange,
  type Store,
  type WriteCondition,
  NameTakenError,
  StateChangedError,
} from '../../../src/gateway/store/store.ts';
import type { JsonValue } from '../../../src/model/values.ts';

export interface MemoryStore extends Store {
  /** Awaited by `list` after its items were read and before they are given back. */
  afterRead: () => Promise<void>;
  isClosed: boolean;
  /** Set to make `ping` fail with it. */
  failure: Error | undefined;
}

type Row = Record<string, unknown> & { id: Uuid };

/** @param items of each kind, made from a fixed seed. */
export function createMemoryStore(items: number): MemoryStore {
  const rows = new Map<EntityKind, Row[]>();
  const revisions = new Map<EntityKind, number>();
  const listeners = new Set<(change: EntityChange) => void>();

  const revive = (kind: EntityKind, input: EntityInput): Row => {
    const { entity } = describeKind(kind);
    const fields = Object.keys(entity['properties'] as object);
    const complete = Object.fromEntries(fields.map((name) => [name, structuredClone(input[name]) ?? null]));
    return reviveNative(complete as JsonValue, entity, nativeTypes) as Row;
  };
  const find = (kind: EntityKind, id: string): Row | undefined =>
    rows.get(kind)?.find((row) => row.id.toString() === id);
  const refuseTaken = (kind: EntityKind, input: EntityInput, id?: string): void => {
    const field = nameFieldOf(kind);
    const holder = rows.get(kind)?.find((row) => row[field] === input[field] && row.id.toString() !== id);
    if (holder !== undefined) throw new NameTakenError({ kind, field, name: String(input[field]) });
  };
  const refuseChanged = (kind: EntityKind, row: Row, onlyIf: WriteCondition['onlyIf']): void => {
    if (onlyIf === undefined) return;
    const isSame =
      Number(row['version'] ?? 0) === onlyIf.version && Number(row['updatedAt']) === onlyIf.updatedAt.getTime();
    if (!isSame) throw new StateChangedError(kind);
  };
  const tell = (change: EntityChange): void => {
    revisions.set(change.kind, (revisions.get(change.kind) ?? 0) + 1);
    for (const listener of listeners) listener(change);
  };

  for (const kind of entityKinds)
    rows.set(
      kind,
      seedRows(kind, items).map((row) => revive(kind, row)),
    );

  const store: MemoryStore = {
    afterRead: async () => {},
    isClosed: false,
    failure: undefined,
    async list(kind, { cursor, limit, mostBytes = Number.POSITIVE_INFINITY } = {}) {
      const all = rows.get(kind) ?? [];
      const start = cursor === undefined ? 0 : all.findIndex((row) => row.id.toString() === cursor);
      if (start === -1) throw new RangeError('a cursor that no page gave');
      const most = limit === undefined ? all.length : start + limit;
      let [end, bytes] = [start, 0];
      for (; end < Math.min(most, all.length); end += 1) {
        const size = mostBytes === Number.POSITIVE_INFINITY ? 0 : JSON.stringify(all[end]).length;
        if (end > start && bytes + size > mostBytes) break;
        bytes += size;
      }
      // Copies, so that a later write does not change what was read.
      const page = {
        items: all.slice(start, end).map((row) => ({ ...row })),
        nextCursor: all[end]?.id.toString() ?? null,
        bytes,
      };
      await store.afterRead();
      return page;
    },
    get: async (kind, id) => find(kind, id),
    async create(kind, input) {
      refuseTaken(kind, input);
      const now = new Date();
      const row: Row = {
        ...revive(kind, { ...input, version: 1 }),
        id: new Uuid(randomBytes(16)),
        createdAt: now,
        updatedAt: now,
      };
      rows.get(kind)?.push(row);
      tell({ kind, id: row.id.toString(), action: 'created', entity: row });
      return row;
    },
    async update(kind, id, input, { onlyIf } = {}) {
      const row = find(kind, id);
      if (row === undefined) return undefined;
      refuseChanged(kind, row, onlyIf);
      refuseTaken(kind, input, id);
      const revived = revive(kind, input);
      for (const name of Object.keys(input)) row[name] = revived[name];
      row['updatedAt'] = new Date();
      row['version'] = Number(row['version']) + 1;
      tell({ kind, id, action: 'updated', entity: row });
      return row;
    },
    async remove(kind, id, { onlyIf } = {}) {
      const row = find(kind, id);
      if (row === undefined) return false;
      refuseChanged(kind, row, onlyIf);
      rows.set(
        kind,
        (rows.get(kind) ?? []).filter((other) => other !== row),
      );
      tell({ kind, id, action: 'deleted' });
      return true;
    },
    // Nothing in front of it federates; what does is tested with a database.
    async federate() {
      throw new Error('a store in memory has no transactions');
    },
    listUpstreams: async () => [],
    listOfGateway: async (kind, gatewayId) =>
      (rows.get(kind) ?? []).filter((row) => String(row['gatewayId']) === gatewayId),
    count: async (kind) => rows.get(kind)?.length ?? 0,
    revision: async (kind) => revisions.get(kind) ?? 0,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async ping() {
      if (store.failure !== undefined) throw store.failure;
    },
    async close() {
      store.isClosed = true;
    },
  };
  return store;
}

function seedRows(kind: EntityKind, items: number): EntityInput[] {
  const generator = createGenerator(1);
  const base = (): EntityInput => {
    const { id, createdAt, updatedAt, tags, metrics, version, teamId } = generator.tool();
    return { id, createdAt, updatedAt, tags, metrics, version, teamId };
  };
  const make: Readonly<Record<EntityKind, () => EntityInput>> = {
    tools: () => generator.tool(),
    servers: () => generator.server(),
    gateways: () => ({ ...generator.gateway(), id: generator.uuid() }),
    resources: () => ({ ...base(), ...generator.exportEntity('resource'), tags: [], mimeType: 'text/plain' }),
    prompts: () => {
      const { name, template, description } = generator.exportEntity('prompt');
      return {
        ...base(),
        name,
        template,
        description,
        arguments: [{ name: 'text', description: null, required: true }],
      };
    },
  };
  return Array.from({ length: items }, () => ({ ...make[kind](), enabled: true }));
}

/** The first one, with its id as a path has it. */
export async function readFirst(
  store: Store,
  kind: EntityKind,
): Promise<{ readonly id: string; readonly [field: string]: unknown }> {
  const [first] = await readAll(store, kind);
  if (first === undefined) throw new Error(`there are no ${kind}`);
  return { ...first, id: first.id.toString() };
}

/** Everything that a list gives, for a caller that does not care for pages. */
export async function readAll(store: Store, kind: EntityKind): Promise<readonly Entity[]> {
  return (await store.list(kind)).items;
}
