/**
 * msgpackr with its record extension and shared structures, what its README recommends for repeated messages.
 *
 * The keys of a shape are written down once, in an array that encoder and decoder share, and every object of that
 * shape refers to it. Only msgpackr reads the result, and only with the same structures, which a gateway would have to
 * send its clients ahead of the data. Deliberately absent: `saveStructures`, as the array lives as long as the process.
 * Source: the package's README, sections on record and shared structures.
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import type { NativeTypes, UuidValue } from '../../src/model/values.ts';

/** Application extension type for UUIDs: arbitrary in [1, 127], both ends must agree on it. */
const UUID_EXTENSION = 1;

let registered: NativeTypes | undefined;

export default {
  kind: 'serialize',
  title: 'msgpackr records',
  package: 'msgpackr',
  tier: 'thorough',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Shared structures; the receiver needs msgpackr, the same structures and the same UUID extension.',
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
      const packr = new Packr({ structures: [] });
      return {
        encode: (value) => packr.pack(value),
        decode: (output): unknown => packr.unpack(output),
      };
    };
  },
} satisfies SerializeContender;
