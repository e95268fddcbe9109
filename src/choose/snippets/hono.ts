/**
 * Hono 4 on Node: `c.body` with the text or bytes in the place of `c.json`.
 *
 * Hono answers HEAD by itself and makes an exception a 500. On other runtimes the last line and the import of `serve`
 * are the runtime's own.
 * Source: Hono's documentation, "Context" and "Node.js".
 */
import type { Framework, SerializerInPlace } from '../snippets.ts';
import { listenPort } from '../snippets.ts';

export default {
  title: 'Hono',
  install: ['hono', '@hono/node-server'],
  imports: ["import { serve } from '@hono/node-server';", "import { Hono } from 'hono';"],
  writeServer: (serializer) => [
    'const app = new Hono();',
    '',
    ...writeRoute(serializer),
    '',
    `serve({ fetch: app.fetch, port: ${listenPort} });`,
  ],
} satisfies Framework;

function writeRoute({ call, isFrameworkDefault, integration }: SerializerInPlace): string[] {
  if (isFrameworkDefault)
    return ['// c.json calls JSON.stringify.', "app.get('/tools', async (c) => c.json(await listTools()));"];
  const statements = integration?.statements ?? [
    "c.header('Content-Type', 'application/json; charset=utf-8');",
    `return c.body(${call('await listTools()')});`,
  ];
  return [
    '// In the place of c.json, which would call JSON.stringify.',
    "app.get('/tools', async (c) => {",
    ...statements.map((line) => `  ${line}`),
    '});',
  ];
}
