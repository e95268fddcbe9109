/**
 * What a release does to a changelog and what it refuses, and that no file names another version than the packages have.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { readUnreleased, releaseChangelog } from '../../release/changelog.ts';
import { findVersionProblems, readManifest, releasedPackages } from '../../release/packages.ts';
import { projectRoot } from '../../release/tree-copy.ts';

const when = { version: '0.2.0', date: '2026-11-29' };
const before = '# Changelog\n\n## Unreleased\n\nA sentence with $& and $1.\n\n- One.\n\n## 0.1.0\n\nFirst.\n';

describe('a release', () => {
  it('turns "Unreleased" into the version with its date, and changes no other character', () => {
    const after =
      '# Changelog\n\n## 0.2.0 (2026-11-29)\n\nA sentence with $& and $1.\n\n- One.\n\n## 0.1.0\n\nFirst.\n';
    expect(releaseChangelog(before, when)).toBe(after);
    expect(readUnreleased(before)).toBe('A sentence with $& and $1.\n\n- One.');
  });

  it.each([
    ['nothing is written', '# Changelog\n\n## Unreleased\n\n## 0.1.0\n', 'says nothing under "## Unreleased"'],
    ['there is no such part', '# Changelog\n\n## 0.1.0\n\nFirst.\n', 'says nothing under "## Unreleased"'],
    ['there are two', `${before}\n## Unreleased\n\nx\n`, '"## Unreleased" 2 times'],
    ['the version is there', before.replace('0.1.0', '0.2.0 (2026-01-01)'), 'has a part for 0.2.0 already'],
  ])('is refused where %s', (_title, text, message) => {
    expect(() => releaseChangelog(text, when)).toThrow(message);
  });
});

describe('versions', () => {
  it('are the same wherever one is named or asked for', () => {
    expect(findVersionProblems(projectRoot)).toEqual([]);
  });

  it('of wirebench stand in no file that a release does not know', () => {
    const { version } = readManifest(projectRoot, '.');
    const files = execFileSync('git', ['ls-files', '-z', '*.md', '*.yml', '*.json'], {
      cwd: projectRoot,
      encoding: 'utf8',
    })
      .split('\0')
      .filter((file) => file !== '' && !/CHANGELOG|pnpm-lock|^results\/|^test\//.test(file));
    // What was recorded names the version of its day.
    const recorded = /<!-- generated: transcript [\s\S]*?<!-- end generated -->/g;
    const naming = files.filter((file) =>
      new RegExp(`wirebench[@-]${version.replaceAll('.', String.raw`\.`)}`).test(
        readFileSync(path.join(projectRoot, file), 'utf8').replaceAll(recorded, ''),
      ),
    );
    const known = new Set(releasedPackages.flatMap(({ mentions }) => mentions.map(({ file }) => file)));
    expect(naming.length).toBeGreaterThan(0);
    expect(naming.filter((file) => !known.has(file))).toEqual([]);
  });
});
