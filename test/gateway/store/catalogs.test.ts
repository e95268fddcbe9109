/**
 * What the gateway's store promises of many entities, on every database: pages, whole catalogs, stores that share one.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Entity, EntityInput, EntityKind } from '../../../src/gateway/entities/entity.ts';
import { InvalidInputError } from '../../../src/gateway/store/entity-input.ts';
import type { FillableStore } from '../../../src/gateway/store/entity-store.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import { seed } from '../../../src/gateway/store/seed.ts';
import type { EntityChange, EntityPage } from '../../../src/gateway/store/store.ts';
import { listDatabases } from './databases.ts';
import { catalog, newTool } from './new-tool.ts';

async function readPages(
  store: FillableStore,
  kind: EntityKind,
  between: (page: number) => Promise<void> = async () => {},
): Promise<Entity[]> {
  const items: Entity[] = [];
  let cursor: string | null | undefined;
  for (let page = 1; cursor !== null; page += 1) {
    const read = await store.list(kind, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...read.items);
    cursor = read.nextCursor;
    await between(page);
  }
  return items;
}

const databases = listDatabases();

describe.each(databases)('a catalog in the store on $name', (database) => {
  let store: FillableStore;

  beforeAll(() => database.start());
  afterAll(() => database.stop());
  beforeEach(async () => {
    store = await openStore({ url: await database.create() });
  });
  afterEach(() => store.close());

  it('lists a thousand entities page by page, each once and in the order of their creation', async () => {
    await seed(store, { items: 1_000, seed: 1 });
    const all = await store.list('servers');
    expect(all.items).toHaveLength(1_000);
    expect(all.nextCursor).toBeNull();
    expect(await readPages(store, 'servers')).toEqual(all.items);
  });

  it('lists each entity once while others are created and deleted between the pages', async () => {
    await seed(store, { items: 1_000, seed: 1 });
    const before = (await store.list('tools')).items.map((tool) => tool.id.toString());
    const deleted = new Set<string>();
    const created = new Set<string>();
    const found = await readPages(store, 'tools', async (page) => {
      // The last of the page that was just read, one of an earlier page, and one that is still to come.
      for (const index of [page * 100 - 1, page * 50, page * 100 + 70]) {
        const id = before[index];
        if (id !== undefined && (await store.remove('tools', id))) deleted.add(id);
      }
      if (page < 10) created.add((await store.create('tools', newTool({ name: `between ${page}` }))).id.toString());
    });
    const ids = found.map((tool) => tool.id.toString());
    expect(new Set(ids).size).toBe(ids.length);
    expect(deleted.size).toBeGreaterThan(10);
    expect(before.filter((id) => !deleted.has(id) && !ids.includes(id))).toEqual([]);
    expect([...created].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('ends a page before it passes its bytes, goes on where it ended, and gives a larger entity a page of its own', async () => {
    const sizes = [10, 20_000, 10, 10, 30_000, 15_000, 2_000];
    for (const size of sizes)
      await store.create(
        'tools',
        newTool({ name: `tool of ${size} ${Math.random()}`, _meta: { text: 'x'.repeat(size) } }),
      );
    const pages: number[][] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page: EntityPage = await store.list('tools', {
        limit: 3,
        mostBytes: 18_000,
        ...(cursor === undefined ? {} : { cursor }),
      });
      pages.push(page.items.map(({ _meta: meta }) => (meta as { text: string }).text.length));
      expect(page.bytes).toBeGreaterThan(pages.at(-1)?.reduce((sum, one) => sum + one, 0) ?? 0);
      cursor = page.nextCursor;
    }
    expect(pages.flat()).toEqual(sizes);
    expect(pages.slice(0, 4)).toEqual([[10], [20_000], [10, 10], [30_000]]);
    const whole = await store.list('tools', { mostBytes: 1_000_000 });
    expect([whole.items.length, whole.nextCursor]).toEqual([sizes.length, null]);
  });

  it('never gives the place of a deleted entity to a new one', async () => {
    await store.create('tools', newTool());
    const second = await store.create('tools', newTool());
    await store.create('tools', newTool());
    const { nextCursor } = await store.list('tools', { limit: 2 });
    for (const { id } of (await store.list('tools')).items.slice(1)) await store.remove('tools', id.toString());
    const fourth = await store.create('tools', newTool());
    expect(second.id).not.toEqual(fourth.id);
    expect((await store.list('tools', { cursor: String(nextCursor) })).items).toEqual([fourth]);
  });

  it('has no further page where the last one is just full', async () => {
    await seed(store, { items: 4, seed: 1 });
    const first = await store.list('tools', { limit: 2 });
    const second = await store.list('tools', { limit: 2, cursor: String(first.nextCursor) });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 2, null]);
    expect((await store.list('tools', { limit: 1_000_000 })).items).toHaveLength(4);
  });

  it('refuses cursors that no page gave, and limits that are none', async () => {
    await seed(store, { items: 3, seed: 1 });
    const { nextCursor } = await store.list('servers', { limit: 1 });
    const encode = (text: string): string => Buffer.from(text).toString('base64url');
    const wrong = [
      '',
      'x',
      '1',
      String(nextCursor),
      `${encode('tools 1')}=`,
      ` ${encode('tools 1')}`,
      encode('tools 01'),
      encode('tools -1'),
      encode('tools 1e3'),
      encode('tools 0'),
      encode('tools 1 '),
      encode(`tools ${2 ** 60}`),
      encode('tools 1; DROP TABLE tools'),
      'A'.repeat(100_000),
    ];
    for (const cursor of wrong) await expect(store.list('tools', { cursor, limit: 2 })).rejects.toThrow(RangeError);
    for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(store.list('tools', { limit })).rejects.toThrow(RangeError);
  });

  it('does what is asked for at once, one after the other', async () => {
    const tool = await store.create('tools', newTool());
    const id = tool.id.toString();
    await Promise.all([
      ...Array.from({ length: 20 }, (_, index) => store.update('tools', id, { title: `title ${index}` })),
      ...Array.from({ length: 20 }, () => store.create('tools', newTool())),
      ...Array.from({ length: 20 }, () => store.list('tools')),
    ]);
    expect(await store.get('tools', id)).toMatchObject({ version: 21, title: 'title 19' });
    expect(await store.count('tools')).toBe(21);
  });

  it('stores a catalog whole or not at all', async () => {
    const tools = Array.from({ length: 250 }, () => catalog.tool()) as EntityInput[];
    await expect(store.fill('tools', [...tools, { ...catalog.tool(), name: null }])).rejects.toThrow(InvalidInputError);
    await expect(store.fill('tools', [...tools, tools[0] as EntityInput])).rejects.toThrow(
      new InvalidInputError('name', 'or id is one that another entity has'),
    );
    expect(await store.count('tools')).toBe(0);
    await store.fill('tools', []);
    await store.fill('tools', tools);
    expect(await store.count('tools')).toBe(250);
  });
});

// What is in memory ends with its store, so there is nothing to find again.
describe.each(databases.filter(({ outlivesClose }) => outlivesClose))('stores that share $name', (database) => {
  let url = '';
  let store: FillableStore;

  beforeAll(() => database.start());
  afterAll(() => database.stop());
  beforeEach(async () => {
    url = await database.create();
    store = await openStore({ url });
  });
  afterEach(() => store.close());

  it('have everything again when the database is opened again', async () => {
    await seed(store, { items: 20, seed: 2 });
    const { id } = await store.create('tools', newTool());
    const [before, revision] = [await store.list('tools'), await store.revision('tools')];
    await store.close();
    store = await openStore({ url });
    expect(await store.list('tools')).toEqual(before);
    expect(await store.revision('tools')).toBe(revision);
    expect((await store.get('tools', id.toString()))?.id).toEqual(id);
  });

  it('see the changes and revisions of one another', async () => {
    const other = await openStore({ url });
    const heard: EntityChange[] = [];
    other.onChange((change) => heard.push(change));
    const before = await other.revision('tools');
    const tool = await store.create('tools', newTool());
    expect(await other.revision('tools')).not.toBe(before);
    expect((await other.list('tools')).items).toEqual([tool]);
    await other.remove('tools', tool.id.toString());
    expect(await store.count('tools')).toBe(0);
    expect(heard.map(({ action }) => action)).toEqual(['deleted']);
    await other.close();
  });
});
