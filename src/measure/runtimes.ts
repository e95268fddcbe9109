/**
 * What a runtime is to a measurement: which ones are known, how each starts a worker, and what it says of itself.
 *
 * A worker is the same module everywhere; flags and environment make the runtimes alike: a collector that can be
 * called, packages from the node_modules at hand and from nowhere else, no question asked, nothing written outside the
 * run's own directory. A runtime that is not here yet is fetched by fetch-runtime.ts.
 */
import { devNull } from 'node:os';
import path from 'node:path';

import { parseObject } from '../json.ts';
import type { Runtime, RuntimeName, RuntimeRequest } from '../model/runtime.ts';
import { runToEnd } from '../process/child.ts';
import { describeDeath } from '../process/death.ts';
import { UserError, unknownName } from '../user-error.ts';

interface RuntimeKind {
  readonly title: string;
  /** Before the path of a worker's module. */
  readonly workerArguments: readonly string[];
  /** Before an expression whose value is printed. */
  readonly printArguments: readonly string[];
  /** What the environment of a worker gets besides; a directory for what the runtime wants to keep. */
  readonly environment: (directory: string) => Readonly<Record<string, string>>;
}

/**
 * Left to itself Bun fetches a package that it does not find, and reads .env and bunfig.toml of the working directory,
 * which may name modules to run first. An empty file takes the place of the latter.
 */
const bareBun = ['--no-install', '--no-env-file', `--config=${devNull}`];

/**
 * The young generation is as large from the start as this Node.js lets it become, as that of a server is soon: left to
 * itself, V8 sizes it by what it has seen, and processes of the same code settled at times more than a tenth apart.
 */
const youngGenerationMb = 32;

/** What a process that measures gets before its module. */
export const nodeArguments: readonly string[] = [
  '--expose-gc',
  '--no-warnings',
  `--min-semi-space-size=${youngGenerationMb}`,
];

const kinds: { readonly [name in RuntimeName]: RuntimeKind } = {
  node: {
    title: 'Node.js',
    workerArguments: nodeArguments,
    printArguments: ['-p'],
    // Bytecode that comes out of a cache can end up as slower code than the same source compiled anew, contender by
    // contender.
    environment: () => ({ NODE_DISABLE_COMPILE_CACHE: '1' }),
  },
  bun: {
    title: 'Bun',
    workerArguments: [...bareBun, '--expose-gc'],
    printArguments: [...bareBun, '-p'],
    environment: (directory) => ({ BUN_RUNTIME_TRANSPILER_CACHE_PATH: path.join(directory, 'bun'), DO_NOT_TRACK: '1' }),
  },
  deno: {
    title: 'Deno',
    // All rights, since a process of Node.js has them; settings of the working directory are left out, as for Bun.
    workerArguments: [
      'run',
      '-A',
      '--no-prompt',
      '--no-lock',
      '--no-check',
      '--quiet',
      '--no-config',
      '--node-modules-dir=manual',
      '--v8-flags=--expose-gc',
    ],
    printArguments: ['eval', '--no-config', '-p'],
    environment: (directory) => ({ DENO_DIR: path.join(directory, 'deno'), DENO_NO_UPDATE_CHECK: '1' }),
  },
};

const names = Object.keys(kinds) as RuntimeName[];

/** What a range may be; nothing else ever reaches a package manager. */
const rangePattern = /^(?:\d{1,4}(?:\.\d{1,4}){0,2}|latest)$/;

/**
 * The runtimes of a list such as `node@22,node@24,bun,deno@2,current`, in its order, each once.
 *
 * `current` and a bare `node` are the running Node.js, and so is a range of Node.js that its version satisfies. A bare
 * `bun` or `deno` is the latest one.
 * @throws {UserError} for an empty list, an unknown name and a range that is no version.
 */
export function parseRuntimes(text: string): RuntimeRequest[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new UserError(`no runtime in '${text}'`, { hint: `name some, e.g. ${example}` });
  const requests = words.map((word) => parseRuntime(word));
  const known = new Map(requests.toReversed().map((request) => [keyOf(request), request]));
  return requests.filter((request) => known.get(keyOf(request)) === request);
}

