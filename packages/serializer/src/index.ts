/** The package's main entry: the serializer itself. `./http` sends its text by node:http, `./fastify` is a plugin. */
export type { CacheOptions } from './cache.ts';
export { StaleFragmentError } from './cache.ts';
export type { ResponseSerializer, ResponseSerializerOptions } from './response-serializer.ts';
export { createResponseSerializer } from './response-serializer.ts';
export type { KnownClass } from './substitute.ts';
export type { ExtendedTypes } from './types.ts';
export { formatUuid } from './uuid.ts';
