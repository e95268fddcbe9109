/**
 * node:http without a framework: the value is serialized before the status is written, so that an error can be a 500.
 *
 * Node itself leaves the body of an answer to HEAD out.
 */
import type { Framework, SerializerInPlace } from '../snippets.ts';
import { listenPort } from '../snippets.ts';

export default {
  title: 'node:http',
  install: [],
  imports: ["import { createServer } from 'node:http';"],
  writeServer: (serializer) => [
    'const server = createServer(async (req, res) => {',
    "  if (req.url !== '/tools' || !['GET', 'HEAD'].includes(req.method)) {",
    '    res.writeHead(404).end();',
    '    return;',
    '  }',
    '  try {',
    ...writeAnswer(serializer).map((line) => `    ${line}`),
    '  } catch (error) {',
    '    console.error(error);',
    '    res.writeHead(500).end();',
    '  }',
    '});',
    '',
    `server.listen(${listenPort});`,
  ],
} satisfies Framework;

function writeAnswer({ integration, call }: SerializerInPlace): string[] {
  if (integration?.statements !== undefined) return ['const value = await listTools();', ...integration.statements];
  return [
    `const body = ${call('await listTools()')};`,
    'res.writeHead(200, {',
    "  'Content-Type': 'application/json; charset=utf-8',",
    "  'Content-Length': Buffer.byteLength(body),",
    '});',
    'res.end(body);',
  ];
}
