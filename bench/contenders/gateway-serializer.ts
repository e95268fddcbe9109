/**
 * The project's own response serializer, entered like any other.
 *
 * It gets no schema, as a gateway would use it; it is told the class of the UUIDs, as the binary formats are.
 * Deliberately absent: its cache, which does other work and has a contender of its own.
 */
import type { SerializeContender, Usage } from '../../src/model/contender.ts';
import type { UuidValue } from '../../src/model/values.ts';

/** What stands in the snippet where values hold more than text. */
const uuidHint = [
  '// UUIDs that are objects are written faster when the options name their class:',
  '// { types: { known: [{ class: Uuid, bytes: (uuid) => uuid.bytes }] } }',
];

export default {
  kind: 'serialize',
  title: 'gateway serializer',
  package: null,
  tier: 'quick',
  capabilities: [],
  equality: 'bytes',
  note: 'packages/serializer of this project; knows the UUID class, needs no schema.',
  async load() {
    const { createResponseSerializer } = await import('../../packages/serializer/src/response-serializer.ts');
    return ({ types }) => {
      const known = [{ class: types.Uuid, bytes: ({ bytes }: UuidValue) => bytes }];
      const serializer = createResponseSerializer({ types: { known } });
      return {
        stringify: (value) => serializer.stringify(value),
        encode: (value) => serializer.toBuffer(value),
      };
    };
  },
  usage: { ...writeUsage([]), native: writeUsage(uuidHint) },
} satisfies SerializeContender;

/** @param hint comment lines for the place where the serializer is made. */
function writeUsage(hint: readonly string[]): Usage {
  const install = ['wirebench'];
  const setup = [...hint, 'const serializer = createResponseSerializer();'];
  return {
    install,
    imports: ["import { createResponseSerializer } from 'wirebench/serializer';"],
    setup,
    serializer: '(value) => serializer.toBuffer(value)',
    integrations: {
      fastify: {
        install,
        imports: ["import { fastifyResponseSerializer } from 'wirebench/serializer/fastify';"],
        setup: [],
        statements: [...hint, 'app.register(fastifyResponseSerializer);'],
      },
      'node-http': {
        install,
        imports: ["import { createResponseSerializer, send } from 'wirebench/serializer';"],
        setup,
        statements: ['await send(res, value, { serializer });'],
      },
    },
  };
}
