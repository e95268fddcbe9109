/**
 * The project's own response serializer with its cache of fragments: what a list costs whose items did not change.
 *
 * Shown apart, since it copies bytes that it made before. Deliberately absent: invalidation; nothing changes here.
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import type { UuidValue } from '../../src/model/values.ts';

const setup = [
  '// Items are kept by identity: call serializer.invalidate(item) after changing one in place.',
  'const serializer = createResponseSerializer({ cache: {} });',
];

export default {
  kind: 'serialize',
  title: 'gateway serializer, cached',
  package: null,
  tier: 'thorough',
  capabilities: ['memoizes'],
  equality: 'bytes',
  note: 'packages/serializer of this project with cache: {}; fragments are kept by item identity.',
  unsupported: ({ sink }) => (sink === 'string' ? 'it keeps bytes, not strings' : undefined),
  async load() {
    const { createResponseSerializer } = await import('../../packages/serializer/src/response-serializer.ts');
    return ({ types }) => {
      const known = [{ class: types.Uuid, bytes: ({ bytes }: UuidValue) => bytes }];
      const serializer = createResponseSerializer({ types: { known }, cache: {} });
      return { encode: (value) => serializer.toBuffer(value) };
    };
  },
  usage: {
    install: ['wirebench'],
    imports: ["import { createResponseSerializer } from 'wirebench/serializer';"],
    setup,
    serializer: '(value) => serializer.toBuffer(value)',
    integrations: {
      fastify: {
        install: ['wirebench'],
        imports: ["import { fastifyResponseSerializer } from 'wirebench/serializer/fastify';"],
        setup: [],
        statements: [
          '// Items are kept by identity: call app.responseSerializer.invalidate(item) after changing one.',
          'app.register(fastifyResponseSerializer, { cache: {} });',
        ],
      },
      'node-http': {
        install: ['wirebench'],
        imports: ["import { createResponseSerializer, send } from 'wirebench/serializer';"],
        setup,
        statements: ['await send(res, value, { serializer });'],
      },
    },
  },
} satisfies SerializeContender;
