/**
 * Stores the working tree as a tree object, without a trace in the repository: tracked files and untracked ones that
 * are not ignored.
 */
import { copyFileSync, existsSync, utimesSync } from 'node:fs';
import path from 'node:path';

import { UserError } from '../../user-error.ts';
import type { Scratch } from './directories.ts';
import { inScratch } from './directories.ts';
import { listSubmodules, readName } from './extract.ts';
import { at, gitOutput, splitAtNul } from './git.ts';

interface Snapshot {
  readonly ref: string;
  readonly tree: string;
  readonly commit: string;
  readonly dirty: boolean;
}

/** Stores the working tree as a tree object outside of the repository. */
export async function snapshotWorkingTree(
  scratch: Scratch,
  request: { commit: string; warn: (message: string) => void },
): Promise<Snapshot> {
  const { repository } = scratch;
  const { topLevel } = repository;
  const call = {
    ...inScratch(scratch, { workTree: topLevel, index: 'working-tree' }),
    doing: 'copying the working tree',
  };
  const index = path.resolve(topLevel, await gitOutput(['rev-parse', '--git-path', 'index'], at(repository)));
  // The user's index knows tracked files that are ignored, and files that a sparse checkout leaves out.
  if (existsSync(index)) {
    const copy = path.join(scratch.folder, 'working-tree');
    copyFileSync(index, copy);
    // Git trusts an entry that is older than the index file, and a copy is newer than it should be.
    utimesSync(copy, 1, 1);
  }
  await gitOutput(['add', '--update', '--', '.'], call);
  // File names need not be UTF-8; latin1 carries their bytes unharmed.
  const raw = { ...call, encoding: 'latin1' } as const;
  const others = ['ls-files', '--others', '--exclude-standard', '-z'];
  for (const name of splitAtNul(
    await gitOutput([...others, '--directory', '--', ...installedPackages.map((each) => `:(glob)**/${each}`)], raw),
  )) {
    request.warn(
      `'${readName(name)}' is not in git and is left out of the candidate, whose packages are installed anew`,
    );
  }
  const untracked = splitAtNul(
    await gitOutput([...others, ...installedPackages.map((name) => `--exclude=${name}`)], raw),
  );
  for (const nested of untracked.filter((name) => name.endsWith('/'))) {
    request.warn(`'${readName(nested)}' is a git repository of its own and is left out of the candidate`);
  }
  const files = untracked.filter((name) => !name.endsWith('/'));
  // A file that is gone by now was never meant to stay, hence --remove.
  await gitOutput(['update-index', '--add', '--remove', '-z', '--stdin'], {
    ...raw,
    input: files.map((name) => `${name}\0`).join(''),
  });

  const tree = await gitOutput(['write-tree'], call);
  await refuseDirtySubmodules(scratch, tree);
  const dirty = tree !== (await gitOutput(['rev-parse', `${request.commit}^{tree}`], at(repository)));
  return { ref: workingTree, tree, commit: request.commit, dirty };
}

/**
 * What package managers fill: never a part of a side unless it is in git, whatever .gitignore says (`node_modules/`
 * does not match a link of that name).
 */
const installedPackages = ['node_modules', '.pnpm-store'];

/** Only commits can be extracted from a submodule, so one with other content would be measured as it is not. */
async function refuseDirtySubmodules(scratch: Scratch, tree: string): Promise<void> {
  const { repository } = scratch;
  const submodules = await listSubmodules(scratch, tree);
  if (submodules.length === 0) return;
  const paths = submodules.map((submodule) => submodule.path);
  const status = await gitOutput(
    [
      '--literal-pathspecs',
      'status',
      '--porcelain=v2',
      '-z',
      '--no-renames',
      '--untracked-files=normal',
      '--',
      ...paths,
    ],
    { ...at(repository), cwd: repository.topLevel },
  );
  for (const entry of splitAtNul(status)) {
    // Of the four characters of a submodule's state the last two mean modified and untracked files in it.
    const changed = /^1 \S+ S.(?!\.\.)\S\S (?:\S+ ){5}(.+)$/s.exec(entry)?.[1];
    if (changed === undefined) continue;
    throw new UserError(
      `the working tree cannot be compared: the submodule '${changed}' has changes that are not committed`,
      {
        hint: `commit them in '${changed}', or stash them`,
      },
    );
  }
}

/** What the user named as the working tree's side. */
const workingTree = 'working tree';
