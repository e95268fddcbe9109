/**
 * What the generated corpus is on every machine: a hash of each payload, and a sample that a person can read.
 *
 * A changed hash means that figures of older runs were taken on other data. Recorded payloads are left out: they are
 * bytes on disk already.
 */
import { createHash } from 'node:crypto';

import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import type { Bytes, JsonValue } from '../model/values.ts';
import { catalogText } from './catalogs.ts';

/** The seed that the committed manifest and sample are made with; arbitrary, and the default of a run. */
const MANIFEST_SEED = 1;

/** Hash and length of one catalog's UTF-8 text. */
interface ManifestEntry {
  readonly sha256: string;
  readonly sizeBytes: Bytes;
}

/** `payloads` goes from a payload's id to an item count to what the first catalog of that size is. */
export interface Manifest {
  readonly seed: number;
  readonly payloads: { readonly [id: string]: { readonly [items: string]: ManifestEntry } };
}

/** Generates the first catalog of every payload at each of its own sizes; takes a second or so for all of them. */
export function buildManifest(payloads: readonly Registered<Payload>[]): Manifest {
  const entries = payloads.map((payload) => [
    payload.id,
    Object.fromEntries(
      payload.sizes.map((items) => {
        const text = catalogText({ payload, items, seed: MANIFEST_SEED, index: 0 });
        const sha256 = createHash('sha256').update(text).digest('hex');
        return [String(items), { sha256, sizeBytes: Buffer.byteLength(text) }];
      }),
    ),
  ]);
  return { seed: MANIFEST_SEED, payloads: Object.fromEntries(entries) as Manifest['payloads'] };
}

/** One short value of every payload by its id: two items of a response, so that shapes can be compared, else one. */
export function buildSample(payloads: readonly Registered<Payload>[]): { [id: string]: JsonValue } {
  return Object.fromEntries(
    payloads.map((payload) => {
      const items = payload.role === 'response' && payload.fixedSizes !== true ? 2 : 1;
      const text = catalogText({ payload, items, seed: MANIFEST_SEED, index: 0 });
      return [payload.id, JSON.parse(text) as JsonValue];
    }),
  );
}

/**
 * Compares a manifest that was read from a file with the one of this machine.
 * @param recorded any JSON value.
 * @returns a line for each difference, e.g. `tools at 100 items: other bytes`; empty where there is none.
 */
export function compareManifests(recorded: unknown, computed: Manifest): string[] {
  const differences: string[] = [];
  if (propertyOf(recorded, 'seed') !== computed.seed) differences.push('the seed differs');
  const known = propertyOf(recorded, 'payloads');
  for (const [id, sizes] of Object.entries(computed.payloads)) {
    for (const [items, entry] of Object.entries(sizes)) {
      const other = propertyOf(propertyOf(known, id), items);
      const isSame = propertyOf(other, 'sha256') === entry.sha256 && propertyOf(other, 'sizeBytes') === entry.sizeBytes;
      if (!isSame) differences.push(`${id} at ${items} items: ${other === undefined ? 'no entry' : 'other bytes'}`);
    }
    for (const items of namesOf(propertyOf(known, id))) {
      if (!Object.hasOwn(sizes, items)) differences.push(`${id} at ${items} items: no such size any more`);
    }
  }
  for (const id of namesOf(known)) {
    if (!Object.hasOwn(computed.payloads, id)) differences.push(`${id}: no such payload any more`);
  }
  return differences;
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function namesOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
