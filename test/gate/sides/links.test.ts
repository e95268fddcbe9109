/**
 * What of a side stays inside of it: links, hard links, and configurations of package managers that lead elsewhere.
 *
 * links.slow.test.ts lets a stand-in for a package manager write through every trap of its own.
 */
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { separateHardLinks } from '../../../src/gate/sides/links.ts';
import { findRedirect } from '../../../src/gate/sides/redirects.ts';
import type { TestRepository, Workshop } from './repositories.ts';
import { createWorkshop, installable } from './repositories.ts';

let workshop: Workshop;
let repository: TestRepository;
let outside: string;
beforeEach(() => {
  workshop = createWorkshop();
  repository = workshop.repository();
  repository.commit(installable);
  outside = path.join(workshop.folder, 'outside');
  for (const name of ['node_modules/ms', 'a']) mkdirSync(path.join(outside, name), { recursive: true });
  // It writes through a link where there is one.
  workshop.program('pnpm', 'mkdir -p node_modules/ms && echo changed > node_modules/ms/written');
});
afterEach(() => workshop.remove());

const inside = (...names: string[]): string => path.join(repository.top, ...names);
const link = (target: string, name: string): void => {
  mkdirSync(path.dirname(inside(name)), { recursive: true });
  symlinkSync(target, inside(name));
};

describe('links of a side', () => {
  it('that lead out are left out by name, and those that stay inside are kept', async () => {
    link('../outside/a', 'out');
    link('/', 'vendor/root');
    link('packages/a', 'in');
    link('../packages/a/index.js', 'vendor/in');
    link('not-there', 'dangling');
    const { candidate, warnings } = await workshop.open({ directory: repository.top, base: 'HEAD' });
    const found = readdirSync(candidate.checkout, { withFileTypes: true })
      .filter((entry) => entry.isSymbolicLink())
      .map(({ name }) => name);
    expect(found.toSorted()).toEqual(['dangling', 'in']);
    expect(readlinkSync(path.join(candidate.checkout, 'vendor/in'))).toBe('../packages/a/index.js');
    expect(warnings).toEqual(
      ["'out'", "'vendor/root'"].map(
        (name) => `${name} is a link that leads out of the repository and is left out of the candidate (working tree)`,
      ),
    );
  });

  it('include no node_modules that is not in git, which is said, and one in git is kept', async () => {
    link('../outside/node_modules', 'node_modules');
    const { warnings } = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(readdirSync(path.join(outside, 'node_modules/ms'))).toEqual([]);
    expect(warnings).toEqual([
      "'node_modules' is not in git and is left out of the candidate, whose packages are installed anew",
    ]);

    rmSync(inside('node_modules'));
    repository.write({ 'vendor/x/node_modules/kept/index.js': 'kept' });
    repository.git('add', '--force', 'vendor');
    repository.git('commit', '--quiet', '--message', 'vendored');
    const { candidate } = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(readFileSync(path.join(candidate.checkout, 'vendor/x/node_modules/kept/index.js'), 'utf8')).toContain(
      'kept',
    );
  });
});

