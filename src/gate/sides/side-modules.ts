/**
 * Finds the files of a side's modules by listing directories, without importing any.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { WirebenchConfig } from '../../config.ts';
import { readManifest, type ListedModule } from '../../own-files.ts';
import { listProjectModules } from '../../registry/project-files.ts';
import { benchRoot } from '../../registry/registry.ts';
import { checkConfig } from '../../store/config-file.ts';
import { cannotLoad } from './ask-side.ts';
import { isBelow } from './directories.ts';
import type { CheckedOutSide } from './open-sides.ts';
import type { Description } from './description.ts';
import { findPackage } from './packages.ts';

/** A side's configuration, which another process has read and which is checked before it counts. */
export function configOf({ config }: Description): WirebenchConfig {
  return checkConfig(config, 'wirebench.config');
}

/** Of the baseline: payloads and suites of its own where it is a checkout of wirebench, else the running program's. */
export function findHarnessRoot(side: CheckedOutSide, benchDirectory: string): URL {
  const own = path.join(side.directory, benchDirectory);
  return findInstalled(side) === undefined && existsSync(path.join(own, 'suites')) ? directoryUrl(own) : benchRoot;
}

export function findContenderRoot(side: CheckedOutSide, benchDirectory: string): URL | undefined {
  const installed = findInstalled(side);
  if (installed !== undefined) return directoryUrl(installed);
  const own = path.join(side.directory, benchDirectory);
  return existsSync(path.join(own, 'contenders')) ? directoryUrl(own) : undefined;
}

/** The bench/ directory of the wirebench that a side has installed: built, or as a linked checkout has it. */
export function findInstalled(place: { directory: string; checkout: string }): string | undefined {
  const installed = findPackage(readManifest().name, place);
  if (installed === undefined) return undefined;
  const built = path.join(installed, 'dist', 'bench');
  return existsSync(built) ? built : path.join(installed, 'bench');
}

export function directoryUrl(directory: string): URL {
  return pathToFileURL(directory.endsWith(path.sep) ? directory : directory + path.sep);
}

export function modulesOf(side: CheckedOutSide, config: WirebenchConfig): ReturnType<typeof listProjectModules> {
  const modules = listProjectModules({ config, directory: side.directory });
  for (const { url } of [...modules.contenders, ...modules.payloads]) {
    if (isBelow(realpathSync(fileURLToPath(url)), side.checkout)) continue;
    throw cannotLoad(side, {
      message: `'${path.relative(side.directory, fileURLToPath(url))}' lies outside of the repository`,
      hint: 'name modules of the repository itself',
    });
  }
  return modules;
}

/** A candidate whose contender is the baseline's own file would be compared with itself. */
export function refuseForeignModules(modules: readonly ListedModule[], side: CheckedOutSide): void {
  const both = path.dirname(side.checkout);
  for (const { id, url } of modules) {
    const file = realpathSync(fileURLToPath(url));
    if (isBelow(file, both) && !isBelow(file, side.checkout))
      throw cannotLoad(side, { message: `the contender '${id}' lies in the other side` });
  }
}

export function urlOf(
  modules: readonly ListedModule[],
  { id, side, what }: { id: string; side: CheckedOutSide; what: string },
): string {
  const found = modules.find((module) => module.id === id);
  if (found === undefined) throw cannotLoad(side, { message: `it describes a ${what} that it does not have: '${id}'` });
  return found.url;
}
