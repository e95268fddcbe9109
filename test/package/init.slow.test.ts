/**
 * `wirebench init` in projects of every package manager, with the package as its users get it: installed, set up, and
 * set up again. A manager that cannot be had is told, with its reason, and its tests are skipped.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import packageJson from '../../package.json' with { type: 'json' };
import { npmInstall, packOnce, Packing } from './packing.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
const tools = path.join(folder, 'tools');
/** Where npm has put what it fetched of the other managers. */
const [yarnProgram, bunPrograms] = ['@yarnpkg/cli-dist/bin/yarn.js', '@oven/bun-*/bin/bun{,.exe}'];

/** Packing or a cold installation; a limit for what hangs. */
const limitMs = 240_000;

const packing = new Packing();
let tarball = '';
beforeAll(async () => {
  tarball = await packOnce(packing);
  mkdirSync(tools);
}, limitMs);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manager {
  /** As init tells it. */
  readonly told: RegExp;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Files that say which manager it is. */
  readonly files?: Readonly<Record<string, string>>;
  /** What runs it; it is fetched where it has to be. */
  readonly find: (fetching: Packing) => Promise<readonly [string, ...string[]]>;
  readonly install: readonly string[];
  /** What runs a program of a package. */
  readonly exec: readonly string[];
  /** Commands of the workflow, without the version. */
  readonly fetched: readonly string[];
}

/** Fetches a package without running a script of it. */
async function fetchTool(fetching: Packing, name: string): Promise<void> {
  await fetching.run('npm', [...npmInstall, '--ignore-scripts', '--no-save', '--prefix', tools, name], tools);
}

const registry = (): string => execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();

const managers: Readonly<Record<string, Manager>> = {
  npm: {
    told: /^packages: {4}npm/m,
    // Older than what wirebench offers to use, which is no reason to refuse the project.
    dependencies: { devalue: '4.3.3', 'hdr-histogram-js': '2.0.3' },
    find: () => Promise.resolve(['npm']),
    install: npmInstall,
    exec: ['exec', '--'],
    fetched: [],
  },
  pnpm: {
    told: /^packages: {4}pnpm 12\.\d+\.\d+$/m,
    files: { 'pnpm-lock.yaml': '' },
    find: () => Promise.resolve(['npx', '-y', '--prefer-offline', 'pnpm@12']),
    install: ['install', '--ignore-scripts', '--no-frozen-lockfile'],
    exec: ['exec'],
    fetched: ['npm install --global pnpm@(exact)'],
  },
  'yarn berry': {
    told: /^packages: {4}yarn 4\.\d+\.\d+ \(berry\)$/m,
    // It does not read the settings of npm, and would take the registry that is built into it.
    files: {
      'yarn.lock': '',
      '.yarnrc.yml': `nodeLinker: node-modules\nenableTelemetry: false\nnpmRegistryServer: ${registry()}\nunsafeHttpWhitelist: ['*']\n`,
    },
    find: async (fetching) => {
      await fetchTool(fetching, '@yarnpkg/cli-dist');
      return [process.execPath, path.join(tools, 'node_modules', yarnProgram)];
    },
    // Where `CI` is set it would refuse to write the lockfile, as is right for everything but a first installation.
    install: ['install', '--mode=skip-build', '--no-immutable'],
    exec: ['run'],
    fetched: ['npm install --global @yarnpkg/cli-dist@(exact)'],
  },
  bun: {
    told: /^packages: {4}bun 1\.\d+\.\d+$/m,
    find: async (fetching) => {
      await fetchTool(fetching, 'bun');
      const [program] = globSync(bunPrograms, { cwd: path.join(tools, 'node_modules') });
      if (program === undefined && fetching.whyNot === undefined)
        fetching.whyNot = `npm fetched no program of bun for ${process.platform} on ${process.arch}`;
      return [path.join(tools, 'node_modules', program ?? '')];
    },
    install: ['install', '--ignore-scripts'],
    exec: ['x'],
    fetched: ['npm install --global --allow-scripts=bun bun@(exact)'],
  },
};

