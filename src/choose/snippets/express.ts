/**
 * Express 5: `res.json` is replaced, so that handlers stay as they are; with a schema a route sends its own text.
 *
 * `res.send` adds ETag, length and HEAD, and Express 5 makes a handler's exception a 500. Express 4, which does not
 * wait for async handlers, has no snippet.
 * Source: Express's API reference, `res.send` and `res.json`.
 */
import type { Framework, SerializerInPlace } from '../snippets.ts';
import { listenPort } from '../snippets.ts';

export default {
  title: 'Express',
  install: ['express'],
  imports: ["import express from 'express';"],
  writeServer: (serializer) => [
    'const app = express();',
    '',
    ...writeRoute(serializer),
    '',
    `app.listen(${listenPort});`,
  ],
} satisfies Framework;

function writeRoute({ compile, call, isFrameworkDefault, integration }: SerializerInPlace): string[] {
  if (isFrameworkDefault) {
    return [
      '// res.json calls JSON.stringify.',
      "app.get('/tools', async (req, res) => {",
      '  res.json(await listTools());',
      '});',
    ];
  }
  if (compile !== undefined) {
    return ["app.get('/tools', async (req, res) => {", `  res.type('json').send(${call('await listTools()')});`, '});'];
  }
  const replacement = integration?.statements ?? [
    'res.json = (value) => {',
    "  if (!res.get('Content-Type')) res.type('json');",
    `  return res.send(${call('value')});`,
    '};',
  ];
  return [
    '// Handlers go on calling res.json, which would call JSON.stringify by itself.',
    'app.use((req, res, next) => {',
    ...replacement.map((line) => `  ${line}`),
    '  next();',
    '});',
    '',
    "app.get('/tools', async (req, res) => {",
    '  res.json(await listTools());',
    '});',
  ];
}
