/**
 * Whatever a repository or a working tree holds, nothing outside of the temporary directory is written.
 *
 * The stand-in for a package manager writes through everything that it finds, as real ones do: into the node_modules of
 * the project and of each workspace member, into manifests, lockfiles and the manager's own files.
 */
import { createHash } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { TestRepository, Workshop } from './repositories.ts';
import { createWorkshop, installable } from './repositories.ts';

const manifest = installable['package.json'];
const base = { ...installable, 'packages/a/package.json': manifest };

let workshop: Workshop;
let repository: TestRepository;
/** Another checkout with packages, which nobody may touch. */
let outside: string;
beforeEach(() => {
  workshop = createWorkshop();
  repository = workshop.repository();
  repository.commit(base);
  outside = path.join(workshop.folder, 'outside');
  for (const name of ['node_modules/.pnpm/kept', 'node_modules/ms', 'a/node_modules', 'tree/deep'])
    mkdirSync(path.join(outside, name), { recursive: true });
  for (const name of [
    'package.json',
    'a/package.json',
    'pnpm-lock.yaml',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    '.pnpmfile.cjs',
    'tree/deep/file',
  ])
    writeFileSync(path.join(outside, name), manifest);
  workshop.program(
    'pnpm',
    `
    for place in . packages/* vendor/*; do
      [ -d "$place" ] || continue
      mkdir -p "$place/node_modules/.pnpm/written" "$place/node_modules/ms" 2>/dev/null
      echo changed > "$place/node_modules/ms/written"
      echo changed > "$place/node_modules/.pnpm/written/file"
      for file in package.json pnpm-lock.yaml .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs; do echo changed >> "$place/$file"; done
    done
    find . -type f -exec sh -c 'echo changed >> "$1"' _ {} \\;
    find . -type l -exec sh -c 'echo changed >> "$1" 2>/dev/null; [ -d "$1" ] && echo changed > "$1/written"' _ {} \\;
    exit 0`,
  );
});
afterEach(() => workshop.remove());

/** Everything below a directory: kinds, targets of links, contents. */
function picture(directory: string): Record<string, string> {
  const files = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? [file, ...files(file)] : [file];
    });
  return Object.fromEntries(
    files(directory)
      .toSorted()
      .map((file): [string, string] => {
        const stats = lstatSync(file);
        const content = stats.isSymbolicLink()
          ? `-> ${readlinkSync(file)}`
          : stats.isFile()
            ? createHash('sha256').update(readFileSync(file)).digest('hex')
            : 'directory';
        return [
          path.relative(directory, file),
          `${stats.mode} ${stats.nlink > 1 && stats.isFile() ? 'linked ' : ''}${content}`,
        ];
      }),
  );
}

const inside = (...names: string[]): string => path.join(repository.top, ...names);
const link = (target: string, name: string): void => {
  rmSync(inside(name), { recursive: true, force: true });
  mkdirSync(path.dirname(inside(name)), { recursive: true });
  symlinkSync(target, inside(name));
};

