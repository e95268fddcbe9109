/**
 * Installs one side of a gate from its own lockfile, which has chosen the versions: an install that would have to
 * change it fails.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

import { LOCKS } from 'package-manager-detector/constants';

import type { Env } from '../../process/child-environment.ts';
import { UserError } from '../../user-error.ts';
import { installEnv } from './install-environment.ts';
import { separateHardLinks } from './links.ts';
import { findInstallCommand } from './install-command.ts';
import type { ProjectLocation } from './packages.ts';
import { fileIn, findUpwards, readJson } from './packages.ts';
import { findRedirect } from './redirects.ts';
import { lastLines, runChild } from './run-child.ts';

/**
 * Installs the packages of one side; does nothing where it has no package.json or one without dependencies.
 * @param request.label names the side in messages, e.g. `the baseline (main)`.
 * @param request.env the environment that the package manager is found in, by `PATH` and `npm_execpath`; it gets a
 * short   list of names out of it. @param request.passedVariables further names, which the user has chosen.
 * @param request.onProgress told what is being installed, once, before it starts.
 * @throws {UserError} where there is no lockfile, no package manager, or the install fails; code 130 when aborted.
 */
export async function installSide(
  request: ProjectLocation & {
    label: string;
    env: Env;
    passedVariables?: readonly string[] | undefined;
    signal: AbortSignal;
    onProgress: (message: string) => void;
  },
): Promise<void> {
  const { directory, checkout, label, env, signal, onProgress } = request;
  const manifest = findUpwards({ directory, checkout }, (level) => fileIn(level, ['package.json']));
  const lockfile = findUpwards({ directory, checkout }, (level) => fileIn(level, lockfileNames));
  if (manifest === undefined || (lockfile === undefined && !hasDependencies(manifest))) return;
  if (lockfile === undefined) {
    throw new UserError(`${label} cannot be installed: its package.json has dependencies and no lockfile pins them`, {
      hint: 'commit the lockfile of your package manager, e.g. package-lock.json or pnpm-lock.yaml',
    });
  }
  const home = path.dirname(lockfile);
  if (!existsSync(path.join(home, 'package.json'))) {
    // npm would look for one above, and there it would leave the side.
    throw new UserError(
      `${label} cannot be installed: there is no package.json beside its ${path.basename(lockfile)}`,
      {
        hint: 'commit both files, and neither as a link that leads out of the repository',
      },
    );
  }
  refuseRedirects({ directory, checkout, home, label });
  const command = await findInstallCommand({ home, checkout, env });
  if (command === undefined) {
    throw new UserError(
      `${label} cannot be installed: nothing is known that installs from ${path.basename(lockfile)}`,
      {
        hint: 'use npm, pnpm, yarn or bun, and see that the command or npx is on the PATH',
      },
    );
  }

  onProgress(`installing ${label} with ${command.shown}`);
  const result = await runChild({
    command: command.argv,
    cwd: home,
    env: installEnv(env, request.passedVariables ?? []),
    signal,
    doing: `installing ${label}`,
    timeLimitMs: installTimeLimitMs,
  });
  if (result.status === 'done') {
    separateHardLinks(checkout);
    return;
  }
  const tail = lastLines(result.output);
  const advice = `run "${command.shown}" on that commit to see more`;
  throw new UserError(`${label} does not install: "${command.shown}" ${result.why}`, {
    hint: tail.length === 0 ? advice : `${advice}. The end of its output:\n  ${tail.join('\n  ')}`,
  });
}

/** @throws {UserError} where the side's own configuration would have something written outside of it. */
function refuseRedirects({ home, label, ...place }: ProjectLocation & { home: string; label: string }): void {
  const levels = [home];
  findUpwards(place, (level) => {
    levels.push(level);
    return undefined;
  });
  for (const level of new Set(levels)) {
    const redirect = findRedirect({ home: level, checkout: place.checkout });
    if (redirect === undefined) continue;
    throw new UserError(
      `${label} cannot be installed: ${path.relative(place.checkout, path.join(level, redirect.file))} leads out of the repository: ${redirect.line}`,
      {
        hint: 'the gate writes nothing outside of its temporary directory; name a place inside of the repository, or set it in the configuration of your user',
      },
    );
  }
}

function hasDependencies(manifest: string): boolean {
  const fields = readJson(manifest) ?? {};
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'workspaces'].some((name) => {
    const value = fields[name];
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  });
}

/** A cold install that compiles native code stays far below it; one that waits for an answer would never end. */
const installTimeLimitMs = 20 * 60_000;

/** Some files of `LOCKS` mark a workspace and pin nothing. */
const lockfileNames = Object.keys(LOCKS).filter((name) => !name.includes('workspace'));
