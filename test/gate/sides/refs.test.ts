/**
 * Which commit a candidate is compared with where nobody names one.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createWorkshop, type Workshop } from './repositories.ts';

let workshop: Workshop;
beforeEach(() => {
  workshop = createWorkshop();
});
afterEach(() => workshop.remove());

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
