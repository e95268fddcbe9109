/**
 * Gets a runtime that was asked for: the running one, one that was fetched before, or a package that npm fetches now.
 *
 * Runtimes come as npm packages with the program inside, one per platform. No script of such a package is run: the
 * program is looked for in the files that npm unpacked, asked for its version and made to start a worker before it is
 * believed. Nothing is thrown: a runtime that cannot be had is a row of the report.
 */
import { existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

import { findObstacle } from './fork.ts';
import { askRuntime, currentRuntime, isRunning, showRequest } from './runtimes.ts';
import type { Runtime, RuntimeName, RuntimeRequest, UnavailableRuntime } from '../model/runtime.ts';
import { hasSucceeded, runToEnd } from '../process/child.ts';
import type { Env } from '../process/child-environment.ts';
import { describeDeath } from '../process/death.ts';
import {
  keepScratchDirectory,
  makeScratchDirectory,
  type ScratchDirectory,
  scratchVariable,
} from '../process/scratch-directory.ts';
import { messageOf, toOneLine } from '../foreign-text.ts';

/**
 * Finds or fetches one runtime; never throws.
 * @param options.cacheDirectory where fetched runtimes stay, one folder each; `runtimeCacheDirectory` is the usual one.
 * @param options.env what npm is found with and configured by; this process' own without it.
 * @param options.timeLimitMs after which a fetch is given up.
 * @param options.onProgress told once before something is fetched.
 * @returns the runtime, or why there is none. An aborted fetch leaves nothing behind.
 */
export async function fetchRuntime(options: {
  request: RuntimeRequest;
  signal: AbortSignal;
  onProgress: (message: string) => void;
  cacheDirectory: string;
  env?: Env;
  timeLimitMs?: number;
}): Promise<Runtime | UnavailableRuntime> {
  const { request, cacheDirectory, signal, onProgress, env = process.env, timeLimitMs = fetchTimeLimitMs } = options;
  if (isRunning(request)) return currentRuntime();
  const unavailable = (reason: string): UnavailableRuntime => ({ ...request, reason });
  if (signal.aborted) return unavailable(interrupted);

  const home = path.join(cacheDirectory, `${request.name}-${request.range}-${process.platform}-${process.arch}`);
  let scratch: ScratchDirectory | undefined;
  try {
    scratch = makeScratchDirectory({ purpose: 'runtime' });
    const scratchDirectory = scratch.path;
    const trial = { name: request.name, home, scratchDirectory, signal };
    let found = await findProgram(trial);
    if (typeof found === 'string' && !signal.aborted) {
      onProgress(`fetching ${showRequest(request)} with npm`);
      const failure = await fetchInto({ request, home, shelf: cacheDirectory, signal, env, timeLimitMs });
      found = failure ?? (await findProgram(trial));
    }
    if (signal.aborted) return unavailable(interrupted);
    if (typeof found === 'string') return unavailable(found);
    const obstacle = await findObstacle({ runtime: found, signal, timeLimitMs: startTimeLimitMs, scratchDirectory });
    if (signal.aborted) return unavailable(interrupted);
    return obstacle === undefined
      ? found
      : unavailable(`${found.name} ${found.version} runs no measurement: ${obstacle}`);
  } catch (error) {
    // A full disk, a cache that may not be written: whatever it is, the other runtimes can still be had.
    return unavailable(`it could not be kept: ${shorten(messageOf(error))}`);
  } finally {
    scratch?.remove();
  }
}

/**
 * Where fetched runtimes stay unless somebody says otherwise: in the user's cache, by the custom of each system.
 * @param env `XDG_CACHE_HOME` (on Windows `LOCALAPPDATA`) moves the cache.
 */
export function runtimeCacheDirectory(env: Env): string {
  return path.join(userCache(env), 'wirebench', 'runtimes');
}

const interrupted = 'interrupted';

/** A hundred megabytes over a slow line take less; npm's own retries may take more, and nobody waits for those. */
const fetchTimeLimitMs = 3 * 60_000;

/** A runtime starts in a fraction of a second; one that has not by now hangs. */
const startTimeLimitMs = 20_000;

interface ProgramPackage {
  /** The package that npm is asked for. */
  readonly name: string;
  /** Where the program may lie below node_modules. */
  readonly programs: string;
}

/**
 * Where packages put their programs. Those of Bun and Deno depend on one package per platform, of which npm takes the
 * right one.
 */
const packages: { readonly [name in RuntimeName]: ProgramPackage } = {
  node: { name: nodePackage(), programs: `${nodePackage()}/bin/node{,.exe}` },
  bun: { name: 'bun', programs: '@oven/bun-*/bin/bun{,.exe}' },
  deno: { name: 'deno', programs: '@deno/*/deno{,.exe}' },
};

/** The package that the install script of `node` would fetch. */
function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

/** The first program in `home` that says what it is, or why there is none. */
async function findProgram(trial: {
  name: RuntimeName;
  home: string;
  scratchDirectory: string;
  signal: AbortSignal;
}): Promise<Runtime | string> {
  const { name, home, scratchDirectory, signal } = trial;
  const folder = path.join(home, 'node_modules');
  let reason = `npm fetched no program of it for ${process.platform} on ${process.arch}`;
  for (const program of globSync(packages[name].programs, { cwd: folder }).toSorted()) {
    const answer = await askRuntime({
      name,
      execPath: path.join(folder, program),
      scratchDirectory,
      signal,
      timeLimitMs: startTimeLimitMs,
    });
    if (typeof answer !== 'string') return answer;
    reason = answer;
  }
  return reason;
}

/** Fetches into a directory beside `home` that takes its name when it is complete. @returns why that failed. */
async function fetchInto(request: {
  request: RuntimeRequest;
  home: string;
  shelf: string;
  signal: AbortSignal;
  env: Env;
  timeLimitMs: number;
}): Promise<string | undefined> {
  const { home, shelf } = request;
  mkdirSync(shelf, { recursive: true });
  // What is there does not run, else nothing would be fetched.
  rmSync(home, { recursive: true, force: true });
  const partial = makeScratchDirectory({ purpose: 'partial', parent: shelf });
  try {
    const failure = await install({ ...request, directory: partial.path });
    if (failure !== undefined) return failure;
    keepScratchDirectory(partial);
    takeName(partial.path, home);
    return undefined;
  } finally {
    partial.remove();
  }
}

/** Does nothing where another process has fetched the same meanwhile, which may be running by now. */
function takeName(partial: string, home: string): void {
  try {
    renameSync(partial, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}

/**
 * Programs are looked for by us, optional packages hold them, nothing is kept but the files, and who has no network
 * hears so within seconds instead of npm's usual minute.
 */
const npmArguments = [
  '--ignore-scripts',
  '--include=optional',
  '--no-save',
  '--no-package-lock',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=3000',
];

async function install(options: {
  request: RuntimeRequest;
  directory: string;
  signal: AbortSignal;
  env: Env;
  timeLimitMs: number;
}): Promise<string | undefined> {
  const { request, directory, signal, env, timeLimitMs } = options;
  const wanted = `${packages[request.name].name}@${request.range}`;
  const result = await runToEnd({
    command: ['npm', 'install', ...npmArguments, '--prefix', directory, wanted],
    cwd: directory,
    // Processes of a fetch whose program was killed end with its directory.
    env: { ...npmEnvironment(env), [scratchVariable]: directory },
    timeLimitMs,
    signal,
  });
  const { end } = result;
  if (hasSucceeded(result)) return undefined;
  if (end.how === 'interrupted') return interrupted;
  if (end.how === 'out of time') return `npm did not fetch it within ${timeLimitMs / 1000} s`;
  if (end.how === 'not started' && end.code === 'ENOENT')
    return 'npm, which fetches runtimes, was not found on the PATH';
  return explainFailure(result.output, request) ?? `npm did not fetch it and ${describeDeath(result)}`;
}

/** What the user has, without what would turn the install into something else. */
function npmEnvironment(env: Env): Env {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(?:NODE_ENV|npm_config_(?:omit|production|dry_run|global|location|prefix|workspaces?))$/i.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}

function explainFailure(output: string, request: RuntimeRequest): string | undefined {
  if (/\bETARGET\b/.test(output))
    return `no package satisfies ${showRequest(request)} for ${process.platform} on ${process.arch}`;
  if (/\bE404\b/.test(output)) return `there is no package of it for ${process.platform} on ${process.arch}`;
  if (/\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\b/.test(output))
    return 'npm reached no registry';
  if (/\b(?:ENOSPC|EDQUOT)\b/.test(output)) return 'the disk is full';
  const said = output.split('\n').findLast((line) => /\berror\b/i.test(line) && !/complete log/i.test(line));
  return said === undefined
    ? undefined
    : `npm did not fetch it: ${shorten(said.replace(/^npm (?:error|ERR!)\s*/i, ''))}`;
}

/** One displayable line; addresses are left out, since they may hold what a user keeps to themselves. */
function shorten(text: string): string {
  return toOneLine(text.replaceAll(/https?:\/\/\S+/g, '(an address)'), longestReason);
}

/** Characters. Arbitrary: two lines of a usual terminal. */
const longestReason = 160;

/** `node@22`, as it was asked for. */
function userCache(env: Env): string {
  const named = process.platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_CACHE_HOME'];
  // The specification of XDG_CACHE_HOME says that a relative path is to be ignored.
  if (named !== undefined && path.isAbsolute(named)) return named;
  return process.platform === 'darwin' ? path.join(homedir(), 'Library', 'Caches') : path.join(homedir(), '.cache');
}
