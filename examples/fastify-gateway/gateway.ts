/**
 * A Fastify gateway whose JSON replies all go through the response serializer: one line registers it.
 *
 * Handlers return plain values; Dates become the text that JSON.stringify gives them, errors stay Fastify's. Deliberately
 * absent: response schemas, which the serializer does not need.
 */
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import { fastifyResponseSerializer } from 'wirebench/serializer/fastify';

import { tools } from './catalog.ts';

/** The gateway, ready to listen. */
export async function createGateway(): Promise<FastifyInstance> {
  const app = fastify();
  await app.register(fastifyResponseSerializer);

  app.get('/tools', () => tools);

  app.get<{ Params: { id: string } }>('/tools/:id', (request, reply) => {
    const tool = tools.find(({ id }) => id === request.params.id);
    return tool ?? reply.code(404).send({ error: 'unknown tool', id: request.params.id });
  });

  // Whatever a handler throws is a reply, too, and goes the same way.
  app.get('/broken', () => {
    throw new Error('the catalog cannot be read');
  });

  return app;
}
