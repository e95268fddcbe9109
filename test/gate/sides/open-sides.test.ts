/**
 * Both sides of a gate on disk: the right files, from any state of a repository, which stays as it is.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ownIdentity, placeOf } from '../../../src/process/owner.ts';
import { contentsOf, createWorkshop, type Workshop } from './repositories.ts';

let workshop: Workshop;
beforeEach(() => {
  workshop = createWorkshop();
});
afterEach(() => workshop.remove());

describe('the two sides', () => {
  it('hold the files of their own revisions, in directories of equally long names', async () => {
    const repository = workshop.repository();
    const first = repository.commit({ 'a.txt': 'one', 'gone.txt': 'x' });
    rmSync(path.join(repository.top, 'gone.txt'));
    const second = repository.commit({ 'a.txt': 'two', 'lib/new file.txt': 'y' });
    const sides = await workshop.open({ directory: repository.top, base: first, head: 'main' });
    expect(contentsOf(sides.baseline.directory)).toEqual({ 'a.txt': 'one', 'gone.txt': 'x' });
    expect(contentsOf(sides.candidate.directory)).toEqual({ 'a.txt': 'two', 'lib/new file.txt': 'y' });
    expect(sides.baseline.directory).toHaveLength(sides.candidate.directory.length);
    expect(sides.baseline.side).toEqual({
      name: 'baseline',
      ref: first,
      commit: first.slice(0, 12),
      node: process.versions.node,
    });
    expect(sides.candidate.side).toMatchObject({ name: 'candidate', ref: 'main', commit: second.slice(0, 12) });
    expect(sides.candidate.nodePath).toBe(process.execPath);
    expect(sides.warnings).toEqual([]);
  });

  it('are gone once they are removed, however often', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(workshop.leftovers()).toHaveLength(1);
    sides.remove();
    sides.remove();
    expect(workshop.leftovers()).toEqual([]);
  });

  it("lie in the project's own directory where that is below the repository's top level", async () => {
    const repository = workshop.repository();
    repository.commit({ 'packages/bench/a.txt': 'one', 'shared.txt': 's' });
    repository.write({ 'packages/bench/a.txt': 'two', 'shared.txt': 't' });
    const sides = await workshop.open({ directory: path.join(repository.top, 'packages/bench'), base: 'HEAD' });
    expect(contentsOf(sides.baseline.directory)).toEqual({ 'a.txt': 'one' });
    expect(contentsOf(sides.candidate.directory)).toEqual({ 'a.txt': 'two' });
    expect(readFileSync(path.join(sides.candidate.directory, '../../shared.txt'), 'utf8')).toBe('t');
  });

  it('must both have the directory of the project', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    repository.commit({ 'packages/bench/a.txt': 'one' });
    const opening = workshop.open({ directory: path.join(repository.top, 'packages/bench'), base: 'HEAD~1' });
    await expect(opening).rejects.toThrow("the baseline (HEAD~1) has no directory 'packages/bench'");
    expect(workshop.leftovers()).toEqual([]);
  });

  it('follow the attributes of their own revision', async () => {
    const repository = workshop.repository();
    const unix = repository.commit({ 'a.txt': 'one\n' });
    repository.commit({ '.gitattributes': '*.txt text eol=crlf\n' });
    const sides = await workshop.open({ directory: repository.top, base: unix });
    expect(contentsOf(sides.baseline.directory)['a.txt']).toBe('one\n');
    expect(contentsOf(sides.candidate.directory)['a.txt']).toBe('one\r\n');
  });
});

describe('the repository of the user', () => {
  it('is left exactly as it was: index, refs, objects, configuration and files', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    repository.commit({ 'a.txt': 'two' });
    repository.git('config', 'core.splitIndex', 'true');
    repository.git('config', 'core.untrackedCache', 'true');
    repository.write({ 'a.txt': 'three', 'new.txt': 'a new object', 'staged.txt': 's' });
    repository.git('add', 'staged.txt');
    const before = repository.fingerprint();
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD~1' });
    sides.remove();
    expect(repository.fingerprint()).toEqual(before);
  });

  it('runs none of its hooks', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    repository.write({ 'new.txt': 'n' });
    const proof = path.join(workshop.folder, 'hook-ran');
    for (const name of ['post-index-change', 'post-checkout', 'pre-commit']) {
      const hook = path.join(repository.top, '.git/hooks', name);
      mkdirSync(path.dirname(hook), { recursive: true });
      writeFileSync(hook, `#!/bin/sh\necho ${name} >> '${proof}'\n`);
      chmodSync(hook, 0o755);
    }
    await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(existsSync(proof)).toBe(false);
  });

  it('is the one of the directory even when a hook of another one runs the gate', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    const other = workshop.repository('other');
    other.commit({ 'b.txt': 'other' });
    const before = other.fingerprint();
    const env = {
      PATH: process.env['PATH'],
      GIT_DIR: path.join(other.top, '.git'),
      GIT_WORK_TREE: other.top,
      GIT_INDEX_FILE: path.join(other.top, '.git/index'),
    };
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD', env });
    expect(contentsOf(sides.candidate.directory)).toEqual({ 'a.txt': 'one' });
    expect(other.fingerprint()).toEqual(before);
  });

  it('may be a linked worktree', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    const linked = path.join(workshop.folder, 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'feature', linked);
    writeFileSync(path.join(linked, 'a.txt'), 'two');
    const before = repository.fingerprint();
    const sides = await workshop.open({ directory: linked });
    expect(contentsOf(sides.baseline.directory)).toEqual({ 'a.txt': 'one' });
    expect(contentsOf(sides.candidate.directory)).toEqual({ 'a.txt': 'two' });
    expect(repository.fingerprint()).toEqual(before);
  });

  it('may have a path that is special in a list of paths', async () => {
    const repository = workshop.repository('a:b "c" \\d');
    repository.commit({ 'a.txt': 'one' });
    repository.write({ 'a.txt': 'two' });
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(contentsOf(sides.baseline.directory)).toEqual({ 'a.txt': 'one' });
    expect(contentsOf(sides.candidate.directory)).toEqual({ 'a.txt': 'two' });
  });
});

describe('what cannot be opened is refused with a reason and a hint', () => {
  const failure = (message: string, hint: string) => ({
    name: 'UserError',
    code: 2,
    message: expect.stringContaining(message) as string,
    hint: expect.stringContaining(hint) as string,
  });

  it('a machine without git', async () => {
    const repository = workshop.repository();
    const opening = workshop.open({ directory: repository.top, base: 'HEAD', env: { PATH: workshop.programs } });
    await expect(opening).rejects.toMatchObject(failure('git was not found', 'install git'));
  });

  it('a directory outside of git', async () => {
    const opening = workshop.open({
      directory: workshop.folder,
      base: 'HEAD',
      env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: path.dirname(workshop.folder) },
    });
    await expect(opening).rejects.toMatchObject(failure('is not in a git repository', '--baseline'));
  });

  it('a bare repository', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    const bare = path.join(workshop.folder, 'bare.git');
    repository.git('clone', '--quiet', '--bare', repository.top, bare);
    await expect(workshop.open({ directory: bare, base: 'HEAD' })).rejects.toMatchObject(
      failure('bare repository', 'clone'),
    );
  });

  it('a repository without a commit', async () => {
    const repository = workshop.repository();
    await expect(workshop.open({ directory: repository.top })).rejects.toMatchObject(
      failure('has no commit yet', 'commit first'),
    );
  });

  it.each([
    ['featur', "did you mean 'feature'?"],
    ['nothing-like-it', 'git branch --all'],
    ['--upload-pack=evil', 'git branch --all'],
    ['', 'git branch --all'],
    ['HEAD~99', 'git branch --all'],
  ])('an unknown revision: "%s"', async (base, hint) => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    repository.git('branch', 'feature');
    await expect(workshop.open({ directory: repository.top, base })).rejects.toMatchObject(
      failure(`unknown revision '${base}'`, hint),
    );
    expect(workshop.leftovers()).toEqual([]);
  });

  it('a branch that is only known as that of a remote', async () => {
    const upstream = workshop.repository('upstream');
    upstream.commit({ 'a.txt': 'one' });
    upstream.git('branch', 'release');
    const clone = path.join(workshop.folder, 'clone');
    upstream.git('clone', '--quiet', upstream.top, clone);
    const opening = workshop.open({ directory: clone, base: 'release' });
    await expect(opening).rejects.toMatchObject(
      failure("unknown revision 'release'", "did you mean 'origin/release'?"),
    );
  });

  it('a full disk', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    workshop.program(
      'git',
      `case "$*" in *checkout-index*) echo 'fatal: write error: No space left on device' >&2; exit 128;; esac\nPATH='${process.env['PATH']}' exec git "$@"`,
    );
    await expect(workshop.open({ directory: repository.top, base: 'HEAD' })).rejects.toMatchObject(
      failure('the disk is full', 'TMPDIR'),
    );
    expect(workshop.leftovers()).toEqual([]);
  });

  it('a temporary directory inside the repository, where an install could reach the files of the user', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    const temporaryDirectory = path.join(repository.top, 'tmp');
    mkdirSync(temporaryDirectory);
    const opening = workshop.open({ directory: repository.top, base: 'HEAD', temporaryDirectory });
    await expect(opening).rejects.toMatchObject(failure('lies inside the repository', 'TMPDIR'));
    expect(contentsOf(temporaryDirectory)).toEqual({});
  });

  it('a temporary directory that is not there', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    const opening = workshop.open({
      directory: repository.top,
      base: 'HEAD',
      temporaryDirectory: path.join(workshop.folder, 'missing'),
    });
    await expect(opening).rejects.toMatchObject(failure('cannot be written', 'TMPDIR'));
  });

  it('a failure of git itself, with what git said', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    workshop.program(
      'git',
      `case "$*" in *read-tree*) echo 'fatal: unable to read tree' >&2; exit 128;; esac\nPATH='${process.env['PATH']}' exec git "$@"`,
    );
    const opening = workshop.open({ directory: repository.top, base: 'HEAD' });
    await expect(opening).rejects.toMatchObject(
      failure('extracting the baseline (HEAD) failed', 'fatal: unable to read tree'),
    );
  });
});

describe('sweeping', () => {
  it('happens whenever sides are opened', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    const dead = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
    mkdirSync(path.join(workshop.temporary, `wirebench-gate-${dead}-${placeOf(ownIdentity())}-abcdef`));
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    sides.remove();
    expect(workshop.leftovers()).toEqual([]);
  });
});
