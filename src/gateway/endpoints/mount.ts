/**
 * The way of an endpoint into Fastify: its route, its schemas, and what every route of its method does.
 */
import type { FastifyInstance } from 'fastify';

import { errorSchema } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { forgetTypeOfNothing } from '../http/headers.ts';
import { answerConditions } from '../responses/conditions.ts';
import { toWritableSchema } from '../responses/writable-schema.ts';

/** Adds the route, and HEAD for GET. */
export function mountEndpoint(app: FastifyInstance, endpoint: Endpoint): void {
  const { method, url, query, params, body, responses, stream, text, handle } = endpoint;
  const bodies = Object.entries(responses).flatMap(([status, schema]) =>
    schema === null || text !== undefined ? [] : [[status, toWritableSchema(schema)]],
  );
  app.route({
    // The same route, so that HEAD runs the same hooks; Node leaves out the body, and Fastify's own HEAD fails on 304.
    method: method === 'GET' ? ['GET', 'HEAD'] : method,
    url,
    exposeHeadRoute: false,
    config: { endpoint },
    ...(method === 'GET' && stream === undefined ? { onSend: answerConditions } : {}),
    ...(method === 'DELETE' ? { onRequest: forgetTypeOfNothing } : {}),
    schema: {
      ...(query === undefined ? {} : { querystring: query }),
      ...(params === undefined ? {} : { params }),
      ...(body === undefined ? {} : { body }),
      response: {
        ...(Object.fromEntries(bodies) as object),
        '4xx': toWritableSchema(errorSchema),
        '5xx': toWritableSchema(errorSchema),
      },
    },
    handler: handle,
  });
}
