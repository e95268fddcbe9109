/**
 * Which web framework a project uses, which contenders stand for how it writes its responses, and why.
 *
 * Read off the names in package.json alone: no file of the project is run or searched.
 */
import type { Framework, GateCells, OwnSample } from './project.ts';

/** The framework that is nearest to the application comes first: what it is built on is often a dependency, too. */
const frameworks: readonly { readonly framework: Framework; readonly isUsed: (name: string) => boolean }[] = [
  { framework: 'nestjs', isUsed: (name) => name === '@nestjs/core' || name === '@nestjs/common' },
  { framework: 'fastify', isUsed: (name) => name === 'fastify' },
  { framework: 'hono', isUsed: (name) => name === 'hono' },
  { framework: 'express', isUsed: (name) => name === 'express' },
];

/** Contenders of wirebench by the package that they measure, among those that write JSON text. */
const contenderOfPackage: Readonly<Record<string, string>> = {
  devalue: 'devalue',
  'fast-json-stringify': 'fast-json-stringify',
  'json-accelerator': 'json-accelerator',
  'json-response-serializer': 'gateway-serializer',
  'safe-stable-stringify': 'safe-stable-stringify',
  superjson: 'superjson',
};

/** `node:http` where there is none. @param dependencies names; several frameworks may be among them. */
export function frameworkOf(dependencies: readonly string[]): Framework {
  return frameworks.find(({ isUsed }) => dependencies.some(isUsed))?.framework ?? 'node:http';
}

/** Ids of contenders, sorted. */
export function serializersOf(dependencies: readonly string[]): string[] {
  return dependencies.flatMap((name) => contenderOfPackage[name] ?? []).toSorted();
}

/** What the gate of such a project measures. */
export function cellsOf(
  project: { readonly framework: Framework; readonly serializers: readonly string[] },
  sample: Pick<OwnSample, 'name'> | undefined,
): GateCells {
  const compiled = project.framework === 'fastify' ? ['fast-json-stringify'] : [];
  const contenders = [...new Set(['json-stringify', ...compiled, ...project.serializers])];
  return sample === undefined
    ? { contenders, payload: 'tools', items: [100, 1000] }
    : { contenders, payload: sample.name };
}

/** Why these contenders; one sentence for a comment. */
export const howFrameworkWrites: Readonly<Record<Framework, string>> = {
  fastify: 'Fastify calls JSON.stringify, and fast-json-stringify on routes that have a response schema.',
  express: 'Express calls JSON.stringify.',
  hono: 'Hono calls JSON.stringify.',
  nestjs: 'NestJS calls JSON.stringify, by way of the framework below it.',
  'node:http': 'Without a web framework, JSON.stringify is what there is to begin with.',
};
