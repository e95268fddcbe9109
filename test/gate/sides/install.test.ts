/**
 * Installing the sides with a stand-in for the package manager: what is called where, and what its failures become.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findNode, readInstalledVersions } from '../../../src/gate/sides/packages.ts';
import { createWorkshop, type TestRepository, type Workshop } from './repositories.ts';

let workshop: Workshop;
let repository: TestRepository;
let log: string;
beforeEach(() => {
  workshop = createWorkshop();
  repository = workshop.repository();
  log = path.join(workshop.folder, 'calls');
});
afterEach(() => workshop.remove());

const manifest = JSON.stringify({ dependencies: { tiny: '1.0.0' } });

/** What keeps pnpm inside of a side that is no workspace. */
const pnpmGuards =
  '--package-import-method=clone-or-copy --config.enable-global-virtual-store=false --ignore-workspace';

/** A manager that notes how it was called and installs one package, with the version that the lockfile holds. */
function standIn(name: string, lockfile: string): void {
  workshop.program(
    name,
    `echo "${name} $* in $(basename "$PWD") CI=$CI NODE_ENV=$NODE_ENV GIT_DIR=$GIT_DIR" >> '${log}'
mkdir -p node_modules/tiny
echo "{\\"version\\":\\"$(cat ${lockfile})\\"}" > node_modules/tiny/package.json`,
  );
}

function calls(): string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}

