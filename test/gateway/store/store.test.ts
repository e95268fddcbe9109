/**
 * What the gateway's store promises of single entities, on every database: values, changes, revisions, listeners.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { resolveFile } from '../../../src/corpus/schemas.ts';
import { Uuid } from '../../../src/corpus/uuid.ts';
import { type Entity, type EntityInput, entityKinds } from '../../../src/gateway/entities/entity.ts';
import { InvalidInputError } from '../../../src/gateway/store/entity-input.ts';
import type { FillableStore } from '../../../src/gateway/store/entity-store.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import { seed } from '../../../src/gateway/store/seed.ts';
import { type EntityChange, NameTakenError, StateChangedError } from '../../../src/gateway/store/store.ts';
import { listDatabases } from './databases.ts';
import { asSent, catalog, newTool } from './new-tool.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

function textOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const databases = listDatabases();

describe.each(databases)('the store on $name', (database) => {
  let store: FillableStore;

  beforeAll(() => database.start());
  afterAll(() => database.stop());
  beforeEach(async () => {
    store = await openStore({ url: await database.create() });
  });
  afterEach(() => store.close());

  it('is empty when it is new', async () => {
    for (const kind of entityKinds) {
      expect(await store.list(kind)).toEqual({ items: [], nextCursor: null, bytes: 0 });
      expect(await store.count(kind)).toBe(0);
    }
  });

  it('gives a new entity its id, its times and version 1', async () => {
    const before = Date.now();
    const input = newTool();
    const tool = await store.create('tools', input);
    expect(tool.id).toBeInstanceOf(Uuid);
    expect(tool['createdAt']).toBeInstanceOf(Date);
    expect((tool['createdAt'] as Date).getTime()).toBeGreaterThanOrEqual(before);
    expect(tool['updatedAt']).toEqual(tool['createdAt']);
    const given = {
      id: tool.id.toString(),
      createdAt: textOf(tool['createdAt']),
      updatedAt: textOf(tool['updatedAt']),
      version: 1,
    };
    expect(textOf(tool)).toEqual({ ...input, ...given });
    expect(await store.get('tools', tool.id.toString())).toEqual(tool);
    expect((await store.list('tools')).items).toEqual([tool]);
  });

  it.each(entityKinds)('gives %s with the fields of the schema in its order, and as plain objects', async (kind) => {
    await seed(store, { items: 5, seed: 3 });
    const names = Object.keys(resolveFile(`${kind.slice(0, -1)}.schema.json`)['properties'] as object);
    const { items } = await store.list(kind);
    expect(items).toHaveLength(5);
    for (const entity of items) {
      expect(Object.keys(entity)).toEqual(names);
      expect(Object.getPrototypeOf(entity)).toBe(Object.prototype);
    }
  });

  it('keeps every value of a catalog', async () => {
    const tools = Array.from({ length: 200 }, () => catalog.tool());
    await store.fill('tools', tools);
    expect(JSON.stringify((await store.list('tools')).items)).toBe(JSON.stringify(tools));
  });

  it.each<[string, string, unknown]>([
    ['a text with letters of every kind', 'description', 'Zoë 日本語 🦊 "quoted" \\ \u2028 \u007F \n\t <b>'],
    ['an empty text', 'description', ''],
    ['a text of a megabyte', 'description', 'ä'.repeat(500_000)],
    ['a text that looks like SQL', 'description', "'); DROP TABLE tools; --"],
    ['the largest safe integer', 'executionCount', Number.MAX_SAFE_INTEGER],
    ['the smallest safe integer', 'executionCount', Number.MIN_SAFE_INTEGER],
    ['zero', 'executionCount', 0],
    ['false', 'exposePassthrough', false],
    ['null', 'exposePassthrough', null],
    ['an empty list', 'allowlist', []],
    ['an empty object', 'headers', {}],
    ['keys in an order of their own', '_meta', { zebra: 1, a: 2, middle: { y: 1, x: 2 }, 10: 'ten', 9: 'nine' }],
    [
      'nested JSON with numbers at their limits',
      '_meta',
      { list: [[], [null, true, -0.5, 1e21, 1e-7, 2 ** 53]], deep: { deeper: { '': '' } } },
    ],
    ['characters in JSON that no column of text could hold', '_meta', { 'a\0b': 'c\0d', lone: '\uD800' }],
  ])('keeps %s', async (_, field, value) => {
    const { id } = await store.create('tools', newTool({ [field]: value }));
    const tool = await store.get('tools', id.toString());
    expect(JSON.stringify(tool?.[field])).toBe(JSON.stringify(value));
  });

  it('keeps JSON that is nested five hundred deep, and refuses deeper', async () => {
    const nest = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    const { id } = await store.create('tools', newTool({ _meta: nest(500) }));
    expect(textOf((await store.get('tools', id.toString()))?.['_meta'])).toEqual(nest(500));
    await expect(store.create('tools', newTool({ _meta: nest(501) }))).rejects.toThrow(
      '"_meta" is nested deeper than 500 levels',
    );
    await expect(store.create('tools', newTool({ _meta: nest(100_000) }))).rejects.toThrow(InvalidInputError);
  });

  it('keeps a datetime to the millisecond, whatever its offset', async () => {
    const times = { lastSeen: '2024-02-29T23:59:59.987+05:30', nextRetryAt: '0001-01-01T00:00:00.001Z' };
    const stored = await store.create('gateways', { ...asSent(catalog.gateway()), ...times });
    const read = await store.get('gateways', stored.id.toString());
    expect(read?.['lastSeen']).toEqual(new Date('2024-02-29T18:29:59.987Z'));
    expect(read?.['nextRetryAt']).toEqual(new Date('0001-01-01T00:00:00.001Z'));
  });

  it('keeps UUIDs as bytes, and reads them in every usual spelling', async () => {
    const text = '0a1b2c3d-4e5f-4a6b-8c7d-8e9fa0b1c2d3';
    for (const spelling of [text, text.toUpperCase(), `urn:uuid:${text}`]) {
      const tool = await store.create('tools', newTool({ gatewayId: spelling }));
      expect(tool['gatewayId']).toEqual(Uuid.parse(text));
      expect((tool['gatewayId'] as Uuid).bytes).toHaveLength(16);
    }
    const { id } = await store.create('tools', newTool());
    expect((await store.get('tools', id.toString().toUpperCase()))?.id).toEqual(id);
  });

  it('stores null for what is left out and may be, and refuses the rest', async () => {
    const rest = Object.fromEntries(
      Object.entries(newTool()).filter(([field]) => !['description', 'gatewayId', 'name'].includes(field)),
    );
    const tool = await store.create('tools', { ...rest, name: 'bare', _meta: undefined });
    expect([tool['description'], tool['gatewayId'], tool['_meta']]).toEqual([null, null, null]);
    await expect(store.create('tools', rest)).rejects.toThrow('"name" is missing');
    await expect(store.create('tools', { ...rest, name: null })).rejects.toThrow('"name" cannot be null');
    expect(await store.count('tools')).toBe(1);
  });

  it.each<[string, EntityInput, string]>([
    ['an unknown field', { nmae: 'x' }, '"nmae" is no field of tools'],
    [
      'a field that objects inherit',
      JSON.parse('{"__proto__":{"name":"x"}}') as EntityInput,
      '"__proto__" is no field of tools',
    ],
    ['an id', { id: NOBODY }, '"id" is set by the gateway'],
    ['a time of creation', { createdAt: '2024-01-01T00:00:00Z' }, '"createdAt" is set by the gateway'],
    ['a time of change', { updatedAt: '2024-01-01T00:00:00Z' }, '"updatedAt" is set by the gateway'],
    ['a version', { version: 9 }, '"version" is set by the gateway'],
    ['a number for a text', { name: 5 }, '"name" is no text'],
    ['U+0000 in a text', { name: 'a\0b' }, '"name" holds the character U+0000'],
    ['an integer beyond 2^53', { executionCount: 2 ** 53 }, '"executionCount" is no integer'],
    ['a fraction for an integer', { executionCount: 1.5 }, '"executionCount" is no integer'],
    ['a text for a boolean', { enabled: 'true' }, '"enabled" is neither true nor false'],
    ['a text that is no UUID', { teamId: 'x' }, '"teamId" is no UUID'],
  ])('refuses %s, when creating and when updating', async (_, wrong, message) => {
    const tool = await store.create('tools', newTool());
    const revision = await store.revision('tools');
    // A spread would leave `__proto__` out.
    const whole = Object.fromEntries([...Object.entries(newTool()), ...Object.entries(wrong)]);
    for (const attempt of [
      () => store.create('tools', whole),
      () => store.update('tools', tool.id.toString(), wrong),
    ]) {
      await expect(attempt()).rejects.toThrow(InvalidInputError);
      await expect(attempt()).rejects.toThrow(message);
    }
    expect((await store.list('tools')).items).toEqual([tool]);
    expect(await store.revision('tools')).toBe(revision);
  });

  it.each(entityKinds)(
    'lets one of several writers have a name among the %s, and changes nothing for the others',
    async (kind) => {
      await seed(store, { items: 2, seed: 3 });
      const field = kind === 'resources' ? 'uri' : 'name';
      const [first, second] = (await store.list(kind)).items as [Entity, Entity];
      const copy = asSent(JSON.parse(JSON.stringify(first)) as object);
      const revision = await store.revision(kind);
      const heard: EntityChange[] = [];
      store.onChange((change) => heard.push(change));
      const taken = new NameTakenError({ kind, field, name: String(first[field]) });
      await expect(store.create(kind, copy)).rejects.toThrow(taken);
      await expect(store.update(kind, second.id.toString(), { [field]: first[field] })).rejects.toThrow(taken);
      expect(await store.list(kind)).toMatchObject({ items: [first, second], nextCursor: null });
      expect(await store.revision(kind)).toBe(revision);
      expect(heard).toEqual([]);

      expect(
        await store.update(kind, first.id.toString(), { [field]: first[field], description: 'its own name' }),
      ).toMatchObject({ version: expect.any(Number) as number });
      const attempts = await Promise.allSettled(
        Array.from({ length: 5 }, () => store.create(kind, { ...copy, [field]: 'one of a kind' })),
      );
      expect(attempts.map(({ status }) => status).toSorted()).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
        'rejected',
      ]);
      await store.remove(kind, first.id.toString());
      await expect(store.create(kind, copy)).resolves.toMatchObject({ [field]: first[field] });
    },
  );

  it('tells names apart that differ in case, in blanks or far behind their beginning', async () => {
    const long = 'x'.repeat(100_000);
    for (const name of ['name', 'Name', 'name ', 'n\u0061\u0301me', 'n\u00E1me', `${long}a`, `${long}b`]) {
      await expect(store.create('tools', newTool({ name }))).resolves.toMatchObject({ name });
    }
    await expect(store.create('tools', newTool({ name: `${long}b` }))).rejects.toThrow(NameTakenError);
  });

  it('refuses a datetime that does not exist', async () => {
    await expect(
      store.create('gateways', { ...asSent(catalog.gateway()), lastSeen: '2024-13-01T00:00:00Z' }),
    ).rejects.toThrow('"lastSeen" is no date and time');
  });

  it('replaces the fields that an update names, counts the version and moves the time on', async () => {
    const tool = await store.create('tools', newTool({ description: 'old', title: 'kept' }));
    let before = tool;
    for (const version of [2, 3, 4]) {
      const after = await store.update('tools', tool.id.toString(), {
        description: `new ${version}`,
        tags: [{ id: 'x', label: 'X' }],
        gatewayId: null,
      });
      expect(after).toEqual({
        ...before,
        description: `new ${version}`,
        tags: [{ id: 'x', label: 'X' }],
        gatewayId: null,
        version,
        updatedAt: after?.['updatedAt'],
      });
      expect(Number(after?.['updatedAt'])).toBeGreaterThan(Number(before['updatedAt']));
      before = after as Entity;
    }
    expect(await store.get('tools', tool.id.toString())).toEqual(before);
    expect(Object.keys(before)).toEqual(Object.keys(tool));
  });

  it('counts a version of null as the first', async () => {
    await store.fill('tools', [{ ...catalog.tool(), version: null }]);
    const { items } = await store.list('tools');
    expect(items[0]?.['version']).toBeNull();
    expect(await store.update('tools', String(items[0]?.id), {})).toMatchObject({ version: 2 });
  });

  it('says so where there is no such entity', async () => {
    const tool = await store.create('tools', newTool());
    const revision = await store.revision('tools');
    for (const id of [NOBODY, 'no id', '', `${tool.id.toString()}0`, "' OR 1=1"]) {
      expect(await store.get('tools', id)).toBeUndefined();
      expect(await store.update('tools', id, { name: 'x' })).toBeUndefined();
      expect(await store.remove('tools', id)).toBe(false);
    }
    expect(await store.get('servers', tool.id.toString())).toBeUndefined();
    expect(await store.revision('tools')).toBe(revision);
    expect(await store.count('tools')).toBe(1);
  });

  it('removes an entity once', async () => {
    const kept = await store.create('tools', newTool());
    const gone = await store.create('tools', newTool());
    expect(await store.remove('tools', gone.id.toString())).toBe(true);
    expect(await store.remove('tools', gone.id.toString())).toBe(false);
    expect(await store.get('tools', gone.id.toString())).toBeUndefined();
    expect((await store.list('tools')).items).toEqual([kept]);
  });

  it('has another revision of a kind after each change to it, and of no other kind', async () => {
    const seen: number[] = [await store.revision('tools')];
    const servers = await store.revision('servers');
    const { id } = await store.create('tools', newTool());
    seen.push(await store.revision('tools'));
    await store.update('tools', id.toString(), { title: 'x' });
    seen.push(await store.revision('tools'));
    await store.remove('tools', id.toString());
    seen.push(await store.revision('tools'));
    await store.fill('tools', [catalog.tool(), catalog.tool()]);
    seen.push(await store.revision('tools'));
    expect(new Set(seen).size).toBe(5);
    expect(await store.revision('servers')).toBe(servers);
  });

  it('tells its listeners of every change, in order, until they end it', async () => {
    const heard: EntityChange[] = [];
    const alsoHeard: EntityChange[] = [];
    const end = store.onChange((change) => heard.push(change));
    store.onChange((change) => alsoHeard.push(change));
    const tool = await store.create('tools', newTool());
    const id = tool.id.toString();
    const updated = await store.update('tools', id.toUpperCase(), { title: 'x' });
    await store.update('tools', NOBODY, { title: 'x' });
    await store.remove('tools', id);
    end();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.create('prompts', { name: `p${index}`, template: 't', arguments: [], enabled: true, tags: [] }),
      ),
    );
    expect(heard).toEqual([
      { kind: 'tools', id, action: 'created', entity: tool },
      { kind: 'tools', id, action: 'updated', entity: updated },
      { kind: 'tools', id, action: 'deleted' },
    ]);
    const order = (await store.list('prompts')).items.map((prompt) => prompt.id.toString());
    expect(alsoHeard.slice(3).map((change) => change.id)).toEqual(order);
  });

  it('changes and deletes the state that is meant and no other, and of many writers at once lets one through', async () => {
    const url = await database.create();
    const stores = await Promise.all(Array.from({ length: database.outlivesClose ? 2 : 1 }, () => openStore({ url })));
    const [first] = stores as [FillableStore];
    const created = await first.create('tools', newTool());
    const id = created.id.toString();
    const stateOf = (entity: Entity) => ({
      version: Number(entity['version']),
      updatedAt: entity['updatedAt'] as Date,
    });
    const onlyIf = stateOf(created);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        (stores[index % stores.length] as FillableStore).update('tools', id, { title: `title ${index}` }, { onlyIf }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals: unknown[] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusals.every((reason) => reason instanceof StateChangedError)).toBe(true);
    const now = (await first.get('tools', id)) as Entity;
    expect(now['version']).toBe(2);
    await expect(first.remove('tools', id, { onlyIf })).rejects.toThrow(StateChangedError);
    await expect(first.remove('tools', id, { onlyIf: { ...stateOf(now), version: 1 } })).rejects.toThrow(
      StateChangedError,
    );
    expect(await first.get('tools', id)).toEqual(now);
    expect(await first.remove('tools', id, { onlyIf: stateOf(now) })).toBe(true);
    expect(await first.remove('tools', id, { onlyIf: stateOf(now) })).toBe(false);
    expect(await first.update('tools', id, { title: 'x' }, { onlyIf: stateOf(now) })).toBeUndefined();
    await Promise.all(stores.map((one) => one.close()));
  });

  it('knows the state of an entity whose version was never counted', async () => {
    const entity = { ...catalog.server(), version: null };
    await store.fill('servers', [entity]);
    const [server] = (await store.list('servers')).items as [Entity];
    const onlyIf = { version: 0, updatedAt: server['updatedAt'] as Date };
    expect(await store.update('servers', server.id.toString(), { description: 'x' }, { onlyIf })).toMatchObject({
      version: 2,
    });
  });

  it('answers a ping until it is closed, and can be closed twice', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toThrow(Error);
    await expect(store.create('tools', newTool())).rejects.toThrow(Error);
  });
});
