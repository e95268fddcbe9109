/**
 * msgpackr with its record extension and shared structures, what its README recommends for repeated messages.
 *
 * The keys of a shape are written down once, in an array that encoder and decoder share, and every object of that
 * shape refers to it. Only msgpackr reads the result, and only with the same structures, which a gateway would have to
 * send its clients ahead of the data. Deliberately absent: `saveStructures`, as the array lives as long as the process.
 * Source: the package's README, sections on record and shared structures.
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import { loadMsgpackr, whyNotMessagePack } from './codecs/msgpackr.ts';

export default {
  kind: 'serialize',
  title: 'msgpackr records',
  package: 'msgpackr',
  tier: 'thorough',
  capabilities: ['binary'],
  equality: 'round-trip',
  note: 'Shared structures; the receiver needs msgpackr, the same structures and the same UUID extension.',
  unsupported: whyNotMessagePack,
  async load() {
    const taught = await loadMsgpackr();
    return ({ types }) => {
      const { Packr } = taught(types);
      const packr = new Packr({ structures: [] });
      return {
        encode: (value) => packr.pack(value),
        decode: (output): unknown => packr.unpack(output),
      };
    };
  },
} satisfies SerializeContender;
