import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { isSupportedNode } from '../../src/cli/node-version.ts';
import { chooseMainBranch, detectProject } from '../../src/init/detect-project.ts';
import { callsGate } from '../../src/init/texts/workflow-text.ts';
import { git, makeProject, manifestOf } from './projects.ts';

const detect = (directory: string, env: Record<string, string> = {}) =>
  detectProject({
    surroundings: { cwd: directory, env: { PATH: process.env['PATH'], ...env }, signal: new AbortController().signal },
    isSupportedNode,
    runningNode: '26.1.0',
  });

describe('a project', () => {
  it.each([
    [{ fastify: '5' }, 'fastify'],
    [{ express: '5' }, 'express'],
    [{ hono: '4', '@hono/node-server': '2' }, 'hono'],
    [{ '@nestjs/core': '11', '@nestjs/platform-fastify': '11', fastify: '5' }, 'nestjs'],
    [{ '@modelcontextprotocol/sdk': '1', express: '5' }, 'express'],
    [{ pg: '8' }, 'node:http'],
  ])('has the framework of its dependencies: %j', async (dependencies, framework) => {
    const directory = makeProject({ 'package.json': manifestOf({ dependencies }) });
    expect((await detect(directory)).framework).toBe(framework);
  });

  it('has the serializers that it depends on, wherever it lists them', async () => {
    const manifest = manifestOf({ dependencies: { superjson: '2' }, devDependencies: { 'fast-json-stringify': '7' } });
    expect((await detect(makeProject({ 'package.json': manifest }))).serializers).toEqual([
      'fast-json-stringify',
      'superjson',
    ]);
  });

  it.each([
    ['package-lock.json', {}, { name: 'npm', isBerry: false, version: undefined }],
    [
      'pnpm-lock.yaml',
      { packageManager: 'pnpm@12.1.0+sha512.abc' },
      { name: 'pnpm', isBerry: false, version: '12.1.0' },
    ],
    ['pnpm-lock.yaml', {}, { name: 'pnpm', isBerry: false, version: undefined }],
    ['yarn.lock', { packageManager: 'yarn@4.18.1' }, { name: 'yarn', isBerry: true, version: '4.18.1' }],
    ['yarn.lock', { packageManager: 'yarn@1.22.22' }, { name: 'yarn', isBerry: false, version: '1.22.22' }],
    ['bun.lock', {}, { name: 'bun', isBerry: false, version: undefined }],
    ['README.md', {}, { name: 'npm', isBerry: false, version: undefined }],
    ['README.md', { packageManager: 'bun@1.4.5' }, { name: 'bun', isBerry: false, version: '1.4.5' }],
  ])('with %s and %j has its package manager', async (lockfile, fields, expected) => {
    const directory = makeProject({ 'package.json': manifestOf(fields), [lockfile]: '' });
    expect((await detect(directory)).packageManager).toEqual(expected);
  });

  it('takes the version of the manager that runs, where it is the same one', async () => {
    const directory = makeProject({ 'package.json': manifestOf({}), 'pnpm-lock.yaml': '' });
    const agent = (name: string) => ({ npm_config_user_agent: `${name} node/v26.1.0 linux x64` });
    expect((await detect(directory, agent('pnpm/12.3.4'))).packageManager.version).toBe('12.3.4');
    expect((await detect(directory, agent('npm/11.0.0'))).packageManager.version).toBeUndefined();
  });

  it('says what it asks for of Node.js, and which modules it has', async () => {
    const esm = makeProject({ 'package.json': manifestOf({ engines: { node: '>=22' } }), '.nvmrc': 'v24.15.0\n' });
    expect(await detect(esm)).toMatchObject({
      node: { asked: { range: '24.15.0', from: '.nvmrc' }, workflow: '24.15.0' },
      modules: 'esm',
    });
    const cjs = makeProject({ 'package.json': '{ "engines": { "node": "22.x" } }' });
    expect(await detect(cjs)).toMatchObject({ node: { workflow: '22' }, modules: 'cjs', name: undefined });
  });

  it('in a workspace has the lockfile, the version file and the workflows of its root', async () => {
    const root = makeProject({
      'package.json': manifestOf({ packageManager: 'pnpm@12.1.0', devDependencies: { wirebench: '0.1.0' } }),
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      'pnpm-lock.yaml': '',
      '.node-version': '24',
      '.github/workflows/gate.yml': 'run: npx wirebench gate --base main',
      '.github/workflows/other.yaml': '# npx wirebench gate\nrun: npm test',
      'packages/gateway/package.json': manifestOf({ dependencies: { hono: '4' } }),
    });
    expect(await detect(path.join(root, 'packages/gateway'))).toMatchObject({
      framework: 'hono',
      packageManager: { name: 'pnpm', version: '12.1.0' },
      node: { asked: { from: '.node-version' } },
      workspace: 'member',
      repository: { up: '../../', prefix: 'packages/gateway' },
      wirebench: { declared: '0.1.0', isInstalled: false },
      gateWorkflows: ['gate.yml'],
    });
    expect(await detect(root)).toMatchObject({ workspace: 'root', repository: { up: '', prefix: '' } });
  });

  it('looks at nothing above its repository', async () => {
    const outside = makeProject(
      {
        'package.json': manifestOf({ workspaces: ['*'] }),
        'yarn.lock': '',
        '.nvmrc': '24',
        'inner/package.json': manifestOf({}),
      },
      { branch: '' },
    );
    git(outside, 'init', '--quiet', 'inner');
    const project = await detect(path.join(outside, 'inner'));
    expect(project).toMatchObject({ packageManager: { name: 'npm' }, workspace: 'none', repository: { prefix: '' } });
    expect(project.node.asked).toBeUndefined();
  });

  it('knows a compiler that takes every file, and packages in archives', async () => {
    const files = {
      'package.json': manifestOf({}),
      'tsconfig.json': '{ /* all */ "compilerOptions": {} }',
      '.pnp.cjs': '',
    };
    expect(await detect(makeProject(files))).toMatchObject({ compilesEverything: true, hasNoNodeModules: true });
    const some = { 'package.json': manifestOf({}), 'tsconfig.json': '{ "include": ["src"] }' };
    expect(await detect(makeProject(some))).toMatchObject({ compilesEverything: false, hasNoNodeModules: false });
  });
});

