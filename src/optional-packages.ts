/**
 * Packages that only some commands need: optional peers, which whoever uses such a command installs beside wirebench.
 *
 * What is told of a missing one has the command that installs it, in the versions of package.json's `peerDependencies`.
 * Measuring processes import this, so it brings nothing along; how a command ends for want of one: require-packages.ts.
 */
import module from 'node:module';

import { readManifest } from './own-files.ts';

/** Those that a module of this program could not import, in the given order. */
export function missingPackages(names: readonly string[]): string[] {
  return names.filter((name) => {
    try {
      return module.findPackageJSON(name, import.meta.url) === undefined;
    } catch {
      return true;
    }
  });
}

/** Why a module did not load, where the reason is that this package is not installed. */
export function explainMissing(error: unknown, name: string): string | undefined {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return error.message.includes(`'${name}'`) ? `${describeMissing([name])}; ${adviseInstall([name])}` : undefined;
}

/** @param missing at least one. */
export function describeMissing(missing: readonly string[]): string {
  return `${new Intl.ListFormat('en').format(missing)} ${missing.length === 1 ? 'is' : 'are'} not installed`;
}

/** The command that installs them, in versions that this program is known to work with. */
export function adviseInstall(missing: readonly string[]): string {
  const { peerDependencies = {} } = readManifest();
  const wanted = missing.map((name) =>
    peerDependencies[name] === undefined ? name : `${name}@${peerDependencies[name]}`,
  );
  return `run: npm install ${wanted.join(' ')}`;
}
