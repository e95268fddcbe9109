/**
 * msgpackr writing standard MessagePack: every object a map with its keys spelled out, readable by any decoder.
 *
 * Dates travel as the timestamp extension of the MessagePack specification, UUIDs as an extension of 16 bytes.
 * Deliberately absent: records (see msgpackr-records.ts) and everything else that only msgpackr can read.
 * Source: the package's README and the MessagePack specification (extension types 0 to 127 belong to applications).
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import type { NativeTypes, UuidValue } from '../../src/model/values.ts';

/** Application extension type for UUIDs: arbitrary in [1, 127], both ends must agree on it. */
const UUID_EXTENSION = 1;

let registered: NativeTypes | undefined;

export default {
  kind: 'serialize',
  title: 'msgpackr',
  package: 'msgpackr',
  tier: 'quick',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Standard MessagePack (useRecords: false); UUIDs are an application extension that the receiver must know.',
  unsupported({ payload, sink }) {
    if (sink === 'string') return 'MessagePack is binary';
    if (payload === 'sse-event') return 'an SSE stream carries text';
    return undefined;
  },
  async load() {
    const { addExtension, Packr } = await import('msgpackr');
    return ({ types }) => {
      // The registry is global to the package, and every entry makes the search for a Date's extension longer.
      if (registered !== types) {
        addExtension({
          Class: types.Uuid,
          type: UUID_EXTENSION,
          pack: (uuid: UuidValue) => uuid.bytes,
          // A copy, since the decoder hands out a view of the whole message.
          unpack: (bytes) => new types.Uuid(new Uint8Array(bytes)),
        });
        registered = types;
      }
      const packr = new Packr({ useRecords: false });
      return {
        encode: (value) => packr.pack(value),
        decode: (output): unknown => packr.unpack(output),
      };
    };
  },
} satisfies SerializeContender;
