/**
 * Every snippet there is, run as it would be pasted: each contender with a usage, in each framework and both variants.
 *
 * The snippets lie in a directory below the project's node_modules, so that packages resolve as in an application,
 * beside modules that stand for the application's own. In the place of the package `wirebench` stands src/;
 * test/package/ has the real one.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import type { Framework } from '../../src/choose/snippets.ts';
import { writeSnippets } from '../../src/choose/snippets.ts';
import { toJtd } from '../../src/corpus/jtd.ts';
import { nativeTypes } from '../../src/corpus/uuid.ts';
import type { Usage } from '../../src/model/contender.ts';
import type { JsonSchema, Variant } from '../../src/model/values.ts';
import { importModules } from '../../src/own-files.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import type { SnippetAnswers } from './snippets-child.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const child = fileURLToPath(new URL('snippets-child.ts', import.meta.url));
const preload = new URL('../examples/resolve-wirebench.ts', import.meta.url).href;
/** What fits beside line numbers on a terminal and into a Markdown page without a scroll bar. */
const widestLine = 100;

const frameworks = await importModules<Framework>(new URL('../../src/choose/snippets/', import.meta.url));
const { contenders } = await loadRegistry();
const usable = contenders
  .filter((contender) => contender.kind === 'serialize')
  .filter(({ usage }) => usage !== undefined);
const cases = usable.flatMap((contender) =>
  (['text', 'native'] as const).map((variant) => ({ contender, variant, usage: contender.usage as Usage })),
);

/**
 * Two tools with what goes wrong first: quotes, controls, other scripts, nulls, nesting, open objects, a missing field.
 */
const tools = [
  {
    id: '0b5a1c1e-7c35-4a0e-9d3f-2f1f6f0f8f11',
    name: 'get_"forecast"\n',
    description: 'Wetter für Zürich, 天気予報 🌦️, "quoted" \\ and\ttabbed',
    createdAt: '2024-02-29T12:34:56.789Z',
    lastUsedAt: null,
    calls: 12,
    failures: null,
    meanSeconds: 0.125,
    isEnabled: true,
    tags: ['weather', 'погода', ''],
    inputSchema: { type: 'object', properties: { city: { type: 'string' }, days: { maximum: 14 } } },
    owner: { team: 'платформа', since: '2020-01-01T00:00:00.000Z' },
  },
  {
    id: '5c4c0a52-6a0f-4a35-8a3e-0b8f1f1f2f22',
    name: 'search',
    description: null,
    createdAt: '1999-12-31T23:59:59.000Z',
    lastUsedAt: '2025-06-01T00:00:00.000Z',
    calls: 0,
    failures: 3,
    meanSeconds: 1e-7,
    isEnabled: false,
    tags: [],
    inputSchema: {},
    owner: null,
    note: 'beta',
  },
];

const datetime: JsonSchema = { type: 'string', format: 'date-time' };
/** What a snippet's comment asks of a JSON Schema; `failures` says integer for those that tell numbers apart. */
const schema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      description: { type: ['string', 'null'] },
      createdAt: datetime,
      lastUsedAt: { ...datetime, type: ['string', 'null'] },
      calls: { type: 'integer' },
      failures: { type: ['number', 'null'] },
      meanSeconds: { type: 'number' },
      isEnabled: { type: 'boolean' },
      tags: { type: 'array', items: { type: 'string' } },
      inputSchema: {},
      owner: {
        type: ['object', 'null'],
        properties: { team: { type: 'string' }, since: datetime },
        required: ['team', 'since'],
        additionalProperties: false,
      },
      note: { type: 'string' },
    },
    required: [
      'id',
      'name',
      'description',
      'createdAt',
      'lastUsedAt',
      'calls',
      'failures',
      'meanSeconds',
      'isEnabled',
      'tags',
      'inputSchema',
      'owner',
    ],
    additionalProperties: false,
  },
};

/** The languages that usages ask for, by a word of their first rule. */
const schemaLanguages: readonly { readonly word: string; readonly module: string }[] = [
  { word: 'JSON Type Definition', module: JSON.stringify(toJtd(schema)) },
  { word: 'A JSON Schema', module: JSON.stringify(schema) },
];

function schemaFor({ schemaRules = [] }: Usage): string {
  const [first = ''] = schemaRules;
  const language = schemaLanguages.find(({ word }) => first.startsWith(word) || first.startsWith(`A ${word}`));
  if (language === undefined) throw new Error(`no schema for the test is written in the language of '${first}'`);
  return language.module;
}

/** Stands for the application's own code; one object for all snippets, as a gateway's cache in memory would be. */
const catalogModule = `
export const state = { isBroken: false };
const revive = (key, value) => (key.endsWith('At') || key === 'since') && value !== null ? new Date(value) : value;
const text = ${JSON.stringify(JSON.stringify(tools))};
export const catalogs = { text: JSON.parse(text), native: JSON.parse(text, revive) };
export const list = (variant) => {
  if (!state.isBroken) return catalogs[variant];
  const broken = { ...catalogs[variant][0], get name() { throw new Error('cannot be read'); } };
  return [catalogs[variant][1], broken];
};
`;

let directory: string;
const answers = new Map<string, SnippetAnswers>();

