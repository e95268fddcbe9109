/**
 * The fingerprint of where a run was measured: what a figure depends on besides the code.
 */
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import type { Environment } from '../model/environment.ts';
import { installedVersion } from '../optional-packages.ts';
import { hasSucceeded, type RunResult, runToEnd } from '../process/child.ts';

/**
 * @param request.packages npm package names; installed versions are read, never typed; missing ones are left out.
 * @param request.directory the project's: of the checkout whose commit is recorded, and of packages that only it has.
 */
export async function readEnvironment(request: {
  packages: readonly string[];
  directory: string;
}): Promise<Environment> {
  const commit = await readCommit(request.directory);
  const cpus = os.cpus();
  // The program's own packages first; what only the project has belongs to its own contenders.
  const places = [import.meta.url, pathToFileURL(path.join(request.directory, 'package.json')).href];
  const versions = request.packages.toSorted().map((name) => [name, readInstalledVersion(name, places)] as const);
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    os: `${os.type()} ${os.release()}`,
    arch: os.arch(),
    cpuModel: cpus[0]?.model.trim() ?? 'unknown',
    cores: Math.max(1, cpus.length),
    memoryBytes: os.totalmem(),
    packages: Object.fromEntries(versions.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** Names of those fields that make figures of two environments incomparable. */
export function differingFields(a: Environment, b: Environment): string[] {
  const fields = ['node', 'v8', 'os', 'arch', 'cpuModel', 'cores'] as const;
  const differing: string[] = fields.filter((field) => a[field] !== b[field]);
  if (!isDeepStrictEqual(a.runtime, b.runtime)) differing.push('runtime');
  for (const name of new Set([...Object.keys(a.packages), ...Object.keys(b.packages)])) {
    if (a.packages[name] !== b.packages[name]) differing.push(`packages.${name}`);
  }
  return differing;
}

/** What is installed nowhere is a finding of the contender's own row. */
function readInstalledVersion(name: string, places: readonly string[]): string | undefined {
  for (const place of places) {
    const version = installedVersion(name, place);
    if (version !== undefined) return version;
  }
  return undefined;
}

async function readCommit(directory: string): Promise<string | undefined> {
  const git = (...rest: string[]): Promise<RunResult> =>
    runToEnd({ command: ['git', ...rest], env: process.env, cwd: directory });
  const head = await git('rev-parse', '--short=12', 'HEAD');
  if (!hasSucceeded(head)) return undefined;
  const status = await git('status', '--porcelain', '--untracked-files=no');
  const isClean = hasSucceeded(status) && status.answer === '';
  return `${head.answer.trim()}${isClean ? '' : '-dirty'}`;
}
