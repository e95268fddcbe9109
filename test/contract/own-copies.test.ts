/**
 * What our serializer gives JSON.stringify in place of a response stays on V8's fast path, whatever took the response off
 * it. The witness is V8 itself and no clock (src/choose/fast-path/probe.ts).
 */
import { afterEach, describe, expect, it, vi } from 'vitest';

import { createResponseSerializer } from '../../packages/serializer/src/response-serializer.ts';
import { withProbe } from '../../src/choose/fast-path/probe.ts';
import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { Uuid } from '../../src/corpus/uuid.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const { payloads } = await loadRegistry();
const native = payloads.filter(({ role, variants }) => role === 'response' && variants.includes('native'));

const serializers = {
  'without a word about classes': () => createResponseSerializer(),
  'told of the class of UUIDs by its text': () =>
    createResponseSerializer({ types: { known: [{ class: Uuid, text: (uuid: Uuid) => uuid.toJSON() }] } }),
  'told of it by its bytes': () =>
    createResponseSerializer({ types: { known: [{ class: Uuid, bytes: (uuid: Uuid) => uuid.bytes }] } }),
};

afterEach(() => {
  vi.restoreAllMocks();
});

/** What JSON.stringify was given meanwhile. */
function listStringified(work: () => void): unknown[] {
  const spy = vi.spyOn(JSON, 'stringify');
  work();
  const given = spy.mock.calls.map(([value]) => value as unknown);
  spy.mockRestore();
  return given;
}

describe.each(Object.entries(serializers))('a serializer %s', (_title, create) => {
  it.each(native.map((payload) => [payload.id, payload] as const))('%s', (_id, payload) => {
    const value = readCatalog({
      text: catalogText({ payload, items: payload.sizes.find((items) => items >= 20) ?? 1, seed: 1, index: 0 }),
      payload,
      schema: loadSchema(payload),
      variant: 'native',
    });
    const serializer = create();
    // Places are known after the first time.
    serializer.toBuffer(value);
    const given = listStringified(() => void serializer.toBuffer(value));
    const left = withProbe((probe) => ({
      hasFastPath: probe.hasFastPath,
      count: given.filter((one) => probe.leaves(one)).length,
    }));
    expect(left).toEqual({ hasFastPath: true, count: 0 });
  });

  it('an object whose keys are ids', () => {
    const make = (seed: number): unknown => ({
      // A word before the ids, so that all are of one shape.
      kind: 'tools by server',
      servers: Object.fromEntries(
        Array.from({ length: 5 }, (_, index) => [
          `server-${seed * 5 + index}`,
          [new Date(seed * 1e9), new Date(index)],
        ]),
      ),
    });
    const serializer = create();
    for (let seed = 0; seed < 10; seed += 1) serializer.toBuffer(make(seed));
    const given = listStringified(() => void serializer.toBuffer(make(100)));
    const left = withProbe((probe) => given.filter((one) => probe.leaves(one)).length);
    expect(left).toBe(0);
  });
});
