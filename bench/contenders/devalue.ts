/**
 * devalue: a flat array of values that refer to each other by index, with Dates and custom types tagged.
 *
 * It writes each distinct value once, so repeated strings shrink, and cycles survive. A client has to read it with
 * devalue. `Uuid` goes through a reducer and a reviver, as the README shows for classes.
 * Deliberately absent: `uneval`, whose output is JavaScript and not data.
 */
import type { SerializeContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'devalue',
  package: 'devalue',
  tier: 'thorough',
  capabilities: ['envelope'],
  equality: 'round-trip',
  note: 'Uuid has a reducer and a reviver; the receiver needs devalue and the same reviver.',
  async load() {
    const { parse, stringify } = await import('devalue');
    return ({ types }) => {
      const reducers = { Uuid: (value: unknown) => value instanceof types.Uuid && value.toString() };
      const revivers = {
        Uuid: (text: string) => new types.Uuid(Buffer.from(text.replaceAll('-', ''), 'hex')),
      };
      return {
        stringify: (value) => stringify(value, reducers),
        decode: (output): unknown => parse(Buffer.from(output).toString('utf8'), revivers),
      };
    };
  },
} satisfies SerializeContender;