describe('hard links that a package manager made', () => {
  it('are separated, so that a write reaches this side only', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    try {
      mkdirSync(path.join(folder, 'store'));
      mkdirSync(path.join(folder, 'side/node_modules/ms'), { recursive: true });
      writeFileSync(path.join(folder, 'store/index.js'), 'stored', { mode: 0o755 });
      const file = path.join(folder, 'side/node_modules/ms/index.js');
      linkSync(path.join(folder, 'store/index.js'), file);
      symlinkSync(path.join(folder, 'store'), path.join(folder, 'side/link'));
      separateHardLinks(path.join(folder, 'side'));
      writeFileSync(file, 'changed');
      expect(readFileSync(path.join(folder, 'store/index.js'), 'utf8')).toBe('stored');
      expect(statSync(file).mode & 0o777).toBe(0o755);
      expect(readdirSync(path.dirname(file))).toEqual(['index.js']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a configuration that leads out of a side', () => {
  const refused: [string, string][] = [
    ['.npmrc', 'modules-dir=../../elsewhere'],
    ['.npmrc', '# a comment\nvirtual-store-dir = /var/store'],
    ['.npmrc', 'store-dir=~/store'],
    ['.npmrc', 'prefix=${HOME}'],
    ['.npmrc', 'cache=../cache'],
    ['.npmrc', 'global-bin-dir="/usr/local/bin"'],
    ['.yarnrc', '--modules-folder "../elsewhere"'],
    ['.yarnrc', '--install.modules-folder /elsewhere'],
    ['.yarnrc', 'cache-folder "../cache"'],
    ['.yarnrc.yml', 'cacheFolder: "../cache"'],
    ['.yarnrc.yml', 'nodeLinker: node-modules\npnpUnpluggedFolder: /elsewhere # why'],
    ['.yarnrc.yml', 'installStatePath: ../state.gz'],
    ['bunfig.toml', '[install]\nglobalDir = "/elsewhere"'],
    ['bunfig.toml', '[install.cache]\ndir = "~/.cache"'],
    ['pnpm-workspace.yaml', 'packages:\n  - packages/*\n  - ../elsewhere\n'],
    ['pnpm-workspace.yaml', 'packages: ["packages/*", "../../*"]'],
    ['pnpm-workspace.yaml', 'modulesDir: ../elsewhere'],
    ['pnpm-workspace.yaml', 'virtualStoreDir: /elsewhere'],
    ['pnpm-workspace.yaml', "storeDir: '../../store'"],
    [
      'pnpm-lock.yaml',
      "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies: {}\n\n  ../elsewhere:\n    dependencies: {}\n",
    ],
    ['package.json', '{"workspaces":["packages/*","../elsewhere"]}'],
    ['package.json', '{"workspaces":{"packages":["/elsewhere"]}}'],
    ['lerna.json', '{"packages":["../elsewhere/*"]}'],
    ['package-lock.json', '{"packages":{"":{},"../elsewhere/node_modules/ms":{}}}'],
  ];
  const accepted: [string, string][] = [
    [
      '.npmrc',
      'virtual-store-dir=.pnpm\nnode-linker=hoisted\nregistry=https://registry.example/\n//registry.example/:_authToken=${TOKEN}\nscript-shell=/bin/bash\ncafile=/etc/ssl/ca.pem\npython=/usr/bin/python3',
    ],
    ['.yarnrc', 'registry "https://registry.example"\nyarn-path ".yarn/releases/yarn-1.cjs"'],
    ['.yarnrc.yml', 'nodeLinker: pnp\ncacheFolder: ./.yarn/cache\nyarnPath: .yarn/releases/yarn-4.cjs'],
    ['bunfig.toml', '[install]\nregistry = "https://registry.example"'],
    [
      'pnpm-workspace.yaml',
      'packages:\n  - packages/*\n  - "!../elsewhere"\noverrides:\n  ms: link:../ms\nallowBuilds:\n  simdjson: true\n',
    ],
    [
      'pnpm-lock.yaml',
      'importers:\n\n  .:\n    dependencies: {}\n\n  packages/a:\n    dependencies: {}\n\npackages:\n\n  /ms@2.1.3:\n    resolution: {}\n',
    ],
    ['package.json', '{"workspaces":["packages/*"],"dependencies":{"x":"file:../x"}}'],
    ['package-lock.json', '{"packages":{"":{},"node_modules/ms":{},"packages/a":{}}}'],
  ];

  const inFolder = (file: string, text: string) => {
    const checkout = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    try {
      writeFileSync(path.join(checkout, file), text);
      return findRedirect({ home: checkout, checkout });
    } finally {
      rmSync(checkout, { recursive: true, force: true });
    }
  };

  it.each(refused)('is found in %s: %s', (file, text) => {
    expect(inFolder(file, text)).toMatchObject({ file });
  });

  it.each(accepted)('is not seen where %s stays inside', (file, text) => {
    expect(inFolder(file, text)).toBeUndefined();
  });

  it('may lead out of a package as long as it stays inside of the repository', () => {
    const checkout = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    try {
      const home = path.join(checkout, 'packages/a');
      mkdirSync(home, { recursive: true });
      writeFileSync(path.join(home, '.npmrc'), 'modules-dir=../../node_modules');
      expect(findRedirect({ home, checkout })).toBeUndefined();
    } finally {
      rmSync(checkout, { recursive: true, force: true });
    }
  });

  it('refuses the side by name, with the file and the line, before anything is installed', async () => {
    repository.write({ '.npmrc': 'store-dir=../elsewhere\n' });
    const opening = workshop.open({ directory: repository.top, base: 'HEAD' });
    await expect(opening).rejects.toMatchObject({
      code: 2,
      message:
        'the candidate (working tree) cannot be installed: .npmrc leads out of the repository: store-dir=../elsewhere',
      hint: expect.stringContaining('inside of the repository') as string,
    });
    expect(workshop.leftovers()).toEqual([]);
  });
});

describe('the environment of an install', () => {
  it('holds what a package manager needs, what the user names, and no secret', async () => {
    const log = path.join(workshop.folder, 'environment');
    workshop.program('pnpm', `env > '${log}'`);
    const secrets = {
      GITHUB_TOKEN: 'secret',
      ACTIONS_RUNTIME_TOKEN: 'secret',
      NODE_AUTH_TOKEN: 'secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
      GITHUB_ENV: 'secret',
      NODE_OPTIONS: '--no-warnings',
    };
    const env = {
      ...secrets,
      PATH: `${workshop.programs}:${process.env['PATH']}`,
      HOME: workshop.folder,
      https_proxy: 'http://proxy.example',
      npm_config_registry: 'https://registry.example',
      OURS: 'given',
    };
    await workshop.open({ directory: repository.top, base: 'HEAD', env, passedVariables: ['OURS'] });
    const seen = readFileSync(log, 'utf8');
    expect(seen).toContain('https_proxy=http://proxy.example');
    expect(seen).toContain('npm_config_registry=https://registry.example');
    expect(seen).toContain(`HOME=${workshop.folder}`);
    expect(seen).toContain('OURS=given');
    expect(seen).not.toContain('secret');
    expect(seen).not.toContain('NODE_OPTIONS');
  });
});
