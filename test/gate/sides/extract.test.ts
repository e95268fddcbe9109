/**
 * Submodules of a side: the right commits, or words about what is missing.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { contentsOf, createWorkshop, type TestRepository, type Workshop } from './repositories.ts';

let workshop: Workshop;
beforeEach(() => {
  workshop = createWorkshop();
});
afterEach(() => workshop.remove());

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
