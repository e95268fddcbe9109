/**
 * What the response serializer offers to an application: the entry `wirebench/serializer`.
 *
 * Deliberately absent: the Fastify plugin, which has an entry of its own (`wirebench/serializer/fastify`), so that
 * nobody else's types need Fastify.
 */
export type { CacheOptions } from './cache.ts';
export { StaleFragmentError } from './cache.ts';
export type { SendOptions, SendResult } from './http.ts';
export { send } from './http.ts';
export type { ResponseSerializer, ResponseSerializerOptions } from './response-serializer.ts';
export { createResponseSerializer } from './response-serializer.ts';
export type { KnownClass } from './substitute.ts';
export type { ExtendedTypes } from './types.ts';
export { formatUuid } from './uuid.ts';
