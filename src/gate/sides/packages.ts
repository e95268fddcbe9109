/**
 * What lies in a side's directories: its manifests, its installed packages, and a Node.js that these may bring along.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parseObject } from '../../json.ts';
import type { Env } from '../../process/child-environment.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import { runChild } from './run-child.ts';

/** Where a project lies inside the checkout that it came with. */
export interface ProjectLocation {
  /** The project's own directory: the checkout's top level or below it. */
  readonly directory: string;
  /** The checkout's top level; nothing above it is ever looked at. */
  readonly checkout: string;
}

/**
 * The Node.js that a side runs on: the one that its packages bring along, else the one that runs wirebench.
 * @returns its path and its version, e.g. `26.1.0`.
 */
export async function findNode(
  request: ProjectLocation & { env: Env; signal: AbortSignal },
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
export function readInstalledVersions(names: readonly string[], place: ProjectLocation): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const name of [...new Set(names)].toSorted()) {
    const folder = findPackage(name, place);
    const version = folder === undefined ? undefined : readJson(path.join(folder, 'package.json'))?.['version'];
    if (typeof version === 'string') versions[name] = version;
  }
  return versions;
}

/** Folder of an installed package; unlike Node's own look-up it never leaves the checkout, so no other copy answers. */
export function findPackage(name: string, place: ProjectLocation): string | undefined {
  return findUpwards(place, (level) => {
    const folder = path.join(level, 'node_modules', name);
    return existsSync(path.join(folder, 'package.json')) ? folder : undefined;
  });
}

export function fileIn(directory: string, names: readonly string[]): string | undefined {
  return names.map((name) => path.join(directory, name)).find((file) => existsSync(file));
}

/** The first answer on the way from the project's directory up to the checkout's top level. */
export function findUpwards(place: ProjectLocation, ask: (level: string) => string | undefined): string | undefined {
  for (let level = place.directory; ; level = path.dirname(level)) {
    const answer = ask(level);
    if (answer !== undefined) return answer;
    if (level === place.checkout || level === path.dirname(level)) return undefined;
  }
}

/** `undefined` where there is no such file or it holds no JSON object; what comes after will say more of it. */
export function readJson(file: string): Record<string, unknown> | undefined {
  try {
    return parseObject(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
