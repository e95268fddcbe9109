/**
 * Catalogs for a gateway: the same for a seed wherever they are stored, and as the schemas have it.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';

import { resolveFile } from '../../../src/corpus/schemas.ts';
import { type EntityKind, entityKinds } from '../../../src/gateway/entities/entity.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import { seed } from '../../../src/gateway/store/seed.ts';

async function readSeeded(options: { items: number; seed: number }): Promise<Record<EntityKind, unknown[]>> {
  const store = await openStore({ url: ':memory:' });
  await seed(store, options);
  const lists = await Promise.all(
    entityKinds.map(async (kind) => [kind, JSON.parse(JSON.stringify((await store.list(kind)).items))] as const),
  );
  await store.close();
  return Object.fromEntries(lists) as Record<EntityKind, unknown[]>;
}

describe('seed', () => {
  it.each(entityKinds)('stores as many %s as asked for, and each as its schema has it', async (kind) => {
    const { [kind]: items } = await readSeeded({ items: 300, seed: 1 });
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile({ type: 'array', items: resolveFile(`${kind.slice(0, -1)}.schema.json`) });
    expect(items).toHaveLength(300);
    validate(items);
    expect(validate.errors).toBeNull();
  });

  it('stores the same catalog for the same seed, and another one for another', async () => {
    const catalog = await readSeeded({ items: 20, seed: 7 });
    expect(await readSeeded({ items: 20, seed: 7 })).toEqual(catalog);
    const other = await readSeeded({ items: 20, seed: 8 });
    for (const kind of entityKinds) expect(other[kind]).not.toEqual(catalog[kind]);
  });

  it('begins a larger catalog like a smaller one', async () => {
    const [small, large] = [await readSeeded({ items: 5, seed: 1 }), await readSeeded({ items: 10, seed: 1 })];
    for (const kind of entityKinds) expect(large[kind].slice(0, 5)).toEqual(small[kind]);
  });

  it('gives no two entities one id, and no two of a kind one name', async () => {
    const catalog = await readSeeded({ items: 500, seed: 1 });
    const all = Object.values(catalog).flat() as { id: string; name: string }[];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const kind of entityKinds)
      expect(new Set(catalog[kind].map((entity) => (entity as { name: string }).name)).size).toBe(500);
  });

  it('stores nothing where nothing is asked for, and takes any integer for a seed', async () => {
    expect(Object.values(await readSeeded({ items: 0, seed: Number.MIN_SAFE_INTEGER })).flat()).toEqual([]);
    await expect(readSeeded({ items: 1, seed: Number.MAX_SAFE_INTEGER })).resolves.toHaveProperty('tools.length', 1);
  });

  it.each([
    { items: -1, seed: 1 },
    { items: 1.5, seed: 1 },
    { items: 1, seed: Number.NaN },
  ])('refuses $items items and seed $seed', async (options) => {
    await expect(readSeeded(options)).rejects.toThrow(RangeError);
  });
});
