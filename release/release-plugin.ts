/**
 * What a release of this project has besides the version, the commit and the tag that release-it makes: a changelog
 * that people write, and files that name the version.
 *
 * release-it finds this file by its path and calls its methods in the order of its lifecycle; whatever one of them
 * throws ends the release. What can be found wrong is found before a file is changed.
 *
 * @see https://github.com/release-it/release-it, docs/plugins.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import * as releaseIt from 'release-it';

import { UserError } from '../src/user-error.ts';
import { readUnreleased, releaseChangelog } from './changelog.ts';
import { findVersionProblems, readManifest, releasedPackages, type ReleasedPackage } from './packages.ts';
import { projectRoot } from './tree-copy.ts';

/** Its types say nothing of what it exports. */
const { Plugin } = releaseIt as unknown as { Plugin: new (...args: unknown[]) => object };

export default class ReleasePlugin extends Plugin {
  readonly #released: ReleasedPackage;
  readonly #before: string;

  constructor(...args: unknown[]) {
    super(...args);
    const released = releasedPackages.find(({ directory }) => path.resolve(projectRoot, directory) === process.cwd());
    if (released === undefined) throw new UserError(`there is no package to release in ${process.cwd()}`);
    this.#released = released;
    this.#before = readManifest(projectRoot, released.directory).version;
  }

  init(): void {
    const problems = findVersionProblems(projectRoot);
    if (problems.length > 0) throw new UserError(`versions do not agree: ${problems.join('; ')}`);
    if (this.getChangelog() === '') throw new UserError('CHANGELOG.md says nothing under "Unreleased"');
  }

  /** Shown before anything is asked. */
  getChangelog(): string {
    return readUnreleased(readFileSync(changelogFile(), 'utf8'));
  }

  bump(version: string): void {
    const date = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
    change(changelogFile(), (text) => releaseChangelog(text, { version, date }));
    for (const { file, text: mention } of this.#released.mentions)
      change(path.join(projectRoot, file), (text) => text.replaceAll(mention(this.#before), () => mention(version)));
  }

  /** After the version is in package.json, and before anything is committed. */
  beforeRelease(): void {
    const problems = findVersionProblems(projectRoot);
    if (problems.length > 0)
      throw new UserError(`versions do not agree any more: ${problems.join('; ')}; git restore takes the changes back`);
  }
}

/** release-it is called in the directory of the package. */
function changelogFile(): string {
  return path.resolve('CHANGELOG.md');
}

function change(file: string, by: (text: string) => string): void {
  writeFileSync(file, by(readFileSync(file, 'utf8')));
}
