/**
 * The contract of a mutant, held against every file of bench/mutants: worse in time alone. A wrong output would be
 * refused before anything is timed, and a changed input would spoil the next operation.
 */
import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import jsonStringify from '../../bench/contenders/json-stringify.ts';
import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { nativeTypes } from '../../src/corpus/uuid.ts';
import type { Mutant } from '../../src/model/contender.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const directory = new URL('../../bench/mutants/', import.meta.url);
const names = readdirSync(directory).filter((name) => name.endsWith('.ts'));
const mutants = await Promise.all(
  names.map(
    async (name) => [name, ((await import(new URL(name, directory).href)) as { default: Mutant }).default] as const,
  ),
);

const { payloads } = await loadRegistry();
const tools = payloads.find(({ id }) => id === 'tools');
if (tools === undefined) throw new Error('there is no payload of tools');
const text = catalogText({ payload: tools, items: 5, seed: 3, index: 0 });
const schema = loadSchema(tools);
const read = (variant: 'text' | 'native'): unknown => readCatalog({ text, payload: tools, schema, variant });

const compile = await jsonStringify.load();
const reference = compile() as { readonly stringify: (value: unknown) => string };

/** The reference as the mutant leaves it. */
function mutated(mutant: Mutant): { stringify: (value: unknown) => string; encode: (value: unknown) => Uint8Array } {
  const write = (value: unknown): string =>
    reference.stringify(mutant.before === undefined ? value : mutant.before(value));
  const finish = <T extends string | Uint8Array>(output: T): T => mutant.after?.(output) ?? output;
  return {
    stringify: (value) => finish(write(value)),
    encode: (value) => finish<Uint8Array>(Buffer.from(write(value))),
  };
}

it('runs over the mutants that evidence is recorded with', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(3);
  expect(new Set(mutants.map(([, { title }]) => title)).size).toBe(mutants.length);
});

describe.each(mutants)('%s', (_name, mutant) => {
  it('does something before writing or after it', () => {
    expect(mutant.before === undefined && mutant.after === undefined).toBe(false);
  });

  it.each(['text', 'native'] as const)(
    'keeps the output of the %s variant byte for byte, as a string and as bytes',
    (variant) => {
      const { stringify, encode } = mutated(mutant);
      expect(stringify(read(variant))).toBe(text);
      expect(Buffer.from(encode(read(variant))).equals(Buffer.from(text))).toBe(true);
    },
  );

  it.each(['text', 'native'] as const)(
    'leaves the value of the %s variant as it is, also when called again',
    (variant) => {
      const { stringify, encode } = mutated(mutant);
      const value = read(variant);
      for (let call = 0; call < 3; call += 1) {
        stringify(value);
        encode(value);
      }
      expect(value).toEqual(read(variant));
      // Equality does not look at the order of keys; text does.
      expect(JSON.stringify(value)).toBe(text);
    },
  );

  it('takes values that are no list, and lists of anything', () => {
    const { stringify } = mutated(mutant);
    for (const value of [{ a: [1, { b: 'x' }] }, 'text\u2028é🙂', 7, null, true, [], [1, 'a', null, [2]]]) {
      expect(stringify(value)).toBe(JSON.stringify(value));
    }
    expect(stringify([new nativeTypes.Uuid(new Uint8Array(16))])).toBe('["00000000-0000-0000-0000-000000000000"]');
    expect(stringify([new Date(0)])).toBe('["1970-01-01T00:00:00.000Z"]');
  });

  it('leaves bytes that are no text as they are', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(Buffer.from(mutant.after?.(bytes) ?? bytes).equals(Buffer.from(bytes))).toBe(true);
    expect([...bytes.keys()]).toEqual([...bytes]);
  });
});
