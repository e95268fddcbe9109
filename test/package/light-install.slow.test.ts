/**
 * What an installation brings and what it leaves to who needs it: each command says in one line what it misses.
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { npmInstall, Packing } from './packing.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const project = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
const tarball = path.join(project, 'wirebench.tgz');

const preparationMs = 240_000;
const commandMs = 120_000;

/**
 * Packages of an installation. It was 333 before the optional ones were left out; a new dependency is a decision, and
 * this leaves room for what the present ones may grow by.
 */
const mostPackages = 70;

const packing = new Packing();
let installed: string[] = [];

beforeAll(async () => {
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'a-gateway', private: true }));
  await packing.run('npx', ['-y', '--prefer-offline', 'pnpm@12', 'pack', '--out', tarball], root);
  await packing.run('npm', [...npmInstall, tarball], project);
  if (packing.whyNot !== undefined) return;
  const lock = JSON.parse(readFileSync(path.join(project, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: object;
  };
  installed = Object.keys(lock.packages).map((place) => place.replace(/^.*node_modules\//, ''));
}, preparationMs);
beforeEach(({ skip }) => {
  if (packing.whyNot !== undefined) skip(packing.whyNot);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const wirebench = (...argv: string[]) => execa('npx', ['wirebench', ...argv], { cwd: project, reject: false });

describe('an installation', () => {
  it('is small and has no optional peer', () => {
    expect(installed).toContain('wirebench');
    expect(installed.length).toBeLessThanOrEqual(mostPackages);
    expect(Object.keys(packageJson.peerDependencies).filter((name) => installed.includes(name))).toEqual([]);
  });

  it.each([
    [
      'gateway',
      ['gateway', '--port', '0'],
      'cannot start the gateway: fastify, jose, and @modelcontextprotocol/sdk are',
    ],
    [
      'http',
      ['http', '--quick'],
      'cannot measure over HTTP: autocannon, fastify, jose, and @modelcontextprotocol/sdk are',
    ],
    ['record', ['record', 'node', 'server.js'], 'cannot record an MCP server: @modelcontextprotocol/sdk is'],
    [
      'record --url',
      ['record', '--url', 'http://127.0.0.1/'],
      'cannot record an MCP server: @modelcontextprotocol/sdk is',
    ],
  ])(
    'says in one line what %s needs',
    async (_name, argv, message) => {
      const { exitCode, stdout, stderr } = await wirebench(...argv);
      expect([exitCode, stdout]).toEqual([2, '']);
      const last = stderr.split('\n').at(-1);
      expect(last).toContain(`wirebench: ${message} not installed; run: npm install `);
      expect(last).toContain(`@modelcontextprotocol/sdk@${packageJson.peerDependencies['@modelcontextprotocol/sdk']}`);
      expect(stderr).not.toMatch(/^ {4}at /m);
    },
    commandMs,
  );

  it(
    'measures without the contenders that it does not bring, and shows a page without charts that says so',
    async () => {
      mkdirSync(path.join(project, 'results'));
      const cells = '--suite serialize --payload tools --items 10,100 --variant text --sink bytes';
      const options = `${cells} --contender fast-json-stringify,superjson --forks 1 --out results/light`;
      const measured = await wirebench('run', ...options.split(' '));
      expect(measured.exitCode).toBe(0);
      expect(measured.stdout.replaceAll(/\s+/g, ' ')).toContain(
        `superjson is not installed; run: npm install superjson@${packageJson.peerDependencies.superjson}`,
      );
      const page = readFileSync(path.join(project, 'results/light/report.html'), 'utf8');
      expect(page).toContain('Charts are left out of this page, since vega and vega-lite are not installed');
      expect(page).not.toContain('<figure');
      expect(page).toContain('fast-json-stringify');
    },
    commandMs,
  );
});
