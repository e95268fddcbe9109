/**
 * Walks catalogs with V8's own word on every string; run with --allow-natives-syntax by flat-strings.test.ts.
 *
 * `%StringIsFlat` is false for a rope: a string made with `+` or a template literal and not yet copied together. It is
 * true for a slice of another string, so slices are not looked for; `JSON.parse` makes none. Prints one JSON object.
 */
import { Script } from 'node:vm';

import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

// Natives syntax is no TypeScript, so V8 compiles this one function from a string.
const isFlat = new Script('(text) => %StringIsFlat(text)').runInThisContext() as (text: string) => boolean;

/** Long enough that V8 does not copy the parts at once (from 13 characters on) and unlike any text of a catalog. */
const LONG = JSON.parse('"a text that no catalog holds, of some length"') as string;

interface Count {
  strings: number;
  notFlat: number;
}

function walk(value: unknown, count: Count): void {
  if (typeof value === 'string') {
    count.strings += 1;
    if (!isFlat(value)) count.notFlat += 1;
  } else if (Array.isArray(value)) {
    for (const entry of value) walk(entry, count);
  } else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, entry] of Object.entries(value)) {
      if (!isFlat(key)) count.notFlat += 1;
      walk(entry, count);
    }
  }
}

const { payloads } = await loadRegistry();
const catalogs: Record<string, Count> = {};
for (const payload of payloads) {
  if (payload.unsupported?.() !== undefined) continue;
  for (const variant of payload.variants) {
    const items = payload.fixedSizes === true ? 1 : 50;
    const text = catalogText({ payload, items, seed: 1, index: 0 });
    const count: Count = { strings: 0, notFlat: 0 };
    walk(readCatalog({ text, payload, schema: loadSchema(payload), variant }), count);
    catalogs[`${payload.id} (${variant})`] = count;
  }
}

// What a careless fixture would hold, to prove that the walk above can find it.
const rope: Count = { strings: 0, notFlat: 0 };
walk([{ text: LONG + String(process.pid) }, { text: `${LONG}/${process.pid}` }, { text: LONG }], rope);

process.stdout.write(JSON.stringify({ catalogs, rope }));
