/**
 * Fastify 5: a plugin writes every JSON reply, those of errors included; a route with a long list replies with a stream.
 *
 * `recycle` is for applications where no hook keeps the payload of a reply. A stream that fails before its first byte
 * is a reply of status 500.
 */
import { fastify } from 'fastify';
import { fastifyResponseSerializer } from 'json-response-serializer/fastify';

import { listTools } from './tools.ts';

const app = fastify();
await app.register(fastifyResponseSerializer, { recycle: true });

app.get('/tools', () => listTools());

app.get('/export', async (_request, reply) => {
  reply.type('application/json; charset=utf-8');
  return app.responseSerializer.stream(await listTools());
});

await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
