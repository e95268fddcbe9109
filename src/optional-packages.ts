/**
 * Packages that only some commands need: optional peers, which whoever uses such a command installs beside wirebench.
 *
 * What is told of a missing one has the command that installs it, in the versions of package.json's `peerDependencies`.
 * The published package has these as `optionalPackages`, since a package manager holds whole projects to the ranges of
 * peers; so the versions are checked here. Measuring processes import this, so it brings nothing along; how a command
 * ends for want of one: require-packages.ts.
 */
import { readFileSync } from 'node:fs';
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

/**
 * Why they cannot be used, and what helps: some are not installed, or in a version that the program is not written for.
 * @returns undefined where all of them can be used.
 */
export function explainLack(names: readonly string[]): { why: string; advice: string } | undefined {
  const missing = missingPackages(names);
  if (missing.length > 0) return { why: describeMissing(missing), advice: adviseInstall(missing) };
  const unfit = findUnfit(names);
  if (unfit.length === 0) return undefined;
  const sentences = unfit.map(
    ({ name, installed, range }) => `${name} ${installed} is installed, and ${range} is needed`,
  );
  return { why: sentences.join('; '), advice: adviseInstall(unfit.map(({ name }) => name)) };
}

function findUnfit(names: readonly string[]): { name: string; installed: string; range: string }[] {
  const ranges = wantedRanges();
  return names.flatMap((name) => {
    const [range, installed] = [ranges[name], installedVersion(name)];
    if (range === undefined || installed === undefined || satisfiesCaret(installed, range)) return [];
    return [{ name, installed, range }];
  });
}

/**
 * True for a version that a caret range takes; what is no caret range takes every version.
 * Not a library's: every range here is one of these, which a test holds.
 */
export function satisfiesCaret(version: string, range: string): boolean {
  const [wanted, found] = [range.replace(/^\^/, ''), version].map((text) =>
    text.split(/[.+-]/).slice(0, 3).map(Number),
  );
  if (!range.startsWith('^') || wanted === undefined || found === undefined) return true;
  const differing = wanted.findIndex((part, index) => part !== found[index]);
  if (differing === -1) return !version.includes('-');
  // Everything up to the first part that is not 0 has to be the same.
  const fixed = wanted.findIndex((part) => part !== 0);
  return differing > fixed && (found[differing] ?? 0) > (wanted[differing] ?? 0);
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
  const ranges = wantedRanges();
  const wanted = missing.map((name) => (ranges[name] === undefined ? name : `${name}@${ranges[name]}`));
  return `run: npm install ${wanted.join(' ')}`;
}

function wantedRanges(): Readonly<Record<string, string>> {
  const { optionalPackages, peerDependencies = {} } = readManifest();
  return optionalPackages ?? peerDependencies;
}

/** Of a package as a module at `from` finds it; undefined where it finds none. */
export function installedVersion(name: string, from: string = import.meta.url): string | undefined {
  try {
    const file = module.findPackageJSON(name, from);
    if (file === undefined) return undefined;
    return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
