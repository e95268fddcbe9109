/**
 * What both contenders made of cbor-x have in common: UUIDs under their registered tag, and what CBOR cannot do.
 *
 * Source: RFC 8949 (tag 1), the IANA registry of CBOR tags (37), the package's README.
 */
import type * as CborX from 'cbor-x';

import type { CellRequest } from '../../../src/model/contender.ts';
import type { NativeTypes, UuidValue } from '../../../src/model/values.ts';

/** Tag of a binary UUID in the IANA registry of CBOR tags. */
const UUID_TAG = 37;

let registered: NativeTypes | undefined;

/** Imports cbor-x and teaches it UUIDs; Dates it knows, as tag 1 (seconds since 1970). */
export async function loadCborX(): Promise<(types: NativeTypes) => typeof CborX> {
  const cborX = await import('cbor-x');
  return (types) => {
    // The registry is global to the package, and every entry makes the search for a Date's extension longer.
    if (registered !== types) {
      cborX.addExtension<UuidValue, Uint8Array>({
        Class: types.Uuid,
        tag: UUID_TAG,
        encode: (uuid, encode) => encode(uuid.bytes),
        decode: (bytes) => new types.Uuid(new Uint8Array(bytes)),
      });
      registered = types;
    }
    return cborX;
  };
}

/** Why no contender of this format can do a cell. */
export function whyNotCbor({ payload, sink }: CellRequest): string | undefined {
  if (sink === 'string') return 'CBOR is binary';
  if (payload === 'sse-event') return 'an SSE stream carries text';
  return undefined;
}
