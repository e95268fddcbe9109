/**
 * The package as its users get it: built, packed, installed into an empty project, and used from there.
 *
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { nodeRange } from '../../src/cli/node-version.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { RunRecord } from '../../src/run-file/records.ts';
import { contents } from '../../release/contents.ts';
import { lintPacked, listPacked, readPacked, resolveTypes } from '../../release/tarball.ts';
import { writePayload } from '../../src/init/texts/payload-text.ts';
import { checkTypes, npmInstall, packOnce, Packing, passes } from './packing.ts';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
const project = path.join(folder, 'project');

/** Compiling and packing, or a cold install of every dependency. */
const preparationMs = 240_000;
/** One short measurement. */
const commandMs = 120_000;

/**
 * Packages of an installation. It was 333 before the optional ones were left out; a new dependency is a decision, and
 * this leaves room for what the present ones may grow by.
 */
const mostPackages = 70;

const packing = new Packing();

let tarball = '';
beforeAll(async () => {
  tarball = await packOnce(packing);
}, preparationMs);
beforeEach(({ skip }) => {
  if (packing.whyNot !== undefined) skip(packing.whyNot);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  it('holds JavaScript, types, schemas and documents, and nothing else', () => {
    const files = listPacked(tarball);
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'LICENSE',
        'README.md',
        'CHANGELOG.md',
        'ARCHITECTURE.md',
        'fixtures/schemas/tool.schema.json',
        'dist/src/index.js',
        'dist/src/index.d.ts',
        'dist/src/measure/worker/fork-worker.js',
        'dist/src/measure/worker/ensemble-worker.js',
        'dist/src/machine/probe-worker.js',
        'src/measure/python/worker.py',
        'dist/bench/contenders/json-stringify.js',
      ]),
    );
    const { kinds } = contents[packageJson.name]!;
    expect(files.filter((name) => !kinds.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  it('asks for the versions of Node.js that the program accepts', () => {
    expect((JSON.parse(readPacked(tarball, 'package.json')) as { engines: object }).engines).toEqual({
      node: nodeRange,
    });
  });

  it('has a program that a shell can start', () => {
    expect(readPacked(tarball, 'dist/src/cli/main.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(execFileSync('tar', ['-tvzf', tarball, 'package/dist/src/cli/main.js'], { encoding: 'utf8' })).toMatch(
      /^-rwxr-xr-x /,
    );
  });

  it('is clean to publint', async () => {
    expect(await lintPacked(tarball)).toEqual([]);
  });

  it('has types that resolve as its code does', async () => {
    const { problems, entries } = await resolveTypes(tarball);
    expect(problems).toEqual([]);
    expect(entries).toEqual(expect.arrayContaining(['.', './serializer', './serializer/fastify']));
  });
});

describe('in an empty project', () => {
  beforeAll(async () => {
    mkdirSync(project);
    write('package.json', JSON.stringify({ name: 'a-gateway', version: '1.0.0', private: true, type: 'module' }));
    await packing.run('npm', [...npmInstall, tarball], project);
  }, preparationMs);

  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), text);
  };
  /** @param line arguments, none of which has a space in it. */
  const wirebench = (line: string, options = {}) =>
    execa('npx', ['wirebench', ...line.split(' ')], { cwd: project, all: true, ...options });
  const cellsOf = (out: string): RunRecord['cells'] =>
    (JSON.parse(readFileSync(path.join(project, out, 'run.json'), 'utf8')) as RunRecord).cells;

  it('is small and has no optional peer', () => {
    const lockfile = readFileSync(path.join(project, 'node_modules/.package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lockfile) as { packages: object };
    const installed = Object.keys(packages).map((place) => place.replace(/^.*node_modules\//, ''));
    expect(installed).toContain('wirebench');
    expect(installed.length).toBeLessThanOrEqual(mostPackages);
    const published = JSON.parse(readPacked(tarball, 'package.json')) as {
      peerDependencies: Record<string, string>;
      optionalPackages: Record<string, string>;
    };
    const optional = { ...packageJson.peerDependencies, ...packageJson.optionalDependencies };
    expect(Object.keys(published.peerDependencies).toSorted()).toEqual(Object.keys(optional).toSorted());
    // npm would hold projects to these ranges, whether they use such a package for this or not.
    expect(new Set(Object.values(published.peerDependencies))).toEqual(new Set(['*']));
    expect(published.optionalPackages).toMatchObject(packageJson.peerDependencies);
    expect(Object.keys(optional).filter((name) => installed.includes(name))).toEqual([]);
  });

  const gateway = 'fastify, jose, @modelcontextprotocol/sdk, escape-goat, prom-client, and undici are';
  it.each([
    ['gateway --port 0', `cannot start the gateway: ${gateway}`],
    ['stack', `cannot start the stack: ${gateway}`],
    ['http --quick', `cannot measure over HTTP: autocannon, ${gateway}`],
    ['servers', 'cannot start the servers: @modelcontextprotocol/sdk is'],
    ['record node server.js', 'cannot record an MCP server: @modelcontextprotocol/sdk is'],
    ['record --url http://127.0.0.1/', 'cannot record an MCP server: @modelcontextprotocol/sdk is'],
  ])(
    'the program says in one line what it misses: %s',
    async (line, message) => {
      const { exitCode, stdout, stderr } = await wirebench(line, { reject: false });
      expect([exitCode, stdout]).toEqual([2, '']);
      const last = stderr.split('\n').at(-1);
      expect(last).toContain(`wirebench: ${message} not installed; run: npm install `);
      expect(last).toContain(`@modelcontextprotocol/sdk@${packageJson.peerDependencies['@modelcontextprotocol/sdk']}`);
      expect(stderr).not.toMatch(/^ {4}at /m);
    },
    commandMs,
  );

  it(
    'contenders that are not there have rows that say so, and a page without charts says so, too',
    async () => {
      const cells = 'run --suite serialize --payload tools --items 10,100 --variant text --sink bytes';
      const { stdout } = await wirebench(`${cells} --contender fast-json-stringify,superjson --forks 1 --out light`);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
        `superjson is not installed; run: npm install superjson@${packageJson.peerDependencies.superjson}`,
      );
      const page = readFileSync(path.join(project, 'light/report.html'), 'utf8');
      expect(page).toContain('Charts are left out of this page, since vega and vega-lite are not installed');
      expect(page).not.toContain('<figure');
      expect(page).toContain('fast-json-stringify');
    },
    commandMs,
  );

  it(
    'the program says its version',
    async () => {
      expect((await wirebench('--version')).stdout).toBe(packageJson.version);
    },
    commandMs,
  );

  it(
    'the program plans a session over HTTP, before anything that it needs is there',
    async () => {
      expect((await wirebench('http --list --quick')).stdout).toContain('json-stringify');
    },
    commandMs,
  );

  it(
    'the program offers the commands that a project can use',
    async () => {
      const { stdout } = await wirebench('--help');
      for (const command of ['run', 'gate', 'choose', 'explain', 'report', 'record'])
        expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
      // They would write into node_modules.
      for (const command of ['docs', 'fixtures']) expect(stdout).not.toMatch(new RegExp(`^ {2}${command} `, 'm'));
    },
    commandMs,
  );

  it(
    'has no package under a licence that binds whoever uses it, and says so in the row of who would need one',
    async () => {
      expect(existsSync(path.join(project, 'node_modules', '@jsonjoy.com'))).toBe(false);
      await wirebench(
        'run --suite serialize --payload tools --items 10 --contender json-pack --forks 1 --variant text --sink bytes --out optional',
      );
      const row = cellsOf('optional').find(({ contender }) => contender === 'json-pack');
      expect(row).toMatchObject({
        status: 'unavailable',
        reason: expect.stringContaining(
          '@jsonjoy.com/json-pack is not installed; a part of it is under the AGPL-3.0 only',
        ) as string,
      });
    },
    commandMs,
  );

  it(
    'measures built-in contenders on a built-in payload',
    async () => {
      const { stdout } = await wirebench(
        'run --suite serialize --payload tools --items 10 --contender json-stringify,gateway-serializer --forks 1 --variant text --out built-in',
      );
      expect(stdout).toContain('gateway-serializer');
      expect(cellsOf('built-in').map(({ contender, status }) => [contender, status])).toEqual([
        ['gateway-serializer', 'ok'],
        ['json-stringify', 'ok'],
      ]);
    },
    commandMs,
  );

  it(
    'the serializer is imported and gives the bytes of JSON.stringify',
    async () => {
      write(
        'serve.mjs',
        `
      import { createServer } from 'node:http';
      import { createResponseSerializer, formatUuid, send, StaleFragmentError } from 'wirebench/serializer';
      import { fastifyResponseSerializer } from 'wirebench/serializer/fastify';
      import { defineConfig } from 'wirebench';
      const value = Array.from({ length: 2000 }, (_, id) => ({ id, at: new Date(id * 1e9), name: 'nåme "' + id + '" 名' }));
      const serializer = createResponseSerializer();
      if (serializer.stringify(value) !== JSON.stringify(value)) throw new Error('stringify differs');
      if (!serializer.toBuffer(value).equals(Buffer.from(JSON.stringify(value)))) throw new Error('toBuffer differs');
      const server = createServer((_request, response) => send(response, value, { serializer }));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const answer = await fetch('http://127.0.0.1:' + server.address().port);
      if (await answer.text() !== JSON.stringify(value)) throw new Error('send differs');
      server.close();
      // Fastify itself is not installed here.
      console.log(typeof formatUuid, typeof StaleFragmentError, typeof defineConfig, typeof fastifyResponseSerializer);
    `,
      );
      expect((await execa('node', ['serve.mjs'], { cwd: project })).stdout).toBe('function function function function');
    },
    commandMs,
  );

  it(
    'a configuration adds contenders and payloads of the project',
    async () => {
      write(
        'wirebench.config.ts',
        `
      import { defineConfig } from 'wirebench';
      export default defineConfig({ contenders: ['bench/contenders'], payloads: ['bench/orders.ts', 'samples/invoice.json'] });
    `,
      );
      write(
        'bench/contenders/careful.ts',
        `
      import type { SerializeContender } from 'wirebench';
      export default {
        kind: 'serialize',
        title: 'careful',
        package: null,
        tier: 'quick',
        capabilities: [],
        equality: 'bytes',
        async load() {
          const { createResponseSerializer } = await import('wirebench/serializer');
          const serializer = createResponseSerializer();
          return () => ({ encode: (value) => serializer.toBuffer(value) });
        },
      } satisfies SerializeContender;
    `,
      );
      write(
        'bench/contenders/brief.ts',
        `
      import type { UserContender } from 'wirebench';
      export default {
        kind: 'serialize', title: 'brief', load: async () => () => ({ stringify: (value) => JSON.stringify(value, null, 1) }),
      } satisfies UserContender;
    `,
      );
      write(
        'bench/orders.ts',
        `
      import type { Generator, UserPayload } from 'wirebench';
      const order = (generator: Generator) => ({ id: generator.uuid(), at: generator.datetime(), total: generator.integer(1, 1000) });
      export default { title: 'orders', generate: (generator, items) => Array.from({ length: items }, () => order(generator)) } satisfies UserPayload;
    `,
      );
      write(
        'samples/invoice.json',
        JSON.stringify({
          number: 'A-1',
          lines: [
            { name: 'ål', price: 1.5 },
            { name: 'bread', price: 2 },
          ],
        }),
      );
      await wirebench(
        'run --suite serialize --payload orders,invoice --items 10 --contender careful,brief,fast-json-stringify --forks 1 --out own',
      );
      const cells = cellsOf('own').map(({ payload, contender, status }) => `${payload} ${contender} ${status}`);
      const contenders = ['brief', 'careful', 'fast-json-stringify', 'json-stringify'];
      expect(cells.toSorted()).toEqual(
        ['invoice', 'orders'].flatMap((payload) => contenders.map((contender) => `${payload} ${contender} ok`)),
      );
    },
    commandMs,
  );

  it(
    'a choice for a sample weighs the contenders of the project',
    async () => {
      write(
        'sample.json',
        JSON.stringify(Array.from({ length: 50 }, (_, id) => ({ id, name: `tool ${id}`, tags: ['a', 'b'] }))),
      );
      const { stdout } = await wirebench(
        'choose --sample sample.json --quick --contender json-stringify,careful --out chosen',
      );
      expect(stdout).toContain('careful');
      expect(existsSync(path.join(project, 'chosen', 'choice.json'))).toBe(true);
    },
    commandMs,
  );

  it(
    'a report outlives the modules that it speaks of',
    async () => {
      rmSync(path.join(project, 'bench/contenders'), { recursive: true });
      const { stdout, stderr } = await wirebench('report own');
      expect(stdout).toContain('careful');
      expect(stderr).toContain("cannot load the contender 'bench/contenders'");
    },
    commandMs,
  );

  it(
    'types are strict and complete',
    async () => {
      const text = `
      import { defineConfig, type CompileInput, type SerializeContender, type UserPayload } from 'wirebench';
      import { createResponseSerializer, type ResponseSerializer } from 'wirebench/serializer';
      export const serializer: ResponseSerializer = createResponseSerializer({ cache: { maxBytes: 1000 } });
      export const contender = {
        kind: 'serialize', title: 'mine', package: null, tier: 'quick', capabilities: ['native-code'], equality: 'json',
        load: async () => (_input: CompileInput) => ({ stringify: (value: unknown) => JSON.stringify(value) }),
      } satisfies SerializeContender;
      export const payload: UserPayload = { title: 'mine', generate: (generator) => generator.tool() };
      export default defineConfig({ gate: { tolerance: { time: 0.05 } } });
      // @ts-expect-error There is no such field, so types do arrive.
      defineConfig({ gates: {} });
    `;
      expect(await checkTypes({ project, text, packages: ['@types/node', 'undici-types'] })).toEqual(passes);
    },
    commandMs,
  );

  it(
    'and a payload that init writes passes them, with items of several shapes and a schema',
    async () => {
      const text = writePayload(
        { modules: 'esm' },
        {
          name: 'orders',
          described: 'orders.json',
          value: { items: [{ a: 1, at: '2026-01-02T03:04:05.000Z' }, { b: [null, 'x', { c: [] }] }, { b: [] }] },
          nativeSchema: { type: 'object', properties: { a: { type: ['string', 'null'], enum: ['x', null] } } },
        },
      );
      expect(await checkTypes({ project, text, packages: ['@types/node', 'undici-types'] })).toEqual(passes);
    },
    commandMs,
  );

  // The last one here: those before it are about a project without these packages.
  it(
    'what the program asks for is all that servers and a gateway need',
    async () => {
      const { stderr } = await wirebench('stack', { reject: false });
      const missing = / run: npm install (.+)$/m.exec(stderr)?.[1]?.split(' ') ?? [];
      await packing.run('npm', [...npmInstall, ...missing], project);
      // Not by npx, which would stand between the signal and the program.
      const program = path.join(project, 'node_modules/wirebench/dist/src/cli/main.js');
      const line = ['stack', '--json', '--port', '0', '--start-port', '0', '--count', '1', '--tools', '3'];
      const stack = execa('node', [program, ...line], { cwd: project, reject: false });
      const lines = stack.iterable()[Symbol.asyncIterator]();
      const { value } = (await lines.next()) as { value: string };
      const { url, token } = JSON.parse(value) as { url: string; token: string };
      const answer = await fetch(`${url}/tools`, { headers: { authorization: `Bearer ${token}` } });
      stack.kill('SIGTERM');
      expect(((await answer.json()) as object[]).length).toBeGreaterThanOrEqual(3);
      expect((await stack).exitCode).toBe(0);
    },
    preparationMs,
  );
});
