/**
 * Installs one side of a gate from its own lockfile, and reads what that gave it: packages and a Node.js of its own.
 *
 * Every child process of a checkout starts here too, in a process group that ends as a whole: a package manager has
 * children of its own. Deliberately absent: git, and any choice of versions; the lockfile has made it, and an install
 * that would have to change a lockfile fails.
 */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { execa } from 'execa';
import type { Agent } from 'package-manager-detector';
import { resolveCommand } from 'package-manager-detector/commands';
import { LOCKS } from 'package-manager-detector/constants';
import { detect } from 'package-manager-detector/detect';

import type { Env } from '../../process/child-environment.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import { UserError } from '../../user-error.ts';
import { separateHardLinks } from './links.ts';
import { findRedirect } from './redirects.ts';

/** Where a project lies inside the checkout that it came with. */
export interface Place {
  /** The project's own directory: the checkout's top level or below it. */
  readonly directory: string;
  /** The checkout's top level; nothing above it is ever looked at. */
  readonly checkout: string;
}

/**
 * Installs the packages of one side; does nothing where it has no package.json or one without dependencies.
 * @param request.label names the side in messages, e.g. `the baseline (main)`.
 * @param request.env the environment that the package manager is found in, by `PATH` and `npm_execpath`; it gets a short
 *   list of names out of it. @param request.passedVariables further names, which the user has chosen.
 * @param request.onProgress told what is being installed, once, before it starts.
 * @throws {UserError} where there is no lockfile, no package manager, or the install fails; code 130 when aborted.
 */
export async function installSide(
  request: Place & {
    label: string;
    env: Env;
    passedVariables?: readonly string[] | undefined;
    signal: AbortSignal;
    onProgress: (message: string) => void;
  },
): Promise<void> {
  const { directory, checkout, label, env, signal, onProgress } = request;
  const manifest = findUpwards({ directory, checkout }, (level) => fileIn(level, ['package.json']));
  const lockfile = findUpwards({ directory, checkout }, (level) => fileIn(level, lockfileNames));
  if (manifest === undefined || (lockfile === undefined && !hasDependencies(manifest))) return;
  if (lockfile === undefined) {
    throw new UserError(`${label} cannot be installed: its package.json has dependencies and no lockfile pins them`, {
      hint: 'commit the lockfile of your package manager, e.g. package-lock.json or pnpm-lock.yaml',
    });
  }
  const home = path.dirname(lockfile);
  if (!existsSync(path.join(home, 'package.json'))) {
    // npm would look for one above, and there it would leave the side.
    throw new UserError(
      `${label} cannot be installed: there is no package.json beside its ${path.basename(lockfile)}`,
      {
        hint: 'commit both files, and neither as a link that leads out of the repository',
      },
    );
  }
  refuseRedirects({ directory, checkout, home, label });
  const detected = await detect({ cwd: home, stopDir: home, strategies: ['lockfile'] });
  const command =
    detected === null ? undefined : installCommand({ agent: detected.agent, name: detected.name, home, checkout, env });
  if (command === undefined) {
    throw new UserError(
      `${label} cannot be installed: nothing is known that installs from ${path.basename(lockfile)}`,
      {
        hint: 'use npm, pnpm, yarn or bun, and see that the command or npx is on the PATH',
      },
    );
  }

  onProgress(`installing ${label} with ${command.shown}`);
  const result = await runChild({
    command: command.argv,
    cwd: home,
    env: installEnv(env, request.passedVariables ?? []),
    signal,
    doing: `installing ${label}`,
    timeLimitMs: installTimeLimitMs,
  });
  if (result.status === 'done') {
    separateHardLinks(checkout);
    return;
  }
  const tail = lastLines(result.output);
  const advice = `run "${command.shown}" on that commit to see more`;
  throw new UserError(`${label} does not install: "${command.shown}" ${result.why}`, {
    hint: tail.length === 0 ? advice : `${advice}. The end of its output:\n  ${tail.join('\n  ')}`,
  });
}

