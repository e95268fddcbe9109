/**
 * How long the event loop stands still while 5,000 tools are written: all at once, and piece by piece.
 *
 * `pnpm bench:pauses` clocks json-stringify's one call against each piece of the gateway serializer's `chunks`, in this
 * process and after a warm-up, and prints the longest and the median of each. The longest of many pieces includes
 * collections of garbage, as it would in a gateway. Deliberately absent: any judgement.
 */
import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import type { Variant } from '../../src/model/values.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { createResponseSerializer } from '../../packages/serializer/src/response-serializer.ts';

const payloadId = 'tools';
const items = 5000;
const variants: readonly Variant[] = ['text', 'native'];
/** Whole responses that are clocked, after as many that are not. */
const responses = 20;

const registry = await loadRegistry();
const payload = registry.payloads.find(({ id }) => id === payloadId);
if (payload === undefined) throw new Error(`there is no payload ${payloadId}`);
const schema = loadSchema(payload);
const text = catalogText({ payload, items, seed: 1, index: 0 });

for (const variant of variants) {
  const value = readCatalog({ text, payload, schema, variant });
  const serializer = createResponseSerializer();
  report(
    variant,
    'json-stringify',
    clockPieces(() => [() => Buffer.from(JSON.stringify(value))]),
  );
  report(
    variant,
    'gateway-serializer, chunks',
    clockPieces(() => stepsOf(serializer.chunks(value))),
  );
}

/** Makes each step's call a function, so that it can be clocked on its own; the last one finds that all is done. */
function* stepsOf(pieces: Generator<Buffer, void, undefined>): Generator<() => unknown> {
  const state = { done: false };
  while (!state.done) {
    yield () => {
      state.done = pieces.next().done === true;
    };
  }
}

function clockPieces(makeSteps: () => Iterable<() => unknown>): { longest: number[]; pieces: number[] } {
  const longest: number[] = [];
  const pieces: number[] = [];
  for (let response = 0; response < 2 * responses; response += 1) {
    let longestNs = 0;
    for (const step of makeSteps()) {
      const start = process.hrtime.bigint();
      step();
      const elapsedNs = Number(process.hrtime.bigint() - start);
      longestNs = Math.max(longestNs, elapsedNs);
      if (response >= responses) pieces.push(elapsedNs);
    }
    if (response >= responses) longest.push(longestNs);
  }
  return { longest, pieces };
}

function report(variant: Variant, name: string, { longest, pieces }: { longest: number[]; pieces: number[] }): void {
  process.stdout.write(
    `${payloadId} ${variant} ${items}: ${name.padEnd(26)} longest pause ${inMs(middle(longest))} ms ` +
      `(worst of ${longest.length}: ${inMs(Math.max(...longest))} ms), median piece ${inMs(middle(pieces))} ms, ${pieces.length / longest.length} pieces\n`,
  );
}

function inMs(ns: number): string {
  return (ns / 1e6).toFixed(2);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
