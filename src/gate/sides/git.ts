/**
 * How git is called: for one repository that is only read, with settings and an environment that keep it so.
 *
 * Sources: the manual pages gitrepository-layout(5) and git(1) on its environment variables.
 */
import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { Env } from '../../process/child-environment.ts';
import { UserError } from '../../user-error.ts';
import type { ChildResult } from './run-child.ts';
import { lastLines, runChild } from './run-child.ts';

/** A git repository that is read, never written. */
export interface Repository {
  readonly gitDirectory: string;
  readonly objectsDirectory: string;
  readonly topLevel: string;
  /** The project's directory relative to the top level; empty where they are the same. */
  readonly prefix: string;
  readonly env: Env;
  readonly signal: AbortSignal;
}

export interface GitCall {
  readonly cwd: string;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly doing?: string;
  readonly input?: string;
  readonly encoding?: 'utf8' | 'latin1';
}

export async function findRepository(request: {
  directory: string;
  env: Env;
  signal: AbortSignal;
}): Promise<Repository> {
  const { env, signal } = request;
  if (!existsSync(request.directory))
    throw new UserError(`no project to compare: '${request.directory}' does not exist`);
  const directory = realpathSync(request.directory);
  const call = { cwd: directory, env, signal };
  const topLevel = await git(['rev-parse', '--show-toplevel'], call);
  if (topLevel.status !== 'done') throw notARepository(directory, topLevel);
  const gitDirectory = await gitOutput(['rev-parse', '--absolute-git-dir'], call);
  const prefix = await gitOutput(['rev-parse', '--show-prefix'], call);
  const objects = await gitOutput(['rev-parse', '--git-path', 'objects'], call);
  return {
    gitDirectory,
    // Git answers relative to where it was asked.
    objectsDirectory: path.resolve(directory, objects),
    topLevel: path.resolve(line(topLevel.stdout)),
    prefix: prefix.replace(/\/$/, ''),
    env,
    signal,
  };
}

function notARepository(directory: string, result: ChildResult): UserError {
  if (/dubious ownership/.test(result.output)) {
    return new UserError(`git refuses to read '${directory}': it belongs to another user`, {
      hint: `if you trust it, run: git config --global --add safe.directory '${directory}'`,
    });
  }
  if (/must be run in a work tree/.test(result.output)) {
    return new UserError(`no working tree to compare: '${directory}' lies in a bare repository or in .git itself`, {
      hint: 'run the gate in a clone with its files checked out',
    });
  }
  return new UserError(`no two versions to compare: '${directory}' is not in a git repository`, {
    hint: 'run the gate in a git checkout, or compare with a stored run by --baseline FILE',
  });
}

export function at(repository: Repository): GitCall {
  return { cwd: repository.topLevel, env: repository.env, signal: repository.signal };
}

export async function git(args: readonly string[], call: GitCall): Promise<ChildResult> {
  const { cwd, env, signal, doing = 'reading the repository', input, encoding } = call;
  const result = await runChild({
    command: ['git', ...plainSettings, ...args],
    cwd,
    // Without optional locks git does not refresh the user's index; its messages are matched in English.
    env: { ...env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    signal,
    doing,
    ...(input !== undefined && { input }),
    ...(encoding !== undefined && { encoding }),
  });
  if (result.status !== 'missing') return result;
  throw new UserError('no two versions to compare: git was not found', { hint: 'install git, or put it on the PATH' });
}

/** Like `git`, for what fails only when something is wrong with the machine or the repository. */
export async function gitOutput(args: readonly string[], call: GitCall): Promise<string> {
  const result = await git(args, call);
  if (result.status === 'done') return line(result.stdout);
  const said = lastLines(result.output);
  throw new UserError(
    `${call.doing ?? 'reading the repository'} failed: "git ${args.slice(0, 6).join(' ')}" ${result.why}`,
    {
      hint: `check the repository with "git status" and "git fsck"${said.length === 0 ? '' : `. What git said:\n  ${said.join('\n  ')}`}`,
    },
  );
}

export function withoutRepository(env: Env): Env {
  const kept = Object.entries(env).filter(([name]) => !repositoryVariables.has(name));
  return Object.fromEntries(kept);
}

export function line(output: string): string {
  return output.replace(/\r?\n$/, '');
}

export function splitAtNul(output: string): string[] {
  return output.split('\0').filter((entry) => entry !== '');
}

/** Variables that tie git to one repository; a hook sets them for the repository that it runs in. */
const repositoryVariables = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INDEX_VERSION',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
]);

/**
 * Settings of a repository that would start a daemon or a hook, write a second index file below .git, leave files out
 * of a side, or refuse a file for its line ends.
 */
const plainSettings = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'index.sparse=false',
  `core.hooksPath=${os.devNull}`,
  'core.safecrlf=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);
