/**
 * Small projects in temporary directories, and facts about imaginary ones, for tests of `wirebench init`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { onTestFinished } from 'vitest';

import type { Project } from '../../src/init/project.ts';

/**
 * A git repository with these files, without a commit; removed after the test.
 * @param options.branch the name that its first branch will have; none: no repository.
 */
export function makeProject(
  files: Readonly<Record<string, string>>,
  { branch = 'main' }: { branch?: string } = {},
): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  if (branch !== '') git(directory, 'init', '--quiet', '--initial-branch', branch);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  }
  return directory;
}

export function git(directory: string, ...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...who, ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

export function manifestOf(fields: object): string {
  return `${JSON.stringify({ name: 'a-gateway', type: 'module', ...fields }, null, 2)}\n`;
}

/** A project with Fastify and npm, of which a test changes what it is about. */
export function imagine(changes: Partial<Project> = {}): Project {
  return {
    name: 'a-gateway',
    framework: 'fastify',
    serializers: [],
    packageManager: { name: 'npm', isBerry: false, version: undefined },
    node: { workflow: '24', isAsked: true },
    modules: 'esm',
    repository: { up: '', prefix: '', mainBranch: 'main', isMainFound: true },
    gateWorkflows: [],
    workspace: 'none',
    wirebench: { declared: '0.1.0', isInstalled: true },
    hasNoNodeModules: false,
    compilesEverything: false,
    ...changes,
  };
}
