/**
 * The response serializer of the whole gateway, chosen by name: lists, single entities, errors, exports and events.
 *
 * Each is installed in the way that its own documentation gives: `JSON.stringify` as reply serializer, Fastify's own by
 * the routes' response schemas, and this project's as its plugin.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';

import { fastifyResponseSerializer } from '../../../packages/serializer/src/fastify.ts';
import type { ResponseSerializerOptions } from '../../../packages/serializer/src/response-serializer.ts';
import { Uuid } from '../../corpus/uuid.ts';
import type { Schema } from '../json.ts';
import type { ResponseSettings, SerializerName } from '../settings.ts';

type Settings = Pick<ResponseSettings, 'serializer' | 'cache'>;
type Install = (app: FastifyInstance, settings: Settings) => Promise<void>;

const installers: Readonly<Record<SerializerName, Install>> = {
  async 'json-stringify'(app) {
    app.setReplySerializer((payload) => JSON.stringify(payload));
    app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  },
  // Fastify does this by itself.
  async 'fast-json-stringify'() {},
  async 'gateway-serializer'(app, { cache }) {
    // The cache keeps whole bodies.
    await app.register(fastifyResponseSerializer, { types: knownTypes, recycle: !cache });
  },
};

/** What the gateway-serializer is told of the values in rows. */
export const knownTypes: NonNullable<ResponseSerializerOptions['types']> = {
  known: [{ class: Uuid, bytes: ({ bytes }: Uuid) => bytes }],
};

/** Holds for all routes that are added later. */
export function installSerializer(app: FastifyInstance, settings: Settings): Promise<void> {
  return installers[settings.serializer](app, settings);
}

/**
 * Sends a value that has another schema than the route's response; only one of the serializers looks at schemas.
 * @param options.schema as `toWritableSchema` gives it, one object for all replies, since compiled code is kept by it.
 */
export function sendAs(
  reply: FastifyReply,
  options: { value: unknown; schema: Schema; serializer: SerializerName },
): FastifyReply {
  const { value, schema, serializer } = options;
  if (serializer !== 'fast-json-stringify') return reply.send(value);
  // Fastify sets no content type where a reply has a serializer of its own.
  return reply.type('application/json; charset=utf-8').serializer(reply.compileSerializationSchema(schema)).send(value);
}
