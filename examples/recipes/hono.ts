/**
 * Hono 4 on Node.js: `c.body` with the text or a stream in the place of `c.json`.
 *
 * Middleware sees both as ordinary responses. Hono answers HEAD by itself and makes an exception a 500.
 */
import { once } from 'node:events';
import { Readable } from 'node:stream';

import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createResponseSerializer } from 'json-response-serializer';

import { listTools } from './tools.ts';

const serializer = createResponseSerializer();
const app = new Hono<{ Bindings: HttpBindings }>();

app.get('/tools', async (c) => {
  const body = serializer.toBody(await listTools());
  // Its memory is for later responses once it was sent.
  c.env.outgoing.once('finish', () => serializer.recycle(body));
  // Its type says less than it is: no memory of it is shared.
  return c.body(body as string | Uint8Array<ArrayBuffer>, 200, { 'Content-Type': 'application/json; charset=utf-8' });
});

app.get('/export', async (c) => {
  const stream = serializer.stream(await listTools());
  // An error in the first piece is an exception here, and later ones end the connection.
  await once(stream, 'readable');
  return c.body(Readable.toWeb(stream), 200, { 'Content-Type': 'application/json; charset=utf-8' });
});

serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) });