/** @throws {UserError} where the side's own configuration would have something written outside of it. */
function refuseRedirects({ home, label, ...place }: Place & { home: string; label: string }): void {
  const levels = [home];
  findUpwards(place, (level) => {
    levels.push(level);
    return undefined;
  });
  for (const level of new Set(levels)) {
    const redirect = findRedirect({ home: level, checkout: place.checkout });
    if (redirect === undefined) continue;
    throw new UserError(
      `${label} cannot be installed: ${path.relative(place.checkout, path.join(level, redirect.file))} leads out of the repository: ${redirect.line}`,
      {
        hint: 'the gate writes nothing outside of its temporary directory; name a place inside of the repository, or set it in the configuration of your user',
      },
    );
  }
}

/**
 * The Node.js that a side runs on: the one that its packages bring along, else the one that runs wirebench.
 * @returns its path and its version, e.g. `26.1.0`.
 */
export async function findNode(
  request: Place & { env: Env; signal: AbortSignal },
): Promise<{ path: string; version: string }> {
  const { env, signal } = request;
  const fallback = { path: process.execPath, version: process.versions.node };
  const folder = findPackage('node', request);
  if (folder === undefined) return fallback;
  const own = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(own)) return fallback;
  const asked = await runChild({
    command: [own, '--version'],
    cwd: request.directory,
    env: childEnvironment(env),
    signal,
    doing: `asking ${own} for its version`,
  });
  const version = /^v(\d+\.\d+\.\d+\S*)$/.exec(asked.stdout.trim())?.[1];
  // A binary of another platform or C library is there and does not run.
  return asked.status === 'done' && version !== undefined ? { path: own, version } : fallback;
}

/**
 * Installed version by package name, as the side's own code resolves it; what is not installed is left out.
 * @param names any order, duplicates allowed; the result is sorted by name.
 */
export function readInstalledVersions(names: readonly string[], place: Place): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const name of [...new Set(names)].toSorted()) {
    const folder = findPackage(name, place);
    const version = folder === undefined ? undefined : readJson(path.join(folder, 'package.json'))?.['version'];
    if (typeof version === 'string') versions[name] = version;
  }
  return versions;
}

/** How a child process ended; `why` completes a sentence that starts with the command. */
export type ChildResult = { readonly stdout: string; readonly output: string } & (
  | { readonly status: 'done' }
  | { readonly status: 'failed'; readonly exitCode: number | undefined; readonly why: string }
  /** The program itself was not found. */
  | { readonly status: 'missing'; readonly why: string }
);

/**
 * Runs a program to its end, in a process group of its own.
 * @param request.doing completes `interrupted while ...` and `the disk is full: ...`.
 * @param request.encoding `latin1` keeps every byte of stdin and stdout, for lists of file names; UTF-8 without it.
 * @param request.env the whole environment; nothing is added to it.
 * @throws {UserError} code 130 when `signal` is aborted, code 2 when the disk is full; not when the program fails.
 */
export async function runChild(request: {
  command: readonly [string, ...string[]];
  cwd: string;
  env: Env;
  signal: AbortSignal;
  doing: string;
  input?: string;
  encoding?: 'utf8' | 'latin1';
  timeLimitMs?: number;
}): Promise<ChildResult> {
  const { command, cwd, env, signal, doing, input, encoding = 'utf8', timeLimitMs } = request;
  const [file, ...args] = command;
  if (signal.aborted) throw interrupted(doing);
  const result = await execa(file, args, {
    cwd,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input: Buffer.from(input, encoding) }),
    encoding,
    all: true,
    reject: false,
    stripFinalNewline: false,
    cancelSignal: signal,
    killSignal: 'SIGKILL',
    killDescendants: true,
    windowsHide: true,
    ...(timeLimitMs !== undefined && { timeout: timeLimitMs }),
  });
  const { stdout } = result;
  const output = result.all;
  if (!result.failed) return { status: 'done', stdout, output };
  if (signal.aborted) throw interrupted(doing);
  if (isDiskFull(`${output}${result.shortMessage ?? ''}`)) throw diskFull(doing, result);
  if (result.code === 'ENOENT') return { status: 'missing', stdout, output, why: 'was not found' };
  const why = explainEnd(result, timeLimitMs);
  return { status: 'failed', exitCode: result.exitCode, stdout, output, why };
}

/** True for a message or an error code by which programs say that a disk or a quota is used up. */
export function isDiskFull(text: string): boolean {
  return /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded/i.test(text);
}

