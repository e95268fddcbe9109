/**
 * `pnpm release`: releases one of the two packages, or with `--dry-run` rehearses it in a copy that is thrown away.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Argument, Command } from '@commander-js/extra-typings';

import { UserError } from '../src/user-error.ts';
import { readUnreleased } from './changelog.ts';
import { releasedPackages } from './packages.ts';
import { rehearse } from './rehearsal.ts';
import { release } from './release.ts';
import { projectRoot } from './tree-copy.ts';

const names = releasedPackages.map(({ name }) => name);

await new Command('release')
  .description('Puts the next version of a package into its files, commits and tags it. Pushing is up to you.')
  .addArgument(new Argument('[package]', 'which one; with --dry-run both where left out').choices(names))
  .argument('[increment]', 'patch, minor, major or a version; asked for where left out, minor with --dry-run')
  .option('--dry-run', 'release, build, pack and check in a copy, and change nothing here')
  .action(async (name, increment, { dryRun }) => {
    try {
      if (dryRun === true) await rehearseAll(name === undefined ? names : [name], increment ?? 'minor');
      else await releaseOne(name, increment);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      process.stderr.write(`release: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}\n`);
      process.exitCode = error.code;
    }
  })
  .parseAsync();

async function releaseOne(name: string | undefined, increment: string | undefined): Promise<void> {
  const released = releasedPackages.find((each) => each.name === name);
  if (released === undefined) throw new UserError('there is no package', { hint: `name one: ${names.join(' or ')}` });
  const version = await release({ released, increment });
  const others = releasedPackages.filter((each) => each !== released && hasUnreleased(each.directory));
  const lines = [
    ...others.map((other) => `${other.name} has changes that are not released`),
    `published once it is pushed: git push origin main ${released.tagPrefix}${version}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function hasUnreleased(directory: string): boolean {
  return readUnreleased(readFileSync(path.join(projectRoot, directory, 'CHANGELOG.md'), 'utf8')) !== '';
}

async function rehearseAll(chosen: readonly string[], increment: string): Promise<void> {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-release-')));
  try {
    const rehearsed = await rehearse({ directory, names: chosen, increment });
    for (const { name, before, version, tag, files, packedBytes, unpackedBytes, problems, notes } of rehearsed) {
      const sizes = `${files.length} files, ${packedBytes} bytes packed, ${unpackedBytes} unpacked`;
      const lines = [
        `${name} ${before} -> ${version}, tag ${tag}: ${sizes}`,
        ...[...problems, ...notes].map((line) => `  ${line}`),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    if (rehearsed.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
    else process.stdout.write('it could be released; nothing was changed here\n');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