describe('installing', () => {
  it.each([
    ['pnpm', 'pnpm-lock.yaml', 'pnpm i --frozen-lockfile --prefer-offline', ` ${pnpmGuards}`],
    ['npm', 'package-lock.json', 'npm ci --prefer-offline --no-audit --no-fund', ' --prefix=SIDE'],
    ['yarn', 'yarn.lock', 'yarn install --frozen-lockfile --prefer-offline', ''],
  ])('gives each side what its own lockfile says: %s', async (name, lockfile, command, guards) => {
    standIn(name, lockfile);
    repository.commit({ 'package.json': manifest, [lockfile]: '1.0.0', '.gitignore': 'node_modules\n' });
    repository.write({ [lockfile]: '2.0.0' });
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(readInstalledVersions(['tiny', 'absent'], sides.baseline)).toEqual({ tiny: '1.0.0' });
    expect(readInstalledVersions(['tiny', 'absent'], sides.candidate)).toEqual({ tiny: '2.0.0' });
    expect(calls().map((call) => call.replaceAll(path.dirname(sides.baseline.checkout), ''))).toEqual(
      ['older', 'newer'].map(
        (side) => `${command}${guards.replace('SIDE', `/${side}`)} in ${side} CI=true NODE_ENV= GIT_DIR=`,
      ),
    );
    expect(workshop.progress.filter((message) => message.startsWith('installing'))).toEqual([
      `installing the baseline (HEAD) with ${command}`,
      `installing the candidate (working tree) with ${command}`,
    ]);
    expect(existsSync(path.join(repository.top, 'node_modules'))).toBe(false);
  });

  it('happens where the lockfile is: above a project that is part of a workspace', async () => {
    standIn('pnpm', 'pnpm-lock.yaml');
    repository.commit({ 'package.json': manifest, 'pnpm-lock.yaml': '3.0.0', 'packages/bench/package.json': manifest });
    const sides = await workshop.open({
      directory: path.join(repository.top, 'packages/bench'),
      base: 'HEAD',
    });
    expect(calls().map((call) => / in (\w+) /.exec(call)?.[1])).toEqual(['older', 'newer']);
    expect(readInstalledVersions(['tiny'], sides.candidate)).toEqual({ tiny: '3.0.0' });
  });

  it('is not told of the environment that a hook or a production shell has', async () => {
    standIn('pnpm', 'pnpm-lock.yaml');
    repository.commit({ 'package.json': manifest, 'pnpm-lock.yaml': '1.0.0' });
    const env = {
      PATH: `${workshop.programs}:${process.env['PATH']}`,
      NODE_ENV: 'production',
      GIT_DIR: workshop.folder,
    };
    await workshop.open({ directory: repository.top, base: 'HEAD', env });
    expect(calls()[0]).toMatch(/CI=true NODE_ENV= GIT_DIR=$/);
  });

  it('uses the manager that runs wirebench, and only where the lockfile is of the same kind', async () => {
    standIn('pnpm', 'pnpm-lock.yaml');
    const running = path.join(workshop.folder, 'pnpm.cjs');
    writeFileSync(
      running,
      `require('node:fs').appendFileSync(${JSON.stringify(log)}, 'the running one ' + process.argv.slice(2).join(' ') + '\\n')`,
    );
    const other = path.join(workshop.folder, 'npm-cli.js');
    writeFileSync(other, 'process.exit(9)');
    repository.commit({ 'package.json': manifest, 'pnpm-lock.yaml': '1.0.0' });
    const PATH = `${workshop.programs}:${process.env['PATH']}`;
    await workshop.open({ directory: repository.top, base: 'HEAD', env: { PATH, npm_execpath: running } });
    expect(calls()).toEqual(Array(2).fill(`the running one i --frozen-lockfile --prefer-offline ${pnpmGuards}`));
    await workshop.open({ directory: repository.top, base: 'HEAD', env: { PATH, npm_execpath: other } });
    expect(calls()[2]).toMatch(/^pnpm i /);
  });

  it.each([
    ['pnpm@9.12.1+sha512.abc', 'pnpm@9'],
    [undefined, 'pnpm@latest'],
  ])(
    'asks npx for a manager that is not there, in the version of packageManager: %s',
    async (packageManager, wanted) => {
      workshop.program('npx', `echo "npx $*" >> '${log}'`);
      for (const name of ['git', 'cat']) workshop.program(name, `PATH='${process.env['PATH']}' exec ${name} "$@"`);
      repository.commit({
        'package.json': JSON.stringify({ ...JSON.parse(manifest), packageManager }),
        'pnpm-lock.yaml': '1.0.0',
      });
      await workshop.open({ directory: repository.top, base: 'HEAD', env: { PATH: workshop.programs } });
      expect(calls()[0]).toBe(`npx -y --package ${wanted} -- pnpm i --frozen-lockfile --prefer-offline ${pnpmGuards}`);
    },
  );

  it('is refused where neither the manager nor npx is there', async () => {
    workshop.program('git', `PATH='${process.env['PATH']}' exec git "$@"`);
    repository.commit({ 'package.json': manifest, 'pnpm-lock.yaml': '1.0.0' });
    const opening = workshop.open({ directory: repository.top, base: 'HEAD', env: { PATH: workshop.programs } });
    await expect(opening).rejects.toMatchObject({
      code: 2,
      message: expect.stringContaining('pnpm-lock.yaml') as string,
    });
  });

  it('needs a lockfile where there are dependencies, and none where there are not', async () => {
    repository.commit({ 'package.json': '{"type":"module"}' });
    repository.write({ 'package.json': manifest, 'pnpm-workspace.yaml': 'packages: []\n' });
    await expect(workshop.open({ directory: repository.top, base: 'HEAD' })).rejects.toMatchObject({
      code: 2,
      message: expect.stringMatching(/^the candidate .* no lockfile/) as string,
      hint: expect.stringContaining('commit the lockfile') as string,
    });
    expect(workshop.leftovers()).toEqual([]);
  });

  it('that fails names the side, the command and the end of what it wrote', async () => {
    workshop.program(
      'pnpm',
      `for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "line $i"; done; printf '\\033[31mERR_OUTDATED\\033[0m lockfile is out of date\\n' >&2; exit 3`,
    );
    repository.commit({ 'package.json': manifest, 'pnpm-lock.yaml': '1.0.0' });
    const opening = workshop.open({ directory: repository.top, base: 'main' });
    await expect(opening).rejects.toMatchObject({
      code: 2,
      message:
        'the baseline (main) does not install: "pnpm i --frozen-lockfile --prefer-offline" ended with exit code 3',
      hint: expect.stringMatching(/line 12\n {2}ERR_OUTDATED lockfile is out of date$/) as string,
    });
    await expect(opening).rejects.not.toMatchObject({ hint: expect.stringContaining('line 3\n') as string });
    expect(workshop.leftovers()).toEqual([]);
  });

  it('on a full disk says that the disk is full', async () => {
    workshop.program('pnpm', `echo 'ENOSPC: no space left on device, write' >&2; exit 1`);
    repository.commit({ 'package.json': manifest, 'pnpm-lock.yaml': '1.0.0' });
    await expect(workshop.open({ directory: repository.top, base: 'HEAD' })).rejects.toThrow(
      'the disk is full: it had no room for installing the baseline',
    );
  });

  it('ends with all of its processes when it is interrupted, and leaves no directory', async () => {
    const pidFile = path.join(workshop.folder, 'pid');
    // The grandchild is what npx or a build script would be.
    workshop.program('pnpm', `sleep 300 & echo $! > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'; wait`);
    repository.commit({ 'package.json': manifest, 'pnpm-lock.yaml': '1.0.0' });
    const abort = new AbortController();
    const opening = Promise.allSettled([
      workshop.open({ directory: repository.top, base: 'HEAD', signal: abort.signal }),
    ]);
    while (!existsSync(pidFile)) await delay(20);
    expect(workshop.leftovers()).toHaveLength(1);
    abort.abort();
    expect(await opening).toMatchObject([{ status: 'rejected', reason: { name: 'UserError', code: 130 } }]);
    expect(workshop.leftovers()).toEqual([]);
    expect(await isGone(Number(readFileSync(pidFile, 'utf8')))).toBe(true);
  });

  it('does not even start when it is interrupted before', async () => {
    repository.commit({ 'a.txt': 'one' });
    const opening = workshop.open({ directory: repository.top, base: 'HEAD', signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: 130 });
    expect(workshop.leftovers()).toEqual([]);
  });
});

