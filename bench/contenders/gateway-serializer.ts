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

/**
 * The statements are those of examples/recipes, as a test holds.
 * @param hint comment lines for the place where the serializer is made.
 */
function writeUsage(hint: readonly string[]): Usage {
  const install = ['wirebench'];
  const imports = ["import { createResponseSerializer } from 'wirebench/serializer';"];
  const setup = [...hint, 'const serializer = createResponseSerializer();'];
  return {
    install,
    imports,
    setup,
    serializer: '(value) => serializer.toBuffer(value)',
    integrations: {
      express: {
        install,
        imports,
        setup,
        statements: [
          'res.json = (value) => {',
          '  const body = serializer.toBody(value);',
          ...recycleOnFinish('res').map((line) => `  ${line}`),
          "  if (!res.get('Content-Type')) res.type('json');",
          '  return res.send(body);',
          '};',
        ],
      },
      hono: {
        install,
        imports,
        setup,
        statements: [
          'const body = serializer.toBody(await listTools());',
          ...recycleOnFinish('c.env.outgoing'),
          "return c.body(body, 200, { 'Content-Type': 'application/json; charset=utf-8' });",
        ],
      },
      fastify: {
        install,
        imports: ["import { fastifyResponseSerializer } from 'wirebench/serializer/fastify';"],
        setup: [],
        statements: [...hint, 'await app.register(fastifyResponseSerializer, { recycle: true });'],
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

/** What an application does with a body that Node.js has sent. @param response the name of Node's response. */
function recycleOnFinish(response: string): string[] {
  return [
    '// Its memory is for later responses once it was sent.',
    `${response}.once('finish', () => serializer.recycle(body));`,
  ];
}
