/**
 * A release of one package, by release-it: version, changelog, files that name the version, a commit and a tag. Nothing
 * leaves the machine; the workflow publishes whatever tag is pushed.
 *
 * Why release-it and not changesets: that one writes changelogs out of files of its own, and here people write them.
 */
import path from 'node:path';

import * as releaseIt from 'release-it';

import { UserError } from '../src/user-error.ts';
import type { ReleasedPackage } from './packages.ts';
import { projectRoot } from './tree-copy.ts';

/** Its types say nothing of what it exports. */
const { default: runReleaseIt } = releaseIt as unknown as {
  default: (options: object) => Promise<{ readonly version: string }>;
};

/**
 * Changes the working directory of the process, which is where release-it looks for a package.
 * @param request.increment `patch`, `minor`, `major` or a version; asked for where left out.
 * @returns the version.
 * @throws {UserError} where something is not as a release needs it, which release-it has told; nothing is changed then, or
 *   what was is told.
 */
export async function release({
  released: { name, directory, tagPrefix },
  increment,
}: {
  released: ReleasedPackage;
  increment: string | undefined;
}): Promise<string> {
  process.chdir(path.resolve(projectRoot, directory));
  const plugin = path.relative(process.cwd(), path.join(projectRoot, 'release/release-plugin.ts'));
  const options = {
    // No file of settings: what stands here is all of it.
    config: false,
    ci: increment !== undefined,
    ...(increment === undefined ? {} : { increment }),
    git: {
      commitMessage: `${name} \${version}`,
      // Files that name the version lie outside of the package's directory, too; the tree was clean before.
      commitArgs: ['--all'],
      requireBranch: 'main',
      requireUpstream: false,
      push: false,
      tagName: `${tagPrefix}\${version}`,
      tagMatch: `${tagPrefix}[0-9]*`,
      tagAnnotation: `${name} \${version}`,
    },
    npm: { publish: false },
    plugins: { [plugin.startsWith('.') ? plugin : `./${plugin}`]: {} },
  };
  try {
    return (await runReleaseIt(options)).version;
  } catch (cause) {
    throw new UserError(`${name} was not released`, { code: 1, cause });
  }
}
