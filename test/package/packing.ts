/**
 * What the tests of both published packages share: to pack and install one, and to check the types of whoever uses it.
 *
 * Needs the npm registry that this machine is configured for, or a cache that holds what is asked of it; without both
 * the reason is printed and the tests are skipped.
 */
import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { inject } from 'vitest';

import { type DirectoryLock, lockDirectory } from '../../src/store/lock.ts';
import { UserError } from '../../src/user-error.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Errors of npm that speak of the network or of an empty cache and not of the package. */
const offline = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/;

/** Followed by what is to be installed. */
export const npmInstall = ['install', '--no-audit', '--no-fund', '--prefer-offline'] as const;

/** The commands that have to succeed before there is a package to test. */
export class Packing {
  /** Why there is nothing to test; printed, since a test that is skipped in silence looks like one that passed. */
  whyNot: string | undefined;

  /**
   * Does nothing after an earlier one could not reach the network.
   * @returns what the command wrote, to stdout and stderr.
   */
  async run(command: string, argv: readonly string[], cwd: string): Promise<string> {
    if (this.whyNot !== undefined) return '';
    const result = await execa(command, argv, { cwd, reject: false, all: true });
    if (!result.failed) return result.all;
    const line = result.all.split('\n').find((text) => offline.test(text));
    if (line === undefined) throw new Error(`${command} ${argv.join(' ')} failed:\n${result.all}`);
    this.whyNot = `${command} needs the network or what it has kept of it: ${line}`;
    process.stderr.write(`the package is not tested: ${this.whyNot}\n`);
    return '';
  }
}

/**
 * The package of this checkout, packed once for all test files of a run: packing builds into one directory, `dist`.
 * @returns the tarball, which is another's, too; there is none where `packing` says why not.
 */
export async function packOnce(packing: Packing): Promise<string> {
  const folder = inject('packedFolder');
  const tarball = path.join(folder, 'wirebench.tgz');
  const lock = await waitForLock(folder);
  try {
    if (!existsSync(tarball))
      await packing.run('npx', ['-y', '--prefer-offline', 'pnpm@12', 'pack', '--out', tarball], root);
  } finally {
    lock.release();
  }
  return tarball;
}

async function waitForLock(directory: string): Promise<DirectoryLock> {
  for (;;) {
    try {
      return lockDirectory(directory, { command: 'packing' });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await setTimeout(200);
    }
  }
}

/** What `checkTypes` gives where there is nothing to say. */
export const passes = { exitCode: 0, output: '' };

/**
 * Checks a module strictly, together with all declarations that it reaches, as the module `typed.ts` of a project.
 * @param request.packages of this checkout that are put into the project first, where it does not have them.
 */
export async function checkTypes({
  project,
  text,
  packages,
}: {
  project: string;
  text: string;
  packages: readonly string[];
}): Promise<{ exitCode: number | undefined; output: string }> {
  for (const name of packages) linkPackage(name, project);
  const compilerOptions = {
    module: 'nodenext',
    target: 'esnext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['typed.ts'] }));
  writeFileSync(path.join(project, 'typed.ts'), text);
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { exitCode, all } = await execa('node', [compiler, '-p', '.'], { cwd: project, reject: false, all: true });
  return { exitCode, output: all };
}

function linkPackage(name: string, project: string): void {
  const target = path.join(root, 'node_modules', name);
  const link = path.join(project, 'node_modules', name);
  if (!existsSync(target) || existsSync(link)) return;
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(realpathSync(target), link);
}
