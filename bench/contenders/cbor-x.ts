/**
 * cbor-x writing standard CBOR: maps with their keys spelled out, readable by any decoder.
 *
 * Dates travel as tag 1 (seconds since 1970), UUIDs as tag 37 (16 bytes). Deliberately absent: records and packing,
 * which cbor-x has on request and other decoders do not understand.
 * Source: RFC 8949 (tag 1), the IANA registry of CBOR tags (37), the package's README.
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import { loadCborX, whyNotCbor } from './codecs/cbor-x.ts';

export default {
  kind: 'serialize',
  title: 'cbor-x',
  package: 'cbor-x',
  tier: 'thorough',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Standard CBOR (useRecords: false); UUIDs have tag 37.',
  unsupported: whyNotCbor,
  async load() {
    const taught = await loadCborX();
    return ({ types }) => {
      const { Encoder } = taught(types);
      // Tag 37 goes round the byte string itself, and tag 64 (a typed array) would stand in between.
      const codec = new Encoder({ useRecords: false, tagUint8Array: false });
      return {
        encode: (value) => codec.encode(value),
        decode: (output): unknown => codec.decode(output),
      };
    };
  },
} satisfies SerializeContender;