/** @param doing as `runChild` takes it. */
export function diskFull(doing: string, cause: unknown): UserError {
  return new UserError(`the disk is full: it had no room for ${doing}`, {
    hint: 'free some space, or set TMPDIR to a directory on another disk',
    cause,
  });
}

/** @param doing as `runChild` takes it. */
export function interrupted(doing: string): UserError {
  return new UserError(`interrupted while ${doing}; nothing was left behind`, { code: 130 });
}

/** The last lines that say something, oldest first, without colours and control characters. */
export function lastLines(output: string): string[] {
  return (
    stripVTControlCharacters(output)
      .split(/[\r\n]+/)
      // What a side's scripts print must not be taken for a command to GitHub, which takes them behind blanks, too.
      .map((line) =>
        line
          .trimEnd()
          .slice(0, shownLineLength)
          .replace(/^(\s*):(?=:)/, '$1: ')
          .replaceAll('##[', '## ['),
      )
      .filter((line) => line !== '')
      .slice(-shownLines)
  );
}

/** Lines of a failed program to show. Arbitrary: the reason that a package manager gives fits. */
const shownLines = 8;
/** Characters of a line to show. Arbitrary: two lines of a usual terminal. */
const shownLineLength = 160;
/** A cold install that compiles native code stays far below it; one that waits for an answer would never end. */
const installTimeLimitMs = 20 * 60_000;

/** Some files of `LOCKS` mark a workspace and pin nothing. */
const lockfileNames = Object.keys(LOCKS).filter((name) => !name.includes('workspace'));

/** What the managers that can are told besides, so that nothing is fetched that lies on this machine already. */
const extraArguments: Readonly<Record<string, readonly string[]>> = {
  npm: ['--prefer-offline', '--no-audit', '--no-fund'],
  pnpm: ['--prefer-offline'],
  yarn: ['--prefer-offline'],
};

/**
 * What keeps an install inside of its side, beyond what a user would type: no hard links into a store, no shared virtual
 * store, and no project above the side taken for its workspace.
 */
function guardsOf(agent: Agent, home: string, checkout: string): string[] {
  if (agent === 'npm') return [`--prefix=${home}`];
  if (agent === 'bun') return ['--backend=copyfile'];
  if (agent !== 'pnpm' && agent !== 'pnpm@6') return [];
  const workspace = findUpwards({ directory: home, checkout }, (level) => fileIn(level, ['pnpm-workspace.yaml']));
  return [
    '--package-import-method=clone-or-copy',
    '--config.enable-global-virtual-store=false',
    ...(workspace === undefined ? ['--ignore-workspace'] : []),
  ];
}

/** Package that brings the command of a manager, where its name is another one. */
const packageOfAgent: Readonly<Record<string, string>> = { 'yarn@berry': '@yarnpkg/cli-dist' };

function hasDependencies(manifest: string): boolean {
  const fields = readJson(manifest) ?? {};
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'workspaces'].some((name) => {
    const value = fields[name];
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  });
}

function fileIn(directory: string, names: readonly string[]): string | undefined {
  return names.map((name) => path.join(directory, name)).find((file) => existsSync(file));
}

/** The first answer on the way from the project's directory up to the checkout's top level. */
function findUpwards(place: Place, ask: (level: string) => string | undefined): string | undefined {
  for (let level = place.directory; ; level = path.dirname(level)) {
    const answer = ask(level);
    if (answer !== undefined) return answer;
    if (level === place.checkout || level === path.dirname(level)) return undefined;
  }
}

/** Folder of an installed package; unlike Node's own look-up it never leaves the checkout, so no other copy answers. */
export function findPackage(name: string, place: Place): string | undefined {
  return findUpwards(place, (level) => {
    const folder = path.join(level, 'node_modules', name);
    return existsSync(path.join(folder, 'package.json')) ? folder : undefined;
  });
}

