/**
 * A Fastify 5 plugin that sends every JSON reply through one response serializer, with or without a response schema.
 *
 * Fastify's own serializer writes only what a route's response schema names; here a schema is a hint and every field is
 * written. Fastify is imported as types only. Replies are never streamed unasked, since a stream that fails half-way can
 * no longer become a reply of status 500; a handler that wants one sends `app.responseSerializer.stream(list)` with a
 * content type.
 */
import type { FastifyInstance } from 'fastify';

import type { ResponseSerializer, ResponseSerializerOptions } from './response-serializer.ts';
import { createResponseSerializer } from './response-serializer.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The serializer of the replies, e.g. for `invalidate(item)` where it has a cache. */
    readonly responseSerializer: ResponseSerializer;
  }
}

/** Without `schema`: a route's own response schema takes its place. */
export interface FastifyResponseSerializerOptions extends Omit<ResponseSerializerOptions, 'schema'> {
  /**
   * Writes replies into the memory of earlier ones that were sent. Not to be set where anything keeps the payload of a
   * reply after it was sent, such as a cache of whole replies.
   */
  readonly recycle?: boolean;
}

/**
 * Registered as `app.register(fastifyResponseSerializer, { types, cache })`; holds for the instance it is registered on
 * and all below it. Replies that are strings, Buffers, streams or `undefined` are not JSON to Fastify and stay as they
 * are. A value without JSON text, such as a function, is an error, where Fastify alone would send an empty body.
 * @throws {RangeError} while the application starts, where an option is out of range.
 */
export async function fastifyResponseSerializer(
  app: FastifyInstance,
  options: FastifyResponseSerializerOptions,
): Promise<void> {
  // An async function although nothing is waited for: Fastify would not catch the exception of another one.
  // Fastify passes its own registration options, such as `prefix`, in the same object; they are ignored.
  const replies = createResponseSerializer(options);
  app.decorate('responseSerializer', replies);
  // Fastify takes Buffers from serializers as well as strings; only its types know strings alone.
  app.setReplySerializer((payload) => replies.toBody(payload) as string);
  if (options.recycle === true) recycleSent(app, replies);
  app.setSerializerCompiler(({ schema }: { schema: unknown }) => {
    // Replies go past this one: a reply serializer has precedence. Fastify asks for it where an error has a schema and
    // in `reply.serializeInput`. It has no cache, so that one `invalidate` reaches every fragment there is.
    const { cache: _cache, ...withoutCache } = options;
    const ofSchema = createResponseSerializer(isSchemaObject(schema) ? { ...withoutCache, schema } : withoutCache);
    return (data) => ofSchema.stringify(data instanceof Error ? describeError(data, schema) : data);
  });
}

function recycleSent(app: FastifyInstance, replies: ResponseSerializer): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    // Where the connection breaks before, the memory is simply let go.
    if (Buffer.isBuffer(payload)) reply.raw.once('finish', () => replies.recycle(payload));
    done(null, payload);
  });
}

// Fastify's documented sign that a plugin's changes are for the instance that registers it, not for a child.
Object.assign(fastifyResponseSerializer, { [Symbol.for('skip-override')]: true });

/**
 * What a client is told of an error: what Fastify tells without a schema, and what the schema names. An error has its
 * message in a field that JSON does not see, and may have others that are no client's business.
 */
function describeError(error: object, schema: unknown): object {
  const { properties } = isSchemaObject(schema) ? schema : {};
  const named = isSchemaObject(properties) ? Object.keys(properties) : [];
  const names = new Set(['statusCode', 'code', 'error', 'message', ...named]);
  return Object.fromEntries([...names].map((name) => [name, (error as Record<string, unknown>)[name]]));
}

/** False for the schemas `true` and `false`, which say nothing about places. */
function isSchemaObject(schema: unknown): schema is Readonly<Record<string, unknown>> {
  return typeof schema === 'object' && schema !== null;
}
