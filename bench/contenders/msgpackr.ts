/**
 * msgpackr writing standard MessagePack: every object a map with its keys spelled out, readable by any decoder.
 *
 * Dates travel as the timestamp extension of the MessagePack specification, UUIDs as an extension of 16 bytes.
 * Deliberately absent: records (see msgpackr-records.ts) and everything else that only msgpackr can read.
 * Source: the package's README and the MessagePack specification (extension types 0 to 127 belong to applications).
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import { loadMsgpackr, whyNotMessagePack } from './codecs/msgpackr.ts';

export default {
  kind: 'serialize',
  title: 'msgpackr',
  package: 'msgpackr',
  tier: 'quick',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Standard MessagePack (useRecords: false); UUIDs are an application extension that the receiver must know.',
  unsupported: whyNotMessagePack,
  async load() {
    const taught = await loadMsgpackr();
    return ({ types }) => {
      const { Packr } = taught(types);
      const packr = new Packr({ useRecords: false });
      return {
        encode: (value) => packr.pack(value),
        decode: (output): unknown => packr.unpack(output),
      };
    };
  },
} satisfies SerializeContender;