function installCommand(request: {
  agent: Agent;
  name: string;
  home: string;
  checkout: string;
  env: Env;
}): { argv: [string, ...string[]]; shown: string } | undefined {
  const { agent, name, home, checkout, env } = request;
  const frozen = resolveCommand(agent, 'frozen', [...(extraArguments[agent] ?? [])]);
  if (frozen === null) return undefined;
  const { command, args } = frozen;
  const shown = [command, ...args].join(' ');
  const guarded = [...args, ...guardsOf(agent, home, checkout)];

  const running = env['npm_execpath'];
  if (running !== undefined && belongsTo(running, name) && existsSync(running)) {
    // The manager that runs wirebench is there for certain and is the one that the user chose.
    const isScript = /\.[cm]?js$/.test(running);
    return { argv: isScript ? [process.execPath, running, ...guarded] : [running, ...guarded], shown };
  }
  if (isOnPath(command, env)) return { argv: [command, ...guarded], shown };
  if (!isOnPath('npx', env)) return undefined;
  const wanted = `${packageOfAgent[agent] ?? name}@${wantedMajor(home, name) ?? 'latest'}`;
  // With --package the command may have another name than the package.
  const fetched: [string, ...string[]] = ['npx', '-y', '--package', wanted, '--', command];
  return { argv: [...fetched, ...guarded], shown: [...fetched, ...args].join(' ') };
}

/** True for the path of a manager's own program: `pnpm`, `pnpm.cjs`, `npm-cli.js`, `yarn-4.1.0.cjs`. */
function belongsTo(executable: string, name: string): boolean {
  const file = path.basename(executable);
  return file.startsWith(name) && !/^[a-z]/i.test(file.slice(name.length));
}

function isOnPath(command: string, env: Env): boolean {
  const extensions = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .some((folder) => extensions.some((extension) => isExecutable(path.join(folder, `${command}${extension}`))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function wantedMajor(home: string, name: string): string | undefined {
  const field = readJson(path.join(home, 'package.json'))?.['packageManager'];
  if (typeof field !== 'string' || !field.startsWith(`${name}@`)) return undefined;
  return /^\d+/.exec(field.slice(name.length + 1))?.[0];
}

/**
 * Variables that an install may have beside the short list: how registries are reached, where caches lie, and which
 * compiler is used. None holds a secret by custom: tokens of a registry stand in the user's own `~/.npmrc`, and one that
 * stands in the environment has to be named by the user.
 */
const installVariables = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'npm_config_proxy',
  'npm_config_https_proxy',
  'npm_config_noproxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'npm_config_cafile',
  'npm_config_strict_ssl',
  'npm_config_registry',
  'npm_config_userconfig',
  'npm_config_globalconfig',
  'npm_config_cache',
  'npm_config_store_dir',
  'pnpm_config_registry',
  'pnpm_config_store_dir',
  'YARN_REGISTRY',
  'YARN_NPM_REGISTRY_SERVER',
  'YARN_CACHE_FOLDER',
  'YARN_GLOBAL_FOLDER',
  'BUN_CONFIG_REGISTRY',
  'BUN_INSTALL',
  'BUN_INSTALL_CACHE_DIR',
  'COREPACK_HOME',
  'COREPACK_NPM_REGISTRY',
  'PNPM_HOME',
  'VOLTA_HOME',
  'NVM_DIR',
  'FNM_DIR',
  'ASDF_DIR',
  'ASDF_DATA_DIR',
  'MISE_DATA_DIR',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'CC',
  'CXX',
  'CFLAGS',
  'CXXFLAGS',
  'LDFLAGS',
  'MAKEFLAGS',
  'PYTHON',
  'npm_config_python',
  'npm_config_nodedir',
  'npm_config_jobs',
  'LD_LIBRARY_PATH',
  'PKG_CONFIG_PATH',
];

function installEnv(env: Env, passed: readonly string[]): Env {
  return {
    ...childEnvironment(env, [...installVariables, ...passed]),
    CI: 'true',
    NO_COLOR: '1',
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    // Berry's other modes link files of all projects into each other.
    YARN_NM_MODE: 'classic',
  };
}

function explainEnd(
  result: {
    timedOut: boolean;
    exitCode?: number | undefined;
    signal?: string | undefined;
    shortMessage?: string | undefined;
  },
  timeLimitMs: number | undefined,
): string {
  if (result.timedOut) return `did not end within ${(timeLimitMs ?? 0) / 1000} s and was ended`;
  if (result.signal !== undefined) return `was killed by ${result.signal}`;
  if (result.exitCode !== undefined) return `ended with exit code ${result.exitCode}`;
  return `did not start (${result.shortMessage ?? 'no reason given'})`;
}

/** `undefined` where there is no such file or it holds no JSON object; what comes after will say more of it. */
function readJson(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
