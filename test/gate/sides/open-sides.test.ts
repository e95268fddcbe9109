/**
 * Both sides of a gate on disk: the right files, from any state of a repository, which stays as it is.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ownIdentity, placeOf } from '../../../src/process/owner.ts';
import { contentsOf, createWorkshop, type TestRepository, type Workshop } from './repositories.ts';

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

describe('the working tree as candidate', () => {
  it('has modified and untracked files, and neither ignored nor deleted ones', async () => {
    const repository = workshop.repository();
    repository.commit({
      'a.txt': 'one',
      'gone.txt': 'x',
      'staged.txt': '1',
      '.gitignore': 'ignored*\n',
      'run.sh': 'true',
    });
    repository.write({
      'a.txt': 'two',
      'new dir/ünïcode "quoted".txt': 'new',
      'ignored.txt': 'i',
      'staged.txt': '2',
      'ignored-forced.txt': 'f',
    });
    repository.git('add', 'staged.txt');
    repository.git('add', '--force', 'ignored-forced.txt');
    repository.write({ 'staged.txt': '3' });
    rmSync(path.join(repository.top, 'gone.txt'));
    chmodSync(path.join(repository.top, 'run.sh'), 0o755);
    symlinkSync('a.txt', path.join(repository.top, 'link'));
    const { candidate } = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(contentsOf(candidate.directory)).toEqual({
      '.gitignore': 'ignored*\n',
      'a.txt': 'two',
      'ignored-forced.txt': 'f',
      'new dir/ünïcode "quoted".txt': 'new',
      'run.sh': 'true',
      'staged.txt': '3',
    });
    expect(readFileSync(path.join(candidate.directory, 'link'), 'utf8')).toBe('two');
    expect(() => execFileSync(path.join(candidate.directory, 'run.sh'), { shell: true })).not.toThrow();
    expect(candidate.side.ref).toBe('working tree');
    expect(candidate.side.commit).toMatch(/^[0-9a-f]{12}-dirty$/);
  });

  it('is called dirty only where its content differs from the commit', async () => {
    const repository = workshop.repository();
    const commit = repository.commit({ 'a.txt': 'one', '.gitignore': 'ignored\n' });
    repository.write({ 'a.txt': 'one', ignored: 'i' });
    const { candidate } = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(candidate.side.commit).toBe(commit.slice(0, 12));
    repository.write({ 'new.txt': 'n' });
    const again = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(again.candidate.side.commit).toBe(`${commit.slice(0, 12)}-dirty`);
  });

  it('has a file that was changed in the moment in which git last looked at it', async () => {
    const repository = workshop.repository();
    repository.git('config', 'core.trustctime', 'false');
    const moment = new Date('2026-01-01T00:00:00Z');
    const stamp = (name: string): void => utimesSync(path.join(repository.top, name), moment, moment);
    repository.write({ 'a.txt': 'one' });
    stamp('a.txt');
    repository.git('add', '--all');
    repository.git('commit', '--quiet', '--message', 'a commit');
    repository.write({ 'a.txt': 'two' });
    stamp('a.txt');
    stamp('.git/index');
    const { candidate } = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(contentsOf(candidate.directory)).toEqual({ 'a.txt': 'two' });
  });

  it('has the files that a sparse checkout does not show', async () => {
    const repository = workshop.repository();
    repository.commit({ 'shown/a.txt': 'one', 'hidden/b.txt': 'two' });
    repository.git('sparse-checkout', 'set', 'shown');
    expect(existsSync(path.join(repository.top, 'hidden'))).toBe(false);
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    const both = { 'shown/a.txt': 'one', 'hidden/b.txt': 'two' };
    expect(contentsOf(sides.baseline.directory)).toEqual(both);
    expect(contentsOf(sides.candidate.directory)).toEqual(both);
  });

  it('is read in the middle of a conflict too', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    repository.git('switch', '--quiet', '--create', 'other');
    repository.commit({ 'a.txt': 'other' });
    repository.git('switch', '--quiet', 'main');
    repository.commit({ 'a.txt': 'mine' });
    expect(() => repository.git('merge', 'other')).toThrow('merge other');
    const { candidate } = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(contentsOf(candidate.directory)['a.txt']).toContain('<<<<<<<');
  });

  it('leaves out a repository that merely lies inside, and says so', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    workshop.repository('project/inner').write({ 'b.txt': 'b' });
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(contentsOf(sides.candidate.directory)).toEqual({ 'a.txt': 'one' });
    expect(sides.warnings).toEqual([expect.stringContaining("'inner/'")]);
    expect(workshop.progress).toContain(sides.warnings[0]);
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

describe('without --base', () => {
  it('the baseline is where the branch left the main branch', async () => {
    const repository = workshop.repository();
    const fork = repository.commit({ 'a.txt': 'one' });
    repository.git('switch', '--quiet', '--create', 'feature');
    repository.commit({ 'a.txt': 'two' });
    repository.git('switch', '--quiet', 'main');
    repository.commit({ 'a.txt': 'main went on' });
    repository.git('switch', '--quiet', 'feature');
    const sides = await workshop.open({ directory: repository.top });
    expect(sides.baseline.side).toMatchObject({ commit: fork.slice(0, 12), ref: 'merge base with main' });
  });

  it("the remote's own main branch counts, whatever its name", async () => {
    const upstream = workshop.repository('upstream');
    const fork = upstream.commit({ 'a.txt': 'one' });
    upstream.git('branch', '--move', 'main', 'trunk');
    upstream.git('clone', '--quiet', upstream.top, path.join(workshop.folder, 'clone'));
    writeFileSync(path.join(workshop.folder, 'clone/a.txt'), 'two');
    const sides = await workshop.open({ directory: path.join(workshop.folder, 'clone') });
    expect(sides.baseline.side).toMatchObject({ commit: fork.slice(0, 12), ref: 'merge base with origin/trunk' });
  });

  it('there is nothing to compare on a clean main branch, and uncommitted changes can be compared', async () => {
    const repository = workshop.repository();
    const commit = repository.commit({ 'a.txt': 'one' });
    await expect(workshop.open({ directory: repository.top })).rejects.toMatchObject({
      code: 2,
      message: expect.stringContaining('nothing to compare') as string,
      hint: expect.stringContaining('--base') as string,
    });
    expect(workshop.leftovers()).toEqual([]);
    repository.write({ 'a.txt': 'two' });
    const sides = await workshop.open({ directory: repository.top });
    expect(sides.baseline.side.commit).toBe(commit.slice(0, 12));
  });

  it('a repository without a main branch asks for one', async () => {
    const repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    repository.git('branch', '--move', 'main', 'trunk');
    await expect(workshop.open({ directory: repository.top })).rejects.toMatchObject({
      hint: expect.stringContaining('--base') as string,
    });
  });

  it('a shallow clone without the merge base says how to fetch more', async () => {
    const upstream = workshop.repository('upstream');
    upstream.commit({ 'a.txt': 'one' });
    upstream.git('switch', '--quiet', '--create', 'feature');
    upstream.commit({ 'a.txt': 'two' });
    upstream.git('switch', '--quiet', 'main');
    upstream.commit({ 'a.txt': 'three' });
    const clone = path.join(workshop.folder, 'clone');
    upstream.git(
      'clone',
      '--quiet',
      '--depth=1',
      '--no-single-branch',
      '--branch=feature',
      `file://${upstream.top}`,
      clone,
    );
    const error = {
      code: 2,
      message: expect.stringContaining('shallow') as string,
      hint: expect.stringContaining('fetch-depth: 0') as string,
    };
    await expect(workshop.open({ directory: clone })).rejects.toMatchObject(error);
  });
});

describe('submodules', () => {
  let repository: TestRepository;
  let recorded: string;
  const inside = (...names: string[]): string => path.join(repository.top, ...names);

  beforeEach(() => {
    const library = workshop.repository('library');
    recorded = library.commit({ 'lib.txt': 'library one' });
    repository = workshop.repository();
    repository.commit({ 'a.txt': 'one' });
    repository.git('submodule', '--quiet', 'add', library.top, 'vendor/lib dir');
    repository.commit({});
    library.commit({ 'lib.txt': 'library two' });
  });

  it('are extracted at the commits that each side records', async () => {
    repository.git('-C', 'vendor/lib dir', 'pull', '--quiet');
    const before = repository.fingerprint();
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD' });
    expect(contentsOf(sides.baseline.directory)).toMatchObject({
      'a.txt': 'one',
      'vendor/lib dir/lib.txt': 'library one',
    });
    expect(contentsOf(sides.candidate.directory)).toMatchObject({
      'a.txt': 'one',
      'vendor/lib dir/lib.txt': 'library two',
    });
    expect(sides.candidate.side.commit).toMatch(/-dirty$/);
    expect(sides.warnings).toEqual([]);
    expect(repository.fingerprint()).toEqual(before);
  });

  it.each(['lib.txt', 'untracked.txt'])('with uncommitted changes are refused by name: %s', async (file) => {
    writeFileSync(inside('vendor/lib dir', file), 'changed');
    const opening = workshop.open({ directory: repository.top, base: 'HEAD' });
    await expect(opening).rejects.toMatchObject({
      code: 2,
      message: expect.stringContaining("'vendor/lib dir'") as string,
    });
    expect(workshop.leftovers()).toEqual([]);
  });

  it('with uncommitted changes do not matter where the working tree is no side', async () => {
    writeFileSync(inside('vendor/lib dir/lib.txt'), 'changed');
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD~1', head: 'HEAD' });
    expect(contentsOf(sides.candidate.directory)['vendor/lib dir/lib.txt']).toBe('library one');
  });

  it('that are not initialised are left out with a warning', async () => {
    repository.git('submodule', '--quiet', 'deinit', '--force', 'vendor/lib dir');
    const sides = await workshop.open({ directory: repository.top, base: 'HEAD~1' });
    expect(contentsOf(sides.candidate.directory)).not.toHaveProperty('vendor/lib dir/lib.txt');
    expect(sides.warnings).toEqual([expect.stringMatching(/'vendor\/lib dir' is not initialised .* the candidate/)]);
  });

  it('that lack the recorded commit say which one', async () => {
    const unknown = recorded.replaceAll(/./g, 'b');
    repository.git('update-index', '--cacheinfo', `160000,${unknown},vendor/lib dir`);
    repository.git('commit', '--quiet', '--message', 'a commit that nobody pushed');
    const opening = workshop.open({ directory: repository.top, base: 'HEAD~1', head: 'HEAD' });
    await expect(opening).rejects.toMatchObject({
      message: expect.stringContaining('b'.repeat(12)) as string,
      hint: expect.stringContaining('fetch') as string,
    });
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
