/**
 * msgpackr reading standard MessagePack, as a client of the contender `msgpackr` would.
 *
 * Dates and UUIDs come back as what they were. Deliberately absent: records, whose structures a client would first
 * have to be sent. Source: the package's README and the MessagePack specification.
 */
import type { ParseContender } from '../../src/model/contender.ts';
import { loadMsgpackr, whyNotMessagePack } from './codecs/msgpackr.ts';

export default {
  kind: 'parse',
  title: 'msgpackr unpack',
  package: 'msgpackr',
  tier: 'quick',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Reads standard MessagePack (useRecords: false) and restores Dates and UUIDs.',
  unsupported: whyNotMessagePack,
  async load() {
    const taught = await loadMsgpackr();
    return ({ types }) => {
      const { Packr } = taught(types);
      const packr = new Packr({ useRecords: false });
      return {
        encode: (value) => packr.pack(value),
        parseBytes: (bytes): unknown => packr.unpack(bytes),
      };
    };
  },
} satisfies ParseContender;
