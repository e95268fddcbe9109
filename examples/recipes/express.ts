/**
 * Express 5: handlers go on calling `res.json`; a route with a long list sends it in pieces.
 *
 * `res.send` adds ETag, length and HEAD, and answers with 304. Express makes an exception in a handler a 500.
 */
import express from 'express';
import { createResponseSerializer } from 'json-response-serializer';
import { send } from 'json-response-serializer/http';

import { listTools } from './tools.ts';

const serializer = createResponseSerializer();
const app = express();

app.use((_req, res, next) => {
  res.json = (value) => {
    const body = serializer.toBody(value);
    // Its memory is for later responses once it was sent.
    res.once('finish', () => serializer.recycle(body));
    if (!res.get('Content-Type')) res.type('json');
    return res.send(body);
  };
  next();
});

app.get('/tools', async (_req, res) => {
  res.json(await listTools());
});

app.get('/export', async (_req, res) => {
  await send(res, await listTools(), { serializer });
});

app.listen(Number(process.env['PORT'] ?? 3000));
