/**
 * msgpackr reading standard MessagePack, as a client of the contender `msgpackr` would.
 *
 * Dates and UUIDs come back as what they were. Deliberately absent: records, whose structures a client would first
 * have to be sent. Source: the package's README and the MessagePack specification.
 */
import type { ParseContender } from '../../src/model/contender.ts';
import type { NativeTypes, UuidValue } from '../../src/model/values.ts';

/** Application extension type for UUIDs: arbitrary in [1, 127], both ends must agree on it. */
const UUID_EXTENSION = 1;

let registered: NativeTypes | undefined;

export default {
  kind: 'parse',
  title: 'msgpackr unpack',
  package: 'msgpackr',
  tier: 'quick',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Reads standard MessagePack (useRecords: false) and restores Dates and UUIDs.',
  unsupported({ payload, sink }) {
    if (sink === 'string') return 'MessagePack is binary';
    if (payload === 'sse-event') return 'an SSE stream carries text';
    return undefined;
  },
  async load() {
    const { addExtension, Packr } = await import('msgpackr');
    return ({ types }) => {
      // The registry is global to the package, so one entry for each set of classes is enough.
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
        parseBytes: (bytes): unknown => packr.unpack(bytes),
      };
    };
  },
} satisfies ParseContender;
