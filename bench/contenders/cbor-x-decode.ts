/**
 * cbor-x reading standard CBOR, as a client of the contender `cbor-x` would.
 *
 * Dates and UUIDs come back as what they were. Deliberately absent: records, whose structures a client would first
 * have to be sent. Source: RFC 8949 (tag 1), the IANA registry of CBOR tags (37), the package's README.
 */
import type { ParseContender } from '../../src/model/contender.ts';
import { loadCborX, whyNotCbor } from './codecs/cbor-x.ts';

export default {
  kind: 'parse',
  title: 'cbor-x decode',
  package: 'cbor-x',
  tier: 'thorough',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Reads standard CBOR (useRecords: false) and restores Dates and UUIDs.',
  unsupported: whyNotCbor,
  async load() {
    const taught = await loadCborX();
    return ({ types }) => {
      const { Encoder } = taught(types);
      const codec = new Encoder({ useRecords: false, tagUint8Array: false });
      return {
        encode: (value) => codec.encode(value),
        parseBytes: (bytes): unknown => codec.decode(bytes),
      };
    };
  },
} satisfies ParseContender;
