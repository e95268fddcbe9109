/**
 * The project's own response serializer, entered like any other.
 *
 * It gets no schema, as a gateway would use it; it is told the class of the UUIDs, as the binary formats are.
 * Deliberately absent: its cache, which does other work and has a contender of its own.
 */
import type { SerializeContender, UuidValue } from '../../src/model.ts';

export default {
  kind: 'serialize',
  title: 'gateway serializer',
  package: null,
  tier: 'thorough',
  capabilities: [],
  equality: 'bytes',
  note: 'src/serializer of this project; knows the UUID class, needs no schema.',
  async load() {
    const { createResponseSerializer } = await import('../../src/serializer/response-serializer.ts');
    const { formatUuid } = await import('../../src/serializer/uuid.ts');
    return ({ types }) => {
      const known = [{ class: types.Uuid, text: ({ bytes }: UuidValue) => formatUuid(bytes) }];
      const serializer = createResponseSerializer({ types: { known } });
      return {
        stringify: (value) => serializer.stringify(value),
        encode: (value) => serializer.toBuffer(value),
      };
    };
  },
} satisfies SerializeContender;
