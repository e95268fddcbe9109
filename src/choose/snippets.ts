/**
 * Shows how a serializer is plugged into each web framework: a whole small server each, ready to be pasted.
 *
 * What a serializer needs is data of its contender (`Usage`); how a framework answers with it is one file under
 * snippets/, found by listing that directory. The code stands for itself except for `./tools.js` and `./schema.js`, the
 * application's own modules. Snippets are JavaScript for the newest major versions. test/choose/snippets.test.ts runs
 * every snippet there is.
 */
import type { Integration, Usage } from '../model/contender.ts';
import type { Snippet } from '../model/choice.ts';
import { importModules } from '../own-files.ts';

/** One web framework; the file's name is the id. */
export interface Framework {
  readonly title: string;
  /** npm packages of the framework itself. */
  readonly install: readonly string[];
  /** Import statements of the framework, a line each. */
  readonly imports: readonly string[];
  /** The rest of the file behind the making of the serializer: answers GET /tools with `listTools()`, and listens. */
  readonly writeServer: (serializer: SerializerInPlace) => readonly string[];
}

/** What a framework's file needs to know about the serializer. */
export interface SerializerInPlace {
  /** JavaScript that serializes what the given JavaScript stands for; a server that uses it gets the function made. */
  readonly call: (value: string) => string;
  /** The expression that compiles from the identifier `schema`; only where a schema is needed. */
  readonly compile?: string;
  /** True for what the framework does anyway. */
  readonly isFrameworkDefault: boolean;
  /** The library's own way into this framework, if it has one. */
  readonly integration?: Integration;
}

/** The port on which every snippet listens. */
export const listenPort = 'Number(process.env.PORT ?? 3000)';

/**
 * One server a framework, sorted by the framework's id.
 * @param request.title the contender's title; @param request.hasNativeTypes whether values hold Dates or the like.
 */
export async function writeSnippets(request: {
  usage: Usage;
  title: string;
  hasNativeTypes: boolean;
}): Promise<Snippet[]> {
  const { native, ...general } = request.usage;
  const usage: Usage = request.hasNativeTypes ? { ...general, ...native } : general;
  const frameworks = await importModules<Framework>(new URL('snippets/', import.meta.url));
  return frameworks.map(({ id, content: framework }) => ({
    framework: id,
    title: framework.title,
    code: writeCode({ id, framework, usage, title: request.title }),
  }));
}

function writeCode({
  id,
  framework,
  usage,
  title,
}: {
  id: string;
  framework: Framework;
  usage: Usage;
  title: string;
}): string {
  const integration = usage.integrations?.[id];
  const { install, imports, setup } = integration ?? usage;
  const packages = [...framework.install, ...install];
  const { name, making } = nameSerializer(usage);
  const server = framework.writeServer({
    call: (value) => `${name}(${value})`,
    ...(usage.schemaRules === undefined ? {} : { compile: usage.serializer }),
    isFrameworkDefault: usage.isFrameworkDefault === true,
    ...(integration === undefined ? {} : { integration }),
  });
  const isCalled = server.some((line) => line.includes(`${name}(`));
  return joinBlocks([
    [
      `// ${framework.title} with ${onOneLine(title)}.`,
      ...(packages.length === 0 ? [] : [`// npm install ${packages.join(' ')}`]),
    ],
    [...framework.imports, ...imports].toSorted(byImportedModule),
    [...importSchema(usage.schemaRules), "import { listTools } from './tools.js';"],
    [...setup, ...(isCalled ? making : [])],
    server,
  ]);
}

/**
 * The function's name in the snippet, and the lines that make it; none where its expression can be called as it stands.
 */
function nameSerializer({ serializer, schemaRules }: Usage): { name: string; making: readonly string[] } {
  if (schemaRules !== undefined) {
    const making = [`const compile = (schema) => ${serializer};`, 'const serializeTools = compile(toolsSchema);'];
    return { name: 'serializeTools', making };
  }
  if (/^[\w$.]+$/.test(serializer)) return { name: serializer, making: [] };
  return { name: 'serialize', making: [`const serialize = ${serializer};`] };
}

function importSchema(rules: readonly string[] | undefined): string[] {
  if (rules === undefined) return [];
  return [
    '// What toolsSchema has to be:',
    ...rules.map((rule) => `// - ${rule}`),
    "import { toolsSchema } from './schema.js';",
  ];
}

/** The runtime's own modules first, then packages, each by name. */
function byImportedModule(a: string, b: string): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  return left < right ? -1 : Number(left > right);
}

function sortKey(importLine: string): string {
  const module = importLine.split("'").at(-2) ?? '';
  return module.startsWith('node:') ? `0 ${module}` : `1 ${module}`;
}

/** A title may come from a user's own contender, and a line break in it would end the comment. */
function onOneLine(title: string): string {
  return title.replaceAll(/[\n\r\u2028\u2029]+/g, ' ');
}

function joinBlocks(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
