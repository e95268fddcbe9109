/**
 * The working tree as a side: what of it counts, in any state of the repository.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { contentsOf, createWorkshop, type Workshop } from './repositories.ts';

let workshop: Workshop;
beforeEach(() => {
  workshop = createWorkshop();
});
afterEach(() => workshop.remove());

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
