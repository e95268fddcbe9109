/**
 * The strings of every measured value are flat, by V8's own word.
 *
 * The walk needs natives syntax, hence a process of its own.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { loadRegistry } from '../../src/registry/registry.ts';

interface Count {
  strings: number;
  notFlat: number;
}

const child = fileURLToPath(new URL('flat-strings-child.ts', import.meta.url));
const output = execFileSync(process.execPath, ['--allow-natives-syntax', child], { encoding: 'utf8' });
const { catalogs, rope } = JSON.parse(output) as { catalogs: Record<string, Count>; rope: Count };

describe('readCatalog', () => {
  it('gives no string that is a rope, for any payload and variant', () => {
    expect(Object.entries(catalogs).filter(([, count]) => count.notFlat > 0)).toEqual([]);
  });

  it('was walked through for every payload that this runtime can build', async () => {
    const { payloads } = await loadRegistry();
    const names = payloads
      .filter((payload) => payload.unsupported?.() === undefined)
      .flatMap((payload) => payload.variants.map((variant) => `${payload.id} (${variant})`));
    expect(Object.keys(catalogs).toSorted()).toEqual(names.toSorted());
    // 55 fields a tool, about half of them null or no strings.
    expect(catalogs['tools (text)']?.strings).toBeGreaterThan(50 * 20);
  });
});

describe('the walk', () => {
  it('finds the two strings that were put together, and not the one that was parsed', () => {
    expect(rope).toEqual({ strings: 3, notFlat: 2 });
  });
});
