/**
 * The source files of this project with what they name, read once for all rules of the architecture.
 */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Imports } from '../imports.ts';
import { readImports } from '../imports.ts';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface Source extends Imports {
  /** Path from the top level, with slashes. */
  readonly file: string;
  readonly text: string;
}

/** A source as it would be if it stood in the tree; tests plant violations with it. */
export function sourceOf(file: string, text: string): Source {
  return { file, text, ...readImports(file, text) };
}

/** Every module of src, bench, the site and the packages; declarations are none. */
export function listSources(): Source[] {
  const packages = globSync('packages/*/src', { cwd: projectRoot });
  return ['src', 'bench', 'docs/site', ...packages].flatMap((top) =>
    readdirSync(path.join(projectRoot, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
      .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
      .map((file) => sourceOf(file, readFileSync(path.join(projectRoot, file), 'utf8'))),
  );
}

/** The file that a relative specifier names, from the top level; nothing is asked of the disk. */
export function targetOf(file: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(file), specifier);
}
