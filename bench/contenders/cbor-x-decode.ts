/**
 * cbor-x reading standard CBOR, as a client of the contender `cbor-x` would.
 *
 * Dates and UUIDs come back as what they were. Deliberately absent: records, whose structures a client would first
 * have to be sent. Source: RFC 8949 (tag 1), the IANA registry of CBOR tags (37), the package's README.
 */
import type { ParseContender } from '../../src/model/contender.ts';
import type { NativeTypes, UuidValue } from '../../src/model/values.ts';

/** Tag of a binary UUID in the IANA registry of CBOR tags. */
const UUID_TAG = 37;

let registered: NativeTypes | undefined;

export default {
  kind: 'parse',
  title: 'cbor-x decode',
  package: 'cbor-x',
  tier: 'thorough',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Reads standard CBOR (useRecords: false) and restores Dates and UUIDs.',
  unsupported({ payload, sink }) {
    if (sink === 'string') return 'CBOR is binary';
    if (payload === 'sse-event') return 'an SSE stream carries text';
    return undefined;
  },
  async load() {
    const { addExtension, Encoder } = await import('cbor-x');
    return ({ types }) => {
      // The registry is global to the package, so one entry for each set of classes is enough.
      if (registered !== types) {
        addExtension<UuidValue, Uint8Array>({
          Class: types.Uuid,
          tag: UUID_TAG,
          encode: (uuid, encode) => encode(uuid.bytes),
          decode: (bytes) => new types.Uuid(new Uint8Array(bytes)),
        });
        registered = types;
      }
      const codec = new Encoder({ useRecords: false, tagUint8Array: false });
      return {
        encode: (value) => codec.encode(value),
        parseBytes: (bytes): unknown => codec.decode(bytes),
      };
    };
  },
} satisfies ParseContender;
