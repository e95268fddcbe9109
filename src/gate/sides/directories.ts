/**
 * Where a gate puts things on disk: the sides, and beside them what git writes while they are made.
 */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';

import { makeScratchDirectory, type ScratchDirectory } from '../../process/scratch-directory.ts';
import { UserError } from '../../user-error.ts';
import type { GitCall, Repository } from './git.ts';
import { diskFull, isDiskFull } from './run-child.ts';

/** A repository whose new objects and index files lie in a temporary directory. */
export interface Scratch {
  readonly repository: Repository;
  readonly root: string;
  readonly folder: string;
  readonly objects: string;
}

export function createRoot(temporary: string, repository: Repository): { root: string; remove: () => void } {
  let directory: ScratchDirectory;
  try {
    directory = makeScratchDirectory({ purpose: 'gate', parent: temporary });
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown reason';
    if (isDiskFull(code)) throw diskFull('the sides', error);
    throw new UserError(`the sides cannot be put on disk: '${temporary}' cannot be written (${code})`, {
      hint: 'set TMPDIR to a directory that can be written',
      cause: error,
    });
  }
  const root = realpathSync(directory.path);
  // A package manager looks above a side for a workspace and would find, and change, the user's own.
  if (isBelow(root, repository.topLevel)) {
    directory.remove();
    throw new UserError(`the sides cannot be put on disk: '${temporary}' lies inside the repository`, {
      hint: 'set TMPDIR to a directory outside of it',
    });
  }
  return { root, remove: () => directory.remove() };
}

const scratchPrefix = 'git-';

export function createScratch(root: string, repository: Repository): Scratch {
  const folder = mkdtempSync(path.join(root, scratchPrefix));
  const objects = path.join(folder, 'objects');
  mkdirSync(objects);
  return { repository, root, folder, objects };
}

export function removeScratch(root: string): void {
  for (const name of readdirSync(root).filter((entry) => entry.startsWith(scratchPrefix))) {
    rmSync(path.join(root, name), { recursive: true, force: true });
  }
}

/** True for the directory itself and for what lies in it, by their names alone. */
export function isBelow(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** A call that reads the repository's objects, and puts new ones and its index file into the scratch. */
export function inScratch(scratch: Scratch, request: { workTree: string; index: string }): GitCall {
  const { repository, folder, objects } = scratch;
  const env = {
    ...repository.env,
    GIT_DIR: repository.gitDirectory,
    GIT_WORK_TREE: request.workTree,
    GIT_INDEX_FILE: path.join(folder, request.index),
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quotePath(repository.objectsDirectory),
  };
  return { cwd: request.workTree, env, signal: repository.signal };
}

/** In a list of paths one that holds the separator must be quoted as in C. */
function quotePath(file: string): string {
  return `"${file.replaceAll(/["\\]/g, '\\$&')}"`;
}
