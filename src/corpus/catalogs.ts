/**
 * Makes the values that are measured: generated as text, then read back as a gateway reads its database.
 *
 * Every measured value passes through `readCatalog`, so its strings are flat and its objects look as `JSON.parse`
 * leaves them; a fixture put together with `+` would hold ropes, which leave V8's fast path. Deliberately absent:
 * caching and clocks.
 */
import { createHash } from 'node:crypto';

import type { JsonSchema, JsonValue, Payload, Registered, Variant } from '../model.ts';
import { createGenerator } from './generator.ts';
import { reviveNative } from './native.ts';
import { nativeTypes } from './uuid.ts';

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

/** A catalog's text with what is needed to read it. */
export interface ReadRequest {
  readonly text: string;
  readonly payload: Pick<Payload, 'revive'>;
  /** The payload's schema as `loadSchema` gives it. */
  readonly schema: JsonSchema;
  readonly variant: Variant;
}

/**
 * A fresh value for every call: parsed, and for the `native` variant revived by the payload's own `revive` or by its
 * schema.
 * @throws {SyntaxError} where the text is not JSON.
 */
export function readCatalog(request: ReadRequest): unknown {
  const value = JSON.parse(request.text) as JsonValue;
  if (request.variant === 'text') return value;
  const { payload } = request;
  return payload.revive === undefined
    ? reviveNative(value, request.schema, nativeTypes)
    : payload.revive(value, nativeTypes);
}

/** Adding the index to a hash keeps the catalogs of a cell apart for certain, where hashing it could collide. */
function deriveSeed(request: CatalogRequest): number {
  const name = `${request.payload.id}/${request.items}/${request.seed}`;
  return (createHash('sha256').update(name).digest().readInt32LE(0) + request.index) | 0;
}
