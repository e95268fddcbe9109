/**
 * The serializer's own package as its users get it: one package, small, with types, on every Node.js that it names.
 */
import { globSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import manifest from '../../packages/serializer/package.json' with { type: 'json' };
import { contents } from '../../release/contents.ts';
import { lintPacked, listPacked, resolveTypes } from '../../release/tarball.ts';
import { checkTypes, npmInstall, Packing, passes } from './packing.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const home = path.join(root, 'packages/serializer');
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
const tarball = path.join(folder, `${manifest.name}-${manifest.version}.tgz`);
const project = path.join(folder, 'project');

/** Compiling, packing and installing. */
const preparationMs = 240_000;
/** Fetching a Node.js and a short program on it. */
const commandMs = 240_000;

const { kinds, mostPackedBytes, mostUnpackedBytes } = contents[manifest.name]!;

const packing = new Packing();

beforeAll(async () => {
  mkdirSync(project);
  write('package.json', JSON.stringify({ name: 'a-gateway', version: '1.0.0', private: true, type: 'module' }));
  await packing.run('npm', ['pack', '--pack-destination', folder], home);
  await packing.run('npm', [...npmInstall, tarball], project);
}, preparationMs);
beforeEach(({ skip }) => {
  if (packing.whyNot !== undefined) skip(packing.whyNot);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(path.join(project, name), text);
/** Files of the installed package or of everything that came with it. */
const installedFiles = (pattern: string): string[] => globSync(path.join(project, 'node_modules', pattern));

/** Another Node.js, as an npm package. @param skip for where npm has none. @returns the program. */
async function fetchNode(version: string, skip: (reason: string) => void): Promise<string> {
  const place = path.join(folder, `node-${version}`);
  mkdirSync(place);
  await packing.run('npm', [...npmInstall, '--prefix', place, `node@${version}`], place);
  if (packing.whyNot !== undefined) skip(packing.whyNot);
  return path.join(place, 'node_modules/node/bin/node');
}

it('holds JavaScript, types and documents, and nothing else', () => {
  const files = listPacked(tarball);
  expect(files).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md']));
  expect(files.filter((name) => !kinds.some((pattern) => pattern.test(name)))).toEqual([]);
});

it('is clean to publint', async () => {
  expect(await lintPacked(tarball)).toEqual([]);
});

it('has types that resolve as its code does', async () => {
  const { problems, entries } = await resolveTypes(tarball);
  expect(problems).toEqual([]);
  expect(entries.toSorted()).toEqual(['.', './fastify', './http', './mcp', './package.json']);
});

it('brings one package into an empty project, and that is itself', () => {
  expect(installedFiles('**/package.json').map((file) => path.relative(project, file))).toEqual([
    `node_modules/${manifest.name}/package.json`,
  ]);
});

it('stays small', () => {
  const sizes = installedFiles(`${manifest.name}/**/*`)
    .map((file) => statSync(file))
    .filter((stats) => stats.isFile())
    .map(({ size }) => size);
  expect(statSync(tarball).size).toBeLessThanOrEqual(mostPackedBytes);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostUnpackedBytes);
});

it(
  'gives the bytes of JSON.stringify on the oldest Node.js that it names',
  async ({ skip }) => {
    const oldest = manifest.engines.node.replace('>=', '');
    write(
      'serve.js',
      `
      import { createServer } from 'node:http';
      import { createResponseSerializer } from '${manifest.name}';
      import { fastifyResponseSerializer } from '${manifest.name}/fastify';
      import { send } from '${manifest.name}/http';
      import { McpTransport } from '${manifest.name}/mcp';
      const tools = Array.from({ length: 20000 }, (_, id) => ({ id, at: new Date(id * 1e9), name: 'nåme "' + id + '" 名' }));
      const value = { result: { tools } };
      const expected = JSON.stringify(value);
      const serializer = createResponseSerializer({ cache: {} });
      if (serializer.stringify(value) !== expected) throw new Error('stringify differs');
      if (serializer.toBuffer(value).toString() !== expected) throw new Error('toBuffer differs');
      if (Buffer.concat([...serializer.chunks(value)]).toString() !== expected) throw new Error('chunks differ');
      const server = createServer((_request, response) => send(response, value, { serializer }));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const answer = await fetch('http://127.0.0.1:' + server.address().port, { headers: { connection: 'close' } });
      if (await answer.text() !== expected) throw new Error('send differs');
      server.close();
      const transport = new McpTransport({ serializer });
      transport.onmessage = ({ id }) => transport.send({ jsonrpc: '2.0', id, result: value.result });
      const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
      const { body } = await transport.answer({ method: 'POST', headers, body: { jsonrpc: '2.0', id: 7, method: 'tools/list' } });
      if (body.id !== 7 || body.result !== value.result) throw new Error('the transport answers something else');
      console.log(process.version.split('.')[0], typeof fastifyResponseSerializer);
    `,
    );
    const { stdout } = await execa(await fetchNode(oldest, skip), ['serve.js'], { cwd: project });
    expect(stdout).toBe(`v${oldest} function`);
  },
  commandMs,
);

describe.each(['this Node.js', '22.12.0'])('on %s', (version) => {
  it(
    'can be required as well as imported',
    async ({ skip }) => {
      const names = ['', '/http', '/fastify', '/mcp'].map((entry) => `${manifest.name}${entry}`);
      write(
        'require.cjs',
        `
      const [main, http, plugin, mcp] = ${JSON.stringify(names)}.map((name) => require(name));
      const list = Array.from({ length: 50 }, (_, id) => ({ id, at: new Date(id) }));
      const isSame = main.createResponseSerializer().toBuffer(list).toString() === JSON.stringify(list);
      console.log(isSame, typeof http.send, typeof plugin.fastifyResponseSerializer, typeof mcp.McpTransport);
    `,
      );
      const program = version === 'this Node.js' ? process.execPath : await fetchNode(version, skip);
      const { stdout } = await execa(program, ['require.cjs'], { cwd: project });
      expect(stdout).toBe('true function function function');
    },
    commandMs,
  );
});

it(
  'has types that pass a strict check, those of libraries included',
  async () => {
    const text = `
      import { createServer } from 'node:http';
      import fastify from 'fastify';
      import { createResponseSerializer, type ResponseSerializer } from '${manifest.name}';
      import { fastifyResponseSerializer } from '${manifest.name}/fastify';
      import { send, type SendResult } from '${manifest.name}/http';
      export const serializer: ResponseSerializer = createResponseSerializer({ types: { map: true }, cache: { maxBytes: 1 } });
      createServer(async (_request, response) => {
        const result: SendResult = await send(response, {}, { serializer, status: 201 });
        if (result.outcome === 'failed') throw result.error;
      });
      const app = fastify();
      await app.register(fastifyResponseSerializer, { cache: {} });
      app.responseSerializer.invalidate({});
      // @ts-expect-error There is no such option, so types do arrive.
      createResponseSerializer({ caches: {} });
    `;
    expect(await checkTypes({ project, text, packages: ['@types/node', 'undici-types', 'fastify'] })).toEqual(passes);
  },
  commandMs,
);
