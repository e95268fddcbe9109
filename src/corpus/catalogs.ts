/**
 * Makes the text of the catalogs that are measured; read-catalog.ts makes values of it.
 *
 * The same request gives the same bytes on every machine.
 */
import { createHash } from 'node:crypto';

import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import { createGenerator } from './generator.ts';

/** Which catalog: `index` counts the catalogs that one cell rotates through, from 0. */
export interface CatalogRequest {
  readonly payload: Registered<Payload>;
  readonly items: number;
  readonly seed: number;
  readonly index: number;
}

/**
 * The JSON text of one catalog. The catalogs of a cell have the same shape and distinct content, and the same
 * request gives the same bytes on every machine.
 */
export function catalogText(request: CatalogRequest): string {
  return JSON.stringify(request.payload.generate(createGenerator(deriveSeed(request)), request.items));
}

/** Adding the index to a hash keeps the catalogs of a cell apart for certain, where hashing it could collide. */
function deriveSeed(request: CatalogRequest): number {
  const name = `${request.payload.id}/${request.items}/${request.seed}`;
  return (createHash('sha256').update(name).digest().readInt32LE(0) + request.index) | 0;
}
