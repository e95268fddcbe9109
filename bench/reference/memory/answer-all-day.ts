/**
 * A process that writes responses of all sizes in one of several ways, and prints what memory it had meanwhile.
 *
 * Started by bench/reference/memory.ts: the way and the number of responses are its arguments.
 */
import { argv } from 'node:process';

import { createResponseSerializer } from '../../../packages/serializer/src/response-serializer.ts';
import { catalogText } from '../../../src/corpus/catalogs.ts';
import { readCatalog } from '../../../src/corpus/read-catalog.ts';
import { loadSchema } from '../../../src/corpus/schemas.ts';
import { Uuid } from '../../../src/corpus/uuid.ts';
import { loadRegistry } from '../../../src/registry/registry.ts';

/** How a response becomes bytes, and what becomes of them when they were sent. */
interface Way {
  readonly title: string;
  create(): { write(value: unknown): Buffer; sent?(bytes: Buffer): void };
}

const createSerializer = (): ReturnType<typeof createResponseSerializer> =>
  createResponseSerializer({ types: { known: [{ class: Uuid, bytes: ({ bytes }: Uuid) => bytes }] } });

export const ways: Readonly<Record<string, Way>> = {
  'json-stringify': {
    title: 'JSON.stringify',
    create: () => ({ write: (value) => Buffer.from(JSON.stringify(value)) }),
  },
  'gateway-serializer': {
    title: 'gateway serializer',
    create() {
      const serializer = createSerializer();
      return { write: (value) => serializer.toBuffer(value) };
    },
  },
  'gateway-serializer-recycled': {
    title: 'gateway serializer, memory given back',
    create() {
      const serializer = createSerializer();
      return { write: (value) => serializer.toBuffer(value), sent: (bytes) => serializer.recycle(bytes) };
    },
  },
};

/** Payload, items, and how many of a thousand responses are so. */
const mix: readonly (readonly [payload: string, items: number, share: number])[] = [
  ['rpc-tool-result', 1, 700],
  ['tools', 10, 150],
  ['tools', 100, 90],
  ['servers', 100, 40],
  ['tools', 1000, 18],
  ['tools', 5000, 2],
];
const underWay = 8;
const samples = 200;

if (import.meta.main) await answerAllDay(argv[2] ?? '', Number(argv[3]));

async function answerAllDay(name: string, responses: number): Promise<void> {
  const way = ways[name];
  if (way === undefined) throw new Error(`there is no way ${name}`);
  const values = await readValues();
  const order = values.flatMap(({ value, share }) => Array.from({ length: share }, () => value));
  const writer = way.create();
  const out: Buffer[] = [];
  const rss: number[] = [];
  let bytes = 0;
  // What a process needs to begin with is no part of it.
  const begun = Math.floor(responses / 4);
  let before = { faults: 0, bytes: 0 };
  for (let count = 0; count < responses; count += 1) {
    if (count === begun) before = { faults: process.resourceUsage().minorPageFault, bytes };
    // Neighbours differ, and every thousand has the whole mix.
    const written = writer.write(order[(count * 389) % order.length]);
    bytes += written.length;
    out.push(written);
    const left = out.length > underWay ? out.shift() : undefined;
    if (left !== undefined) writer.sent?.(left);
    // As between requests, so that what is freed outside of the heap is known to be.
    if (count % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (count % Math.ceil(responses / samples) === 0) rss.push(process.memoryUsage.rss());
  }
  const { maxRSS, minorPageFault } = process.resourceUsage();
  const pagesPerMb = ((minorPageFault - before.faults) / (bytes - before.bytes)) * 1e6;
  process.stdout.write(
    JSON.stringify({
      way: name,
      responses,
      bytes,
      rss,
      peakRss: maxRSS * 1024,
      pagesPerMb: Number(pagesPerMb.toFixed(1)),
    }),
  );
}

async function readValues(): Promise<{ value: unknown; share: number }[]> {
  const { payloads } = await loadRegistry();
  return mix.map(([id, items, share]) => {
    const payload = payloads.find((one) => one.id === id);
    if (payload === undefined) throw new Error(`there is no payload ${id}`);
    const size = payload.fixedSizes === true ? (payload.sizes[0] ?? items) : items;
    const text = catalogText({ payload, items: size, seed: 1, index: 0 });
    return { value: readCatalog({ text, payload, schema: loadSchema(payload), variant: 'native' }), share };
  });
}