describe.each(Object.entries(managers))('with %s', (name, manager) => {
  const project = path.join(folder, name.replace(' ', '-'));
  const read = (file: string): string => readFileSync(path.join(project, file), 'utf8');
  const fetching = new Packing();
  let program: readonly [string, ...string[]] = ['npm'];

  beforeAll(async () => {
    if (packing.whyNot !== undefined) return;
    mkdirSync(project);
    execFileSync('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: project });
    copyFileSync(tarball, path.join(project, 'wirebench.tgz'));
    const manifest = {
      name: 'a-gateway',
      version: '1.0.0',
      private: true,
      type: 'module',
      dependencies: manager.dependencies ?? {},
      devDependencies: { wirebench: 'file:./wirebench.tgz' },
    };
    const files = { 'package.json': `${JSON.stringify(manifest, null, 2)}\n`, ...manager.files };
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(project, file), text);
    program = await manager.find(fetching);
    const [command, ...argv] = program;
    await fetching.run(command, [...argv, ...manager.install], project);
  }, limitMs);

  /** Calls a program of the project's packages by its manager. */
  const wirebench = (...argv: string[]) => {
    const [command, ...rest] = program;
    // Whatever runs these tests says who it is, too, and not every manager says so instead.
    const env = { npm_config_user_agent: undefined };
    return execa(command, [...rest, ...manager.exec, 'wirebench', ...argv], { cwd: project, reject: false, env });
  };

  it(
    'the project is set up, the configuration holds, and a second time changes nothing',
    async ({ skip }) => {
      const whyNot = packing.whyNot ?? fetching.whyNot;
      if (whyNot !== undefined) {
        process.stderr.write(`wirebench init is not tested with ${name}: ${whyNot}\n`);
        skip(whyNot);
      }
      const first = await wirebench('init', '--yes', '--no-baseline');
      expect(first).toMatchObject({ exitCode: 0 });
      expect(first.stdout).toMatch(manager.told);

      const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
      expect(Object.keys(scripts)).toEqual(['bench:gate', 'bench:baseline']);
      const { jobs } = parse(read('.github/workflows/wirebench.yml')) as {
        jobs: { gate: { steps: { run?: string }[] } };
      };
      const runs = jobs.gate.steps.flatMap(({ run }) => run ?? []);
      expect(runs.at(-1)).toContain(` wirebench@${packageJson.version} gate --base HEAD^1 `);
      const fetches = runs.filter((run) => run.startsWith('npm install --global '));
      expect(fetches.map((run) => run.replace(/@\d+\.\d+\.\d+$/, '@(exact)'))).toEqual(manager.fetched);

      // What the gate would measure, by the configuration as it imports the package that is installed.
      const planner = path.join(root, 'test/examples/plan-gate.ts');
      const { stdout: cells } = await execa(process.execPath, [planner, project]);
      expect(cells.split('\n')).toEqual(
        expect.arrayContaining([
          'serialize/json-stringify/tools/100/text/bytes',
          'serialize/json-stringify/tools/1000/native/bytes',
        ]),
      );

      const files = ['package.json', 'wirebench.config.ts', '.gitignore', '.github/workflows/wirebench.yml'];
      const before = files.map(read);
      const second = await wirebench('init', '--yes', '--no-baseline');
      expect(second).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to change') as string });
      expect(files.map(read)).toEqual(before);
    },
    limitMs,
  );

  if (name !== 'npm') return;

  it(
    'npm takes its own lockfile, also beside older packages than wirebench offers to use',
    async ({ skip }) => {
      const whyNot = packing.whyNot ?? fetching.whyNot;
      if (whyNot !== undefined) skip(whyNot);
      await fetching.run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], project);
      const { version } = JSON.parse(read('node_modules/devalue/package.json')) as { version: string };
      expect(version).toBe('4.3.3');
      const { exitCode, stderr } = await wirebench('users', 'light', '--host', 'http://127.0.0.1:1');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: `wirebench: cannot make a load of users: hdr-histogram-js 2.0.3 is installed, and ${packageJson.peerDependencies['hdr-histogram-js']} is needed; run: npm install hdr-histogram-js@${packageJson.peerDependencies['hdr-histogram-js']}`,
      });
      expect(existsSync(path.join(project, 'node_modules/wirebench/package.json'))).toBe(true);
    },
    limitMs,
  );

  it(
    'a first baseline of a response of the project is what the gate compares with',
    async ({ skip }) => {
      const whyNot = packing.whyNot ?? fetching.whyNot;
      if (whyNot !== undefined) skip(whyNot);
      rmSync(path.join(project, 'wirebench.config.ts'));
      writeFileSync(path.join(project, 'answer.json'), JSON.stringify({ items: [{ id: 1, name: 'one' }] }));
      const first = await wirebench('init', '--yes', '--sample', 'answer.json');
      expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('gate --baseline') as string });
      const { cells } = JSON.parse(read('results/baseline/run.json')) as {
        cells: { contender: string; status: string }[];
      };
      expect(cells.map(({ contender, status }) => `${contender} ${status}`).toSorted()).toEqual([
        'devalue ok',
        'json-stringify ok',
        'safe-stable-stringify ok',
      ]);
      // Measured once: it stays what later work is compared with.
      const before = read('results/baseline/run.json');
      expect((await wirebench('init', '--yes', '--sample', 'answer.json')).exitCode).toBe(0);
      expect(read('results/baseline/run.json')).toBe(before);
    },
    limitMs,
  );
});
