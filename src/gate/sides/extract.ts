/**
 * Writes the files of a commit, and of its submodules, into a side's directory.
 *
 * Sources: the manual pages git-read-tree(1) and git-checkout-index(1).
 */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { UserError } from '../../user-error.ts';
import type { Scratch } from './directories.ts';
import { createScratch, inScratch } from './directories.ts';
import { findRepository, gitOutput, splitAtNul } from './git.ts';
import { removeForeignLinks } from './links.ts';
import { commitDigits, parseCommit } from './refs.ts';

interface ExtractRequest {
  /** A tree or a commit. */
  readonly tree: string;
  /** Created if needed. */
  readonly target: string;
  /** The side's own directory, which no link may lead out of. */
  readonly boundary: string;
  readonly label: string;
  readonly warn: (message: string) => void;
}

/** Writes every file of a tree, and of its submodules, below a directory. */
export async function extract(scratch: Scratch, request: ExtractRequest): Promise<void> {
  const { tree, target, boundary, label, warn } = request;
  mkdirSync(target, { recursive: true });
  // With the target as the work tree its own .gitattributes count and not those of the user's files.
  const call = {
    ...inScratch(scratch, { workTree: target, index: `tree-${path.basename(target)}` }),
    doing: `extracting ${label}`,
  };
  await gitOutput(['-c', 'core.sparseCheckout=false', 'read-tree', tree], call);
  await gitOutput(['checkout-index', '--all', '--force'], call);
  const entries = splitAtNul(await gitOutput(['ls-files', '--stage', '-z'], { ...call, encoding: 'latin1' }));
  const links = entries.flatMap((entry) => /^120000 \S+ \d\t(.+)$/s.exec(entry)?.[1] ?? []);
  for (const name of removeForeignLinks({ boundary, directory: target, names: links })) {
    warn(`'${readName(name)}' is a link that leads out of the repository and is left out of ${label}`);
  }

  for (const submodule of await listSubmodules(scratch, tree)) {
    const home = path.join(scratch.repository.topLevel, submodule.path);
    if (!existsSync(path.join(home, '.git'))) {
      warn(`the submodule '${submodule.path}' is not initialised and is left out of ${label}`);
      continue;
    }
    const { env, signal } = scratch.repository;
    const repository = await findRepository({ directory: home, env, signal });
    if ((await parseCommit(repository, submodule.commit)) === undefined) {
      throw new UserError(
        `${label} cannot be extracted: the submodule '${submodule.path}' lacks its commit ${submodule.commit.slice(0, commitDigits)}`,
        {
          hint: `fetch it: git -C '${submodule.path}' fetch --all`,
        },
      );
    }
    await extract(createScratch(scratch.root, repository), {
      ...request,
      tree: submodule.commit,
      target: path.join(target, submodule.path),
    });
  }
}

export async function listSubmodules(scratch: Scratch, tree: string): Promise<{ path: string; commit: string }[]> {
  const listed = await gitOutput(
    ['ls-tree', '-r', '-z', '--full-tree', tree],
    inScratch(scratch, { workTree: scratch.folder, index: 'none' }),
  );
  return splitAtNul(listed).flatMap((entry) => {
    const [, commit, name] = /^160000 commit (\w+)\t(.+)$/s.exec(entry) ?? [];
    return commit === undefined || name === undefined ? [] : [{ path: name, commit }];
  });
}

/** A file's name out of bytes as latin1, for a message. */
export function readName(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
