/**
 * GET /openapi.json: the document that describes every route, made from the endpoints themselves.
 *
 * OpenAPI 3.1 takes JSON Schemas as they are, so nothing is translated; a schema with a title is written once and
 * referred to.
 * Source: OpenAPI Specification 3.1.
 */
import type { FastifyInstance } from 'fastify';

import { isObject } from '../../json.ts';
import { readManifest } from '../../own-files.ts';
import { errorSchema } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Schema } from '../json.ts';

/** A route as Fastify knows it; those of MCP have no endpoint. */
interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly endpoint: Endpoint | undefined;
}

/**
 * The endpoint; it describes all routes that are added after this call.
 * @param options.needsToken whether callers have to say who they are.
 */
export function openApiEndpoint(app: FastifyInstance, { needsToken }: { needsToken: boolean }): Endpoint {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const name of [method].flat()) {
      // HEAD is what GET is, without a body.
      if (name !== 'HEAD' && name !== 'OPTIONS') routes.push({ method: name, url, endpoint: config?.endpoint });
    }
  });
  let made: object | undefined;
  return {
    method: 'GET',
    url: '/openapi.json',
    summary: 'This document',
    responses: { 200: { type: 'object' } },
    handle: async () => (made ??= describeRoutes(routes, needsToken ? 'token' : 'nobody')),
  };
}

function describeRoutes(routes: readonly KnownRoute[], asks: 'token' | 'nobody'): object {
  const components = new Map<string, Schema>();
  const refer = (schema: Schema): Schema => referTo(schema, components);
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, url, endpoint } of routes) {
    const path = (paths[url.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
    path[method.toLowerCase()] =
      endpoint === undefined
        ? { responses: { default: { description: 'See the Model Context Protocol' } } }
        : describeEndpoint(endpoint, refer);
  }
  const { name, version } = readManifest();
  return {
    openapi: '3.1.0',
    info: { title: `${name} gateway`, version },
    ...(asks === 'token' ? { security: [{ token: [] }] } : {}),
    paths,
    components: {
      schemas: Object.fromEntries(components),
      ...(asks === 'token'
        ? { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } }
        : {}),
    },
  };
}

type Refer = (schema: Schema) => Schema;

function describeEndpoint(endpoint: Endpoint, refer: Refer): object {
  const { summary, body, responses, alternative, stream, text, isPublic, query, params } = endpoint;
  const described = Object.entries(responses).map(([status, schema]) => {
    const whole =
      schema !== null && alternative !== undefined
        ? { anyOf: [refer(schema), refer(alternative)] }
        : schema === null
          ? null
          : refer(schema);
    const type = stream ?? text ?? 'application/json';
    const content =
      whole === null
        ? stream === undefined
          ? {}
          : { content: { [type]: {} } }
        : { content: { [type]: { schema: whole } } };
    return [status, { description: summary, ...content }];
  });
  return {
    summary,
    ...(isPublic === true ? { security: [] } : {}),
    parameters: [...describeParameters(params, 'path'), ...describeParameters(query, 'query')],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: refer(body) } } } }),
    responses: {
      ...(Object.fromEntries(described) as object),
      default: { description: 'What went wrong', content: { 'application/json': { schema: refer(errorSchema) } } },
    },
  };
}

function describeParameters(schema: Schema | undefined, place: 'path' | 'query'): object[] {
  const properties = (schema?.['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: property,
  }));
}

/** A reference where the schema, or what a list or page is made of, has a title; the component is added on the way. */
function referTo(schema: Schema, components: Map<string, Schema>): Schema {
  const { title, items, properties } = schema;
  const below = {
    ...(isObject(items) ? { items: referTo(items, components) } : {}),
    ...(isObject(properties)
      ? {
          properties: mapValues(properties, (property) =>
            isObject(property) ? referTo(property, components) : property,
          ),
        }
      : {}),
  };
  // Titles such as that of the metrics are sentences, and name nothing.
  if (typeof title !== 'string' || !/^\w+$/.test(title)) return { ...schema, ...below };
  if (!components.has(title)) components.set(title, { ...schema, ...below });
  return { $ref: `#/components/schemas/${title}` };
}

function mapValues(object: Schema, change: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