/** Each puts something into the working tree; `outside` is a sibling of the repository. */
const traps: [string, () => void][] = [
  [
    'node_modules is a link to that of another checkout',
    () => link(path.join(outside, 'node_modules'), 'node_modules'),
  ],
  ['node_modules is a relative link', () => link('../outside/node_modules', 'node_modules')],
  [
    "a workspace member's node_modules is a link",
    () => link('../../../outside/a/node_modules', 'packages/a/node_modules'),
  ],
  ['node_modules/.pnpm is a link', () => link(path.join(outside, 'node_modules/.pnpm'), 'node_modules/.pnpm')],
  ['a member is a link to a directory elsewhere', () => link(path.join(outside, 'a'), 'packages/b')],
  ['a directory above a manifest is a link', () => link(outside, 'packages')],
  ['package.json of a member is a link', () => link(path.join(outside, 'a/package.json'), 'packages/a/package.json')],
  ['.npmrc is a link', () => link(path.join(outside, '.npmrc'), '.npmrc')],
  [
    '.yarnrc, .yarnrc.yml and .pnpmfile.cjs are links',
    () => ['.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs'].forEach((name) => link(`../outside/${name}`, name)),
  ],
  [
    'a chain of links leads out',
    () => {
      link('two', 'vendor/one');
      link('three', 'vendor/two');
      link('../../outside/a', 'vendor/three');
    },
  ],
  [
    'a link inside leads over one that leads out',
    () => {
      link('../../outside', 'vendor/up');
      link('up/tree', 'vendor/over');
    },
  ],
  // Never to the root itself: where the guard is broken, the stand-in writes for good.
  ['a link to a directory above', () => link(workshop.folder, 'vendor/above')],
  ['a link upwards, and back in by name', () => link('../../project/packages/a', 'vendor/back')],
  ['a link to the repository itself', () => link(repository.top, 'vendor/self')],
  [
    'a loop',
    () => {
      link('loop-b', 'vendor/loop-a');
      link('loop-a', 'vendor/loop-b');
    },
  ],
  ['a dangling link out', () => link('../../outside/not-there-yet', 'vendor/dangling')],
  ['a name with blanks, quotes and line breaks', () => link(path.join(outside, 'a'), 'vendor/a "b"\nc')],
  ['an untracked file is a hard link', () => linkSync(path.join(outside, 'tree/deep/file'), inside('hard'))],
  [
    'a tracked file is a hard link',
    () => {
      rmSync(inside('packages/a/index.js'));
      linkSync(path.join(outside, 'tree/deep/file'), inside('packages/a/index.js'));
    },
  ],
  ['node_modules is a file', () => writeFileSync(inside('node_modules'), 'what')],
  [
    'node_modules is a directory that no rule ignores',
    () => {
      writeFileSync(inside('.gitignore'), '');
      mkdirSync(inside('packages/a/node_modules/ms'), { recursive: true });
      linkSync(path.join(outside, 'tree/deep/file'), inside('packages/a/node_modules/ms/index.js'));
    },
  ],
  [
    'a git worktree of another repository lies inside',
    () => {
      const other = workshop.repository('other');
      other.commit({ 'x.txt': 'x' });
      other.git('worktree', 'add', '--quiet', inside('vendor/worktree'));
    },
  ],
  [
    'a submodule holds a link that leads out',
    () => {
      const library = workshop.repository('library');
      mkdirSync(path.join(library.top, 'node_modules-like'));
      symlinkSync(path.join(outside, 'a'), path.join(library.top, 'out'));
      library.commit({ 'package.json': manifest });
      repository.git('submodule', '--quiet', 'add', library.top, 'vendor/library');
      repository.git('commit', '--quiet', '--message', 'a submodule');
    },
  ],
];

describe('nothing outside of the temporary directory is written', () => {
  it.each(traps)('where %s, untracked', async (_title, set) => {
    set();
    const before = picture(workshop.folder);
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    sides.remove();
    expect(picture(workshop.folder)).toEqual(before);
  });

  it.each(traps)('where %s, in git', async (_title, set) => {
    set();
    repository.git('add', '--all', '--force');
    repository.git('commit', '--quiet', '--allow-empty', '--message', 'a trap');
    const before = picture(workshop.folder);
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD', head: 'HEAD' });
    sides.remove();
    expect(picture(workshop.folder)).toEqual(before);
  });

  it('where package.json itself is a link: the side goes without', async () => {
    link(path.join(outside, 'package.json'), 'package.json');
    const before = picture(workshop.folder);
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    sides.remove();
    expect(sides.warnings).toEqual([
      expect.stringContaining("'package.json' is a link that leads out of the repository"),
    ]);
    expect(picture(workshop.folder)).toEqual(before);
  });

  it('where the lockfile itself is a link: the side is refused', async () => {
    link(path.join(outside, 'pnpm-lock.yaml'), 'pnpm-lock.yaml');
    const before = picture(workshop.folder);
    const opening = workshop.open({ directory: repository.top, base: 'HEAD' });
    await expect(opening).rejects.toMatchObject({
      code: 2,
      message: expect.stringMatching(
        /^the candidate \(working tree\) cannot be installed: .* no lockfile pins them/,
      ) as string,
    });
    expect(workshop.progress).toContainEqual(
      expect.stringContaining("'pnpm-lock.yaml' is a link that leads out of the repository"),
    );
    expect(picture(workshop.folder)).toEqual(before);
  });
});
