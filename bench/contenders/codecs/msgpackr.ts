/**
 * What every contender made of msgpackr has in common: UUIDs as an extension, and what MessagePack cannot do.
 *
 * Source: the package's README and the MessagePack specification (extension types 0 to 127 belong to applications).
 */
import type * as Msgpackr from 'msgpackr';

import type { CellRequest } from '../../../src/model/contender.ts';
import type { NativeTypes, UuidValue } from '../../../src/model/values.ts';

/** Application extension type for UUIDs: arbitrary in [1, 127], both ends must agree on it. */
const UUID_EXTENSION = 1;

let registered: NativeTypes | undefined;

/** Imports msgpackr and teaches it UUIDs; Dates it knows, as the timestamp extension of the specification. */
export async function loadMsgpackr(): Promise<(types: NativeTypes) => typeof Msgpackr> {
  const msgpackr = await import('msgpackr');
  return (types) => {
    // The registry is global to the package, and every entry makes the search for a Date's extension longer.
    if (registered !== types) {
      msgpackr.addExtension({
        Class: types.Uuid,
        type: UUID_EXTENSION,
        pack: (uuid: UuidValue) => uuid.bytes,
        // A copy, since the decoder hands out a view of the whole message.
        unpack: (bytes) => new types.Uuid(new Uint8Array(bytes)),
      });
      registered = types;
    }
    return msgpackr;
  };
}

/** Why no contender of this format can do a cell. */
export function whyNotMessagePack({ payload, sink }: CellRequest): string | undefined {
  if (sink === 'string') return 'MessagePack is binary';
  if (payload === 'sse-event') return 'an SSE stream carries text';
  return undefined;
}
