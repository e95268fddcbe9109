/**
 * cbor-x writing standard CBOR: maps with their keys spelled out, readable by any decoder.
 *
 * Dates travel as tag 1 (seconds since 1970), UUIDs as tag 37 (16 bytes). Deliberately absent: records and packing,
 * which cbor-x has on request and other decoders do not understand.
 * Source: RFC 8949 (tag 1), the IANA registry of CBOR tags (37), the package's README.
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import type { NativeTypes, UuidValue } from '../../src/model/values.ts';

/** Tag of a binary UUID in the IANA registry of CBOR tags. */
const UUID_TAG = 37;

let registered: NativeTypes | undefined;

export default {
  kind: 'serialize',
  title: 'cbor-x',
  package: 'cbor-x',
  tier: 'thorough',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Standard CBOR (useRecords: false); UUIDs have tag 37.',
  unsupported({ payload, sink }) {
    if (sink === 'string') return 'CBOR is binary';
    if (payload === 'sse-event') return 'an SSE stream carries text';
    return undefined;
  },
  async load() {
    const { addExtension, Encoder } = await import('cbor-x');
    return ({ types }) => {
      // The registry is global to the package, and every entry makes the search for a Date's extension longer.
      if (registered !== types) {
        addExtension<UuidValue, Uint8Array>({
          Class: types.Uuid,
          tag: UUID_TAG,
          encode: (uuid, encode) => encode(uuid.bytes),
          decode: (bytes) => new types.Uuid(new Uint8Array(bytes)),
        });
        registered = types;
      }
      // Tag 37 goes round the byte string itself, and tag 64 (a typed array) would stand in between.
      const codec = new Encoder({ useRecords: false, tagUint8Array: false });
      return {
        encode: (value) => codec.encode(value),
        decode: (output): unknown => codec.decode(output),
      };
    };
  },
} satisfies SerializeContender;
