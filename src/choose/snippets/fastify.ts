/**
 * Fastify 5: every JSON reply goes through the serializer, by the place that Fastify has for it.
 *
 * One that needs a schema compiles the response schemas of routes; one that needs none writes all replies, those of
 * errors included.
 * Source: Fastify's reference, "Reply Serializer" and "Serializer Compiler".
 */
import type { Framework, SerializerInPlace } from '../snippets.ts';
import { listenPort } from '../snippets.ts';

export default {
  title: 'Fastify',
  install: ['fastify'],
  imports: ["import Fastify from 'fastify';"],
  writeServer(serializer) {
    const route =
      serializer.compile === undefined ? "'/tools'" : "'/tools', { schema: { response: { 200: toolsSchema } } }";
    return [
      `const app = Fastify(${serializer.integration?.options ?? ''});`,
      '',
      ...setUp(serializer),
      `app.get(${route}, async () => listTools());`,
      '',
      `await app.listen({ port: ${listenPort} });`,
    ];
  },
} satisfies Framework;

/** How the application is told; ends with an empty line. */
function setUp({ integration, compile, call, isFrameworkDefault }: SerializerInPlace): string[] {
  if (isFrameworkDefault) return ['// Without a response schema Fastify calls JSON.stringify itself.'];
  if (integration?.statements !== undefined)
    return ['// Every JSON reply of the application goes through it.', ...integration.statements, ''];
  if (integration !== undefined) return ['// Fastify compiles the response schema of every route with the library.'];
  if (compile === undefined) {
    return [
      '// Every JSON reply goes through it, those of errors included.',
      `app.setReplySerializer((payload) => ${call('payload')});`,
      '',
    ];
  }
  return [
    '// Compiles the response schema of every route.',
    `app.setSerializerCompiler(({ schema }) => ${compile});`,
    '',
  ];
}
