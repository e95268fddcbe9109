/**
 * A release of both packages, carried out in a copy: what it changes, the tags it makes, what would be published, and
 * that nothing changes here.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { releasedPackages } from '../../release/packages.ts';
import { type Rehearsed, rehearse } from '../../release/rehearsal.ts';
import { readPacked } from '../../release/tarball.ts';
import { projectRoot } from '../../release/tree-copy.ts';

/** Compiling and packing both. */
const preparationMs = 240_000;

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
const tree = path.join(directory, 'tree');
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: tree, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();

/** What a release would change here, if it did. */
function lookHere(): unknown {
  const files = releasedPackages.flatMap(({ directory: home, mentions }) => [
    ...['package.json', 'CHANGELOG.md'].map((name) => path.join(home, name)),
    ...mentions.map(({ file }) => file),
  ]);
  const refs = execFileSync('git', ['for-each-ref', 'refs/tags'], { cwd: projectRoot, encoding: 'utf8' });
  return [refs, files.map((file) => readFileSync(path.join(projectRoot, file), 'utf8'))];
}

let before: unknown;
let rehearsed: readonly Rehearsed[];
beforeAll(async () => {
  before = lookHere();
  rehearsed = await rehearse({ directory, names: releasedPackages.map(({ name }) => name), increment: 'minor' });
}, preparationMs);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const find = (name: string): Rehearsed => {
  const found = rehearsed.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} was not rehearsed`);
  return found;
};

it('changes nothing here', () => {
  expect(lookHere()).toEqual(before);
});

it('finds both packages fit to be published', () => {
  expect(rehearsed.map(({ name, problems }) => [name, problems])).toEqual([
    ['wirebench', []],
    ['json-response-serializer', []],
  ]);
});

describe.each(releasedPackages)('the release of $name', ({ name, directory: home, tagPrefix, mentions }) => {
  it('is one commit with an annotated tag, in which only the version and its date are new', () => {
    const { tag, version, before: older } = find(name);
    expect(tag).toBe(`${tagPrefix}${version}`);
    expect([git('cat-file', '-t', tag), git('log', '-1', '--format=%s', tag)]).toEqual(['tag', `${name} ${version}`]);
    const changed = ['package.json', 'CHANGELOG.md'].map((file) => path.join(home, file));
    expect(git('diff', '--name-only', `${tag}~1`, tag).split('\n').toSorted()).toEqual(
      [...changed, ...mentions.map(({ file }) => file)].toSorted(),
    );
    const lines = git('diff', '--unified=0', `${tag}~1`, tag)
      .split('\n')
      .filter((line) => /^[-+](?![-+])/.test(line));
    const day = /\(\d{4}-\d\d-\d\d\)/;
    const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
    expect(added.filter((line) => !line.includes(version))).toEqual([]);
    const undone = added.map((line) => (day.test(line) ? '## Unreleased' : line.replaceAll(version, older)));
    expect(undone).toEqual(lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1)));
  });

  it('is packed with that version, and its changelog says it with the date', () => {
    const { tarball, version } = find(name);
    expect((JSON.parse(readPacked(tarball, 'package.json')) as { version: string }).version).toBe(version);
    expect(readPacked(tarball, 'CHANGELOG.md')).toMatch(
      new RegExp(`^# Changelog\\n\\n## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d\\d-\\d\\d\\)\\n\\n\\S`),
    );
  });

  it('has a tag that the workflow takes, and it takes no other', async () => {
    const workflow = parse(readFileSync(path.join(projectRoot, '.github/workflows/release.yml'), 'utf8')) as {
      jobs: { publish: { steps: { name?: string; run?: string }[] } };
    };
    const step = workflow.jobs.publish.steps.find((each) => each.name?.startsWith('The tag is the version') === true);
    const file = path.join(directory, `env-${name}`);
    const check = (tag: string) =>
      execa('bash', ['--norc', '-e', '-o', 'pipefail', '-c', step?.run ?? 'exit 9'], {
        cwd: tree,
        env: { TAG: tag, GITHUB_ENV: file },
        reject: false,
      });
    const { tag } = find(name);
    expect(await check(tag)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file, 'utf8')).toBe(`DIRECTORY=${home}\n`);
    expect(await check(`${tagPrefix}9.9.9`)).toMatchObject({ exitCode: 1 });
  });
});

it('is refused a second time, since nothing is unreleased then, and changes nothing', async () => {
  const state = (): string[] => [git('status', '--porcelain'), git('rev-parse', 'HEAD'), git('tag')];
  const earlier = state();
  const again = await execa('node', ['release/main.ts', 'wirebench', 'patch'], { cwd: tree, reject: false, all: true });
  expect(again.exitCode).not.toBe(0);
  expect(again.all).toContain('CHANGELOG.md says nothing under "Unreleased"');
  expect(state()).toEqual(earlier);
});