describe('what is no project to set up', () => {
  it.each([
    [{}, 'main', 'no project to set up: there is no package.json in '],
    [{ 'package.json': '{ "name": ' }, 'main', 'cannot read package.json: '],
    [{ 'package.json': '[]' }, 'main', 'cannot read package.json: it is no JSON object'],
    [{ 'package.json/inside': '' }, 'main', 'cannot read package.json: EISDIR'],
    [{ 'package.json': '{}' }, '', 'is not in a git repository'],
  ])('is told why: %j', async (files, branch, message) => {
    await expect(detect(makeProject(files, { branch }))).rejects.toThrow(message);
  });
});

describe('the main branch', () => {
  it.each([
    [{ remoteHead: 'origin/trunk', branches: ['origin/trunk', 'main'], current: 'x' }, 'trunk', true],
    [{ remoteHead: undefined, branches: ['main', 'x'], current: 'x' }, 'main', true],
    [{ remoteHead: undefined, branches: ['origin/master'], current: 'x' }, 'master', true],
    [{ remoteHead: undefined, branches: ['trunk', 'x'], current: 'x' }, 'trunk', false],
    [{ remoteHead: undefined, branches: ['release'], current: 'release' }, 'release', false],
    [{ remoteHead: undefined, branches: [], current: 'main' }, 'main', true],
    [{ remoteHead: undefined, branches: [], current: 'trunk' }, 'trunk', false],
    [{ remoteHead: undefined, branches: [], current: undefined }, 'main', true],
  ])('of %j is %s', (request, mainBranch, isMainFound) => {
    expect(chooseMainBranch(request)).toEqual({ mainBranch, isMainFound });
  });
});

describe('a workflow', () => {
  it.each([
    ['run: npx --yes wirebench@0.1.0 gate --base HEAD^1', true],
    ['run: npx wirebench gate', true],
    ['run: pnpm bench:gate', true],
    ['uses: somebody/wirebench@v1', true],
    ['# run: npx wirebench gate', false],
    ['run: npx wirebench run', false],
  ])('calls the gate or does not: %s', (text, expected) => {
    expect(callsGate(text)).toBe(expected);
  });
});