describe('the Node.js of a side', () => {
  const place = () => ({ directory: workshop.temporary, checkout: workshop.temporary });
  const find = () => findNode({ ...place(), env: { PATH: process.env['PATH'] }, signal: new AbortController().signal });

  function installNode(script: string): string {
    const folder = path.join(workshop.temporary, 'node_modules/node');
    mkdirSync(path.join(folder, 'bin'), { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"version":"99.1.2"}');
    const file = path.join(folder, 'bin/node');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it('is the one among its packages', async () => {
    const file = installNode('echo v99.1.2');
    expect(await find()).toEqual({ path: file, version: '99.1.2' });
  });

  it.each(['exit 1', 'echo nonsense'])('is that of wirebench where its own does not run: %s', async (script) => {
    installNode(script);
    expect(await find()).toEqual({ path: process.execPath, version: process.versions.node });
  });
});

describe('installed versions', () => {
  it('are those inside the checkout, the nearest first, and never from above it', () => {
    const checkout = path.join(workshop.temporary, 'older');
    const directory = path.join(checkout, 'packages/bench');
    const put = (level: string, name: string, content: string): void => {
      mkdirSync(path.join(level, 'node_modules', name), { recursive: true });
      writeFileSync(path.join(level, 'node_modules', name, 'package.json'), content);
    };
    put(directory, 'both', '{"version":"1.0.0"}');
    put(checkout, 'both', '{"version":"2.0.0"}');
    put(checkout, '@scope/hoisted', '{"version":"3.0.0"}');
    put(workshop.temporary, 'outside', '{"version":"4.0.0"}');
    put(checkout, 'broken', '{"version":');
    const names = ['outside', 'both', '@scope/hoisted', 'broken', 'absent', 'both'];
    expect(readInstalledVersions(names, { directory, checkout })).toEqual({ '@scope/hoisted': '3.0.0', both: '1.0.0' });
  });
});

/**
 * True once a process has ended; it may take a moment to be reaped, and where nobody reaps orphans it stays a zombie.
 */
async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    if (existsSync(`/proc/${pid}/stat`) && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true;
    await delay(20);
  }
  return false;
}
