/**
 * Preloaded with `node --import`: `wirebench` and its entries lead to src/, as an installed package would lead to itself,
 * and so does `json-response-serializer`.
 *
 * Stands for `npm install` in the examples, so that they can run in a checkout; test/package/ installs the real package.
 */
import { registerHooks } from 'node:module';

const sourceOf: Readonly<Record<string, string>> = {
  wirebench: '../../src/index.ts',
  'wirebench/serializer': '../../src/serializer.ts',
  'wirebench/serializer/fastify': '../../packages/serializer/src/fastify.ts',
  'json-response-serializer': '../../packages/serializer/src/index.ts',
  'json-response-serializer/http': '../../packages/serializer/src/http.ts',
  'json-response-serializer/fastify': '../../packages/serializer/src/fastify.ts',
  'json-response-serializer/mcp': '../../packages/serializer/src/mcp.ts',
};

registerHooks({
  resolve(specifier, context, next) {
    const source = sourceOf[specifier];
    return next(source === undefined ? specifier : new URL(source, import.meta.url).href, context);
  },
});
