/**
 * Makes the values that are measured: read from text, as a gateway reads them from its database.
 *
 * Every measured value passes through here, so its strings are flat and its objects look as `JSON.parse` leaves them; a
 * fixture put together with `+` would hold ropes, which leave V8's fast path. The generator is not imported, so that a
 * worker process starts quickly.
 */
import type { Payload } from '../model/payload.ts';
import type { JsonSchema, JsonValue, Variant } from '../model/values.ts';
import { reviveNative } from './native.ts';
import { nativeTypes } from './uuid.ts';

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