beforeAll(async () => {
  await mkdir(path.join(root, 'node_modules/.cache'), { recursive: true });
  directory = await mkdtemp(path.join(root, 'node_modules/.cache/snippets-'));
  await writeFile(path.join(directory, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(directory, 'catalog.js'), catalogModule);
  for (const { contender, variant, usage } of cases) {
    const folder = path.join(directory, contender.id, variant);
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, 'tools.js'),
      `import { list } from '../../catalog.js';\nexport const listTools = async () => list('${variant}');\n`,
    );
    if (usage.schemaRules !== undefined)
      await writeFile(path.join(folder, 'schema.js'), `export const toolsSchema = ${schemaFor(usage)};\n`);
    for (const { framework, code } of await writeSnippets({
      usage,
      title: contender.title,
      hasNativeTypes: variant === 'native',
    })) {
      await writeFile(path.join(folder, `${framework}.js`), code);
    }
  }
  for (const { id } of frameworks) {
    const files = cases.map(({ contender, variant }) => path.join(directory, contender.id, variant, `${id}.js`));
    const { stdout } = await execa(
      process.execPath,
      ['--import', preload, child, path.join(directory, 'catalog.js'), ...files],
      { timeout: 60_000 },
    );
    for (const answer of JSON.parse(stdout) as SnippetAnswers[])
      answers.set(path.relative(directory, answer.file), answer);
  }
}, 120_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

function answersOf(request: { contender: string; variant: Variant; framework: string }): SnippetAnswers {
  return answers.get(path.join(request.contender, request.variant, `${request.framework}.js`)) as SnippetAnswers;
}

/** What the contender's own file writes for the same value, which is what was measured. */
async function measuredBytes({ contender, variant }: (typeof cases)[number]): Promise<Buffer> {
  const compile = await contender.load();
  const serializer = compile({ schema, jtd: () => toJtd(schema), types: nativeTypes, variant });
  const isTime = (key: string): boolean => variant === 'native' && (key.endsWith('At') || key === 'since');
  const value: unknown = JSON.parse(JSON.stringify(tools), (key, field: unknown) =>
    isTime(key) && typeof field === 'string' ? new Date(field) : field,
  );
  return Buffer.from(serializer.encode?.(value) ?? serializer.stringify?.(value) ?? '');
}

test('the frameworks that are installed here have the major versions that their files are written for', () => {
  const versions: Readonly<Record<string, string>> = { ...packageJson.dependencies, ...packageJson.devDependencies };
  const majors = frameworks
    .flatMap(({ content }) => content.install)
    .map((name) => `${name} ${versions[name]?.split('.')[0]}`);
  expect(majors.toSorted()).toEqual(['@hono/node-server 2', 'express 5', 'fastify 5', 'hono 4']);
});

test('there is a snippet for each of the four frameworks', () => {
  expect(frameworks.map(({ id }) => id)).toEqual(['express', 'fastify', 'hono', 'node-http']);
  expect(usable.length).toBeGreaterThan(1);
});

describe.each(frameworks)('in $content.title', ({ id: framework }) => {
  const labelled = cases.map((entry) => ({ ...entry, label: `${entry.contender.id} with ${entry.variant} values` }));

  test.each(labelled)(
    '$label answers with the whole catalog, before a failure and after it',
    ({ contender, variant }) => {
      const { replies } = answersOf({ contender: contender.id, variant, framework });
      expect(replies).toHaveLength(2);
      for (const reply of replies) {
        expect(reply).toMatchObject({
          status: 200,
          contentType: expect.stringMatching(/^application\/json(; ?charset=utf-8)?$/i) as string,
        });
        const text = Buffer.from(reply.base64, 'base64').toString('utf8');
        expect(JSON.parse(text)).toEqual(tools);
        expect(contender.equality !== 'bytes' || text === JSON.stringify(tools)).toBe(true);
      }
    },
  );

  test.each(labelled)('$label writes the very bytes that were measured', async (entry) => {
    const { replies } = answersOf({ contender: entry.contender.id, variant: entry.variant, framework });
    const text = Buffer.from(replies[0]?.base64 ?? '', 'base64').toString('utf8');
    expect(text).toBe((await measuredBytes(entry)).toString('utf8'));
  });

  test.each(labelled)(
    '$label answers a value that cannot be read with 500, an unknown path with 404, HEAD without a body',
    (entry) => {
      const { brokenStatus, unknownStatus, head } = answersOf({
        contender: entry.contender.id,
        variant: entry.variant,
        framework,
      });
      expect({ brokenStatus, unknownStatus }).toEqual({ brokenStatus: 500, unknownStatus: 404 });
      expect(head).toMatchObject({
        status: 200,
        bytes: 0,
        contentType: expect.stringMatching(/^application\/json/) as string,
      });
    },
  );
});

describe.each(cases)('the code for $contender.id with $variant values', ({ contender, variant, usage }) => {
  const request = { usage, title: contender.title, hasNativeTypes: variant === 'native' };

  test('is at most 100 characters wide, without blanks at line ends or empty lines in a row', async () => {
    for (const { code } of await writeSnippets(request)) {
      expect(code.split('\n').filter((line) => line.length > widestLine || /\s$/.test(line))).toEqual([]);
      expect(code).not.toMatch(/\n\n\n/);
      expect(code).toMatch(/[^\n]\n$/);
    }
  });

  test('names every package that it imports, and no other', async () => {
    for (const { code } of await writeSnippets(request)) {
      const named = /^\/\/ npm install (.+)$/m.exec(code)?.[1]?.split(' ') ?? [];
      const specifiers = [...code.matchAll(/^import .* from '([^.'][^']*)';$/gm)].map((match) => match[1] as string);
      const imported = specifiers.filter((specifier) => !specifier.startsWith('node:')).map(packageOf);
      expect(named.toSorted()).toEqual([...new Set(imported)].toSorted());
    }
  });
});

test('a title with a line break stays in its comment', async () => {
  const usage = usable[0]?.usage as Usage;
  for (const { code } of await writeSnippets({
    usage,
    title: 'mine\nprocess.exit();\u2028//',
    hasNativeTypes: false,
  })) {
    expect(code.split(/[\n\u2028]/)[0]).toContain('mine process.exit();');
  }
});

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
