/**
 * superjson: JSON in an envelope that says which values were Dates and which were custom types.
 *
 * A client has to read it with superjson; nothing of the value is lost. `Uuid` is registered as a custom type that
 * travels as its text form. Deliberately absent: `dedupe`, which is off by default and changes the output.
 * Source: the package's README (recipes for other custom types).
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import type { UuidValue } from '../../src/model/values.ts';

export default {
  kind: 'serialize',
  title: 'superjson',
  package: 'superjson',
  tier: 'thorough',
  capabilities: ['envelope'],
  equality: 'round-trip',
  note: 'Uuid is registered as a custom type; the receiver needs superjson and the same registration.',
  async load() {
    const { SuperJSON } = await import('superjson');
    return ({ types }) => {
      // An instance of its own, because the exported functions share one registry across the process.
      const codec = new SuperJSON();
      codec.registerCustom<UuidValue, string>(
        {
          isApplicable: (value): value is UuidValue => value instanceof types.Uuid,
          serialize: (uuid) => uuid.toString(),
          deserialize: (text) => new types.Uuid(Buffer.from(text.replaceAll('-', ''), 'hex')),
        },
        'uuid',
      );
      return {
        stringify: (value) => codec.stringify(value),
        decode: (output) => codec.parse(Buffer.from(output).toString('utf8')),
      };
    };
  },
} satisfies SerializeContender;