const example = 'node@22,node@24,current,bun,deno@2';

/**
 * One runtime of such a list.
 * @throws {UserError} for an unknown name and a range that is no version.
 */
export function parseRuntime(word: string): RuntimeRequest {
  if (word === 'current') return { name: 'node', range: 'current' };
  const at = word.indexOf('@');
  const name = (at === -1 ? word : word.slice(0, at)).toLowerCase();
  if (!isRuntimeName(name)) throw unknownName({ what: 'runtime', name, choices: [...names, 'current'] });
  if (at === -1) return { name, range: name === 'node' ? 'current' : 'latest' };
  const range = word.slice(at + 1).replace(/^v/, '');
  if (range === 'current' && name === 'node') return { name, range };
  if (rangePattern.test(range)) return { name, range };
  throw new UserError(`no version in the runtime '${word}'`, {
    hint: `write a version or a part of one, e.g. ${name}@${name === 'node' ? '22' : '1.2'}, or ${name}@latest`,
  });
}

/** As it is asked for: `node@22`. */
export function showRequest({ name, range }: RuntimeRequest): string {
  return `${name}@${range}`;
}

function isRuntimeName(name: string): name is RuntimeName {
  return (names as readonly string[]).includes(name);
}

function keyOf(request: RuntimeRequest): string {
  return isRunning(request) ? 'current' : `${request.name}@${request.range}`;
}

/** True where the running Node.js is what was asked for: by `current`, or by numbers that its version begins with. */
export function isRunning({ name, range }: RuntimeRequest): boolean {
  return name === 'node' && (range === 'current' || `${process.versions.node}.`.startsWith(`${range}.`));
}

/** The Node.js that runs this very process. */
export function currentRuntime(): Runtime {
  return {
    name: 'node',
    version: process.versions.node,
    v8: process.versions.v8,
    execPath: process.execPath,
    arguments: kinds.node.workerArguments,
  };
}

/** The program of a worker, what comes before the path of its module, and what its environment gets besides. */
export function startOf(
  runtime: Runtime,
  scratchDirectory: string,
): { file: string; arguments: readonly string[]; environment: Readonly<Record<string, string>> } {
  return {
    file: runtime.execPath,
    arguments: runtime.arguments,
    environment: kinds[runtime.name].environment(scratchDirectory),
  };
}

/**
 * Asks a program what it is.
 * @param request.scratchDirectory where it may write what it keeps between runs; it runs in there too.
 * @param request.timeLimitMs after which it is ended.
 * @returns a runtime, or in words why the program is none: a binary of another platform is there and does not run.
 */
export async function askRuntime(request: {
  name: RuntimeName;
  execPath: string;
  scratchDirectory: string;
  signal: AbortSignal;
  timeLimitMs: number;
}): Promise<Runtime | string> {
  const { name, execPath, scratchDirectory, signal, timeLimitMs } = request;
  const { title, printArguments, workerArguments, environment } = kinds[name];
  const result = await runToEnd({
    command: [execPath, ...printArguments, 'JSON.stringify(process.versions)'],
    cwd: scratchDirectory,
    env: { ...process.env, ...environment(scratchDirectory) },
    timeLimitMs,
    signal,
  });
  const { end } = result;
  if (end.how === 'interrupted') return 'interrupted';
  if (end.how === 'out of time') return `${title} did not say its version within ${timeLimitMs / 1000} s`;
  if (end.how === 'not started')
    return `${title} does not start on this machine${end.code === undefined ? '' : ` (${end.code})`}`;
  const versions = parseObject(result.answer);
  const version = versions?.[name];
  if (typeof version !== 'string') return `${title} did not say its version and ${describeDeath(result)}`;
  // Bun names a V8 for those who look for one; its engine is JavaScriptCore.
  const v8 = name === 'bun' ? undefined : versions?.['v8'];
  return { name, version, ...(typeof v8 === 'string' ? { v8 } : {}), execPath, arguments: workerArguments };
}
