/**
 * Catalogs: the same request gives the same bytes, every other request gives others.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import type { Registered } from '../../src/model/bench-module.ts';
import type { Payload } from '../../src/model/payload.ts';
import type { JsonValue } from '../../src/model/values.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const { payloads } = await loadRegistry();
const byId = new Map(payloads.map((payload) => [payload.id, payload]));

function find(id: string): Registered<Payload> {
  const payload = byId.get(id);
  if (payload === undefined) throw new Error(`no payload ${id}`);
  return payload;
}

describe('catalogText', () => {
  it('depends on payload, item count, seed and index, and on nothing else', () => {
    const request = { payload: find('seed-items'), items: 5, seed: 1, index: 0 };
    const text = catalogText(request);
    expect(catalogText({ ...request })).toBe(text);
    expect(catalogText({ ...request, payload: { ...request.payload, id: 'other' } })).not.toBe(text);
    expect(catalogText({ ...request, seed: 2 })).not.toBe(text);
    expect(catalogText({ ...request, index: 1 })).not.toBe(text);
    expect(catalogText({ ...request, items: 6 }).startsWith(text.slice(0, -1))).toBe(false);
  });

  it.each(payloads.map((payload) => payload.id))('gives distinct catalogs of %s for distinct indexes', (id) => {
    const payload = find(id);
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 50 }), fc.nat({ max: 50 }), (seed, one, another) => {
        fc.pre(one !== another);
        const request = { payload, items: 3, seed };
        expect(catalogText({ ...request, index: one })).not.toBe(catalogText({ ...request, index: another }));
      }),
      { numRuns: 20 },
    );
  });

  it('gives the catalogs of one cell about the same size', () => {
    const sizes = [0, 1, 2, 3].map(
      (index) => catalogText({ payload: find('tools'), items: 1_000, seed: 1, index }).length,
    );
    expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.05);
  });
});

describe('readCatalog', () => {
  it('gives a fresh value for every call', () => {
    const payload = find('tools');
    const request = {
      payload,
      schema: loadSchema(payload),
      text: catalogText({ payload, items: 2, seed: 1, index: 0 }),
    };
    const first = readCatalog({ ...request, variant: 'text' });
    expect(readCatalog({ ...request, variant: 'text' })).toEqual(first);
    expect(readCatalog({ ...request, variant: 'text' })).not.toBe(first);
  });

  it('hands a payload with its own revival the parsed value', () => {
    const payload = { ...find('tools'), revive: (value: JsonValue) => ({ revived: value }) };
    const request = { payload, schema: {}, text: '[1]' };
    expect(readCatalog({ ...request, variant: 'native' })).toEqual({ revived: [1] });
    expect(readCatalog({ ...request, variant: 'text' })).toEqual([1]);
  });
});
