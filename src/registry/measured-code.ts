/**
 * A fingerprint of the code that a session measures with and of what it measures, so that an unfinished one is gone on
 * with under the same code only.
 *
 * The content of files counts, not the commit: a session survives a commit of something else, and notices a change that
 * nobody has committed. Packages are in the environment's fingerprint by their versions. Of a project's own modules the
 * files that they import by relative paths count, too.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { recordedDirectoryOf } from '../corpus/recorded.ts';
import { packageRoot } from '../own-files.ts';
import { benchRoot } from './registry.ts';
import type { MeasuredCode } from '../model/run-plan.ts';

/**
 * The program's own modules, as TypeScript in a checkout and as JavaScript in a package: its own and the serializer's.
 */
const sourceDirectories = ['../', '../../packages/serializer/src/'].map((directory) =>
  fileURLToPath(new URL(directory, import.meta.url)),
);
const fixturesDirectory = fileURLToPath(new URL('fixtures/', packageRoot));

/**
 * @param request.root the bench/ directory. @param request.directory the project's.
 * @param request.modules URLs of everything that the plan measures; those that lie in neither place of the program are
 *   the project's own, or recorded.
 */
export function fingerprintCode({
  root = benchRoot,
  modules,
  directory,
}: {
  root?: URL | undefined;
  modules: readonly string[];
  directory: string;
}): MeasuredCode {
  const bench = fileURLToPath(root);
  const recorded = recordedDirectoryOf(directory);
  const own = modules
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url))
    .filter((file) => ![bench, ...sourceDirectories].some((place) => isBelow(file, place)));
  return {
    program: hashFiles(
      [
        ...sourceDirectories.flatMap(listFiles),
        ...listFiles(fixturesDirectory).filter((file) => !isBelow(file, recorded)),
      ],
      fileURLToPath(packageRoot),
    ),
    bench: hashFiles(listFiles(bench), bench),
    ...(own.length === 0 ? {} : { project: hashFiles(withImports(own), directory) }),
  };
}

function listFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function isBelow(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** Lengths are hashed, too, so that no two lists of files have one text. */
function hashFiles(files: readonly string[], base: string): string {
  const hash = createHash('sha256');
  for (const file of [...new Set(files)].toSorted()) {
    const content = readFileSync(file);
    hash.update(`${path.relative(base, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

const relativeImport = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;
const extensions = ['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

/** The files with those that they import by relative paths, and so on. */
function withImports(files: readonly string[]): string[] {
  const found = new Set(files);
  for (const file of found) {
    if (!/\.[cm]?[jt]s$/.test(file)) continue;
    for (const [, , specifier = ''] of readFileSync(file, 'utf8').matchAll(relativeImport)) {
      const target = path.resolve(path.dirname(file), specifier);
      const imported = extensions
        .map((extension) => target + extension)
        .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
      if (imported !== undefined) found.add(imported);
    }
  }
  return [...found];
}
