/**
 * Real git repositories in a directory of their own, and what the tests of a checkout ask about them.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { OpenSidesRequest, Sides } from '../../../src/gate/sides/open-sides.ts';
import { openSides } from '../../../src/gate/sides/open-sides.ts';

/** Files of a project with a dependency, which a stand-in for pnpm installs, and a member. */
export const installable = {
  'package.json': JSON.stringify({ dependencies: { tiny: '1.0.0' } }),
  'pnpm-lock.yaml': 'lockfileVersion: 9\n',
  '.gitignore': 'node_modules/\n',
  'packages/a/index.js': '1',
} as const;

/** A repository to change and to look at; names of files are relative to its top level. */
export interface TestRepository {
  readonly top: string;
  git(...args: string[]): string;
  /** Writes files, creating their directories. */
  write(files: Readonly<Record<string, string>>): void;
  /** Writes files and commits everything; returns the commit. */
  commit(files: Readonly<Record<string, string>>): string;
  /** Everything that a checkout must leave alone, for comparing before with after. */
  fingerprint(): unknown;
}

/** A directory with repositories, a place for sides, and a folder for programs. */
export interface Workshop {
  readonly folder: string;
  /** Where sides are put. */
  readonly temporary: string;
  /** Goes first on the PATH. */
  readonly programs: string;
  readonly progress: string[];
  repository(name?: string): TestRepository;
  /** Puts a program on the PATH that runs a shell script. */
  program(name: string, script: string): void;
  open(request: { directory: string } & Partial<OpenSidesRequest>): Promise<Sides>;
  /** What is left in the place for sides. */
  leftovers(): string[];
  remove(): void;
}

export function createWorkshop(): Workshop {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
  const temporary = path.join(folder, 'temporary');
  const programs = path.join(folder, 'programs');
  mkdirSync(temporary);
  mkdirSync(programs);
  const progress: string[] = [];
  return {
    folder,
    temporary,
    programs,
    progress,
    repository: (name = 'project') => createRepository(path.join(folder, name)),
    program(name, script) {
      const file = path.join(programs, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
    open: (request) =>
      openSides({
        signal: new AbortController().signal,
        onProgress: (message) => progress.push(message),
        env: { HOME: folder, PATH: `${programs}${path.delimiter}${process.env['PATH']}`, GIT_CONFIG_NOSYSTEM: '1' },
        temporaryDirectory: temporary,
        ...request,
      }),
    leftovers: () => readdirSync(temporary),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Every file below a directory with its content, without node_modules and .git; links to files are followed. */
export function contentsOf(directory: string): Record<string, string> {
  const files = listFiles(directory).filter((name) => !/(?:^|\/)(?:node_modules|\.git)(?:\/|$)/.test(name));
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(directory, name), 'utf8')]));
}

function createRepository(top: string): TestRepository {
  mkdirSync(top, { recursive: true });
  const settings = {
    'user.name': 'Test',
    'user.email': 'test@example.com',
    'commit.gpgsign': 'false',
    'protocol.file.allow': 'always',
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const git = (...args: string[]): string =>
    execFileSync('git', [...given, ...args], {
      cwd: top,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: gitEnv(),
    }).trimEnd();
  git('init', '--quiet', '--initial-branch=main');
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
      writeFileSync(path.join(top, name), content);
    }
  };
  return {
    top,
    git,
    write,
    commit(files) {
      write(files);
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', 'a commit');
      return git('rev-parse', 'HEAD');
    },
    fingerprint: () => ({
      // All of .git is among them, byte for byte: index, refs, objects, configuration.
      files: digest(top),
      status: git('--no-optional-locks', 'status', '--porcelain'),
    }),
  };
}

function digest(directory: string): Record<string, string> {
  const files = existsSync(directory) ? listFiles(directory) : [];
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(directory, name)))
        .digest('hex'),
    ]),
  );
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Without what a hook or a user's settings would change. */
function gitEnv(): Record<string, string | undefined> {
  return {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: path.join(import.meta.dirname, 'no-such-file'),
  };
}
