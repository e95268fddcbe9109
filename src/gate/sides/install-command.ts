/**
 * Which command installs from a lockfile, and what it is told so that it stays inside of its side.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Agent } from 'package-manager-detector';
import { resolveCommand } from 'package-manager-detector/commands';
import { detect } from 'package-manager-detector/detect';

import type { Env } from '../../process/child-environment.ts';
import { fileIn, findUpwards, readJson } from './packages.ts';

/** A command line, and as it is shown to people: without what only guards the side. */
export interface InstallCommand {
  readonly argv: [string, ...string[]];
  readonly shown: string;
}

/**
 * The command that installs from the lockfile of a directory, changing nothing in it.
 * @param request.home where the lockfile lies, in the side or at its top level, `checkout`.
 * @returns undefined where no manager is known for it, or none can be started.
 */
export async function findInstallCommand(request: {
  home: string;
  checkout: string;
  env: Env;
}): Promise<InstallCommand | undefined> {
  const { home, checkout, env } = request;
  const detected = await detect({ cwd: home, stopDir: home, strategies: ['lockfile'] });
  if (detected === null) return undefined;
  const { agent, name } = detected;
  const frozen = resolveCommand(agent, 'frozen', [...(extraArguments[agent] ?? [])]);
  if (frozen === null) return undefined;
  const { command, args } = frozen;
  const shown = [command, ...args].join(' ');
  const guarded = [...args, ...guardsOf(agent, home, checkout)];

  const running = env['npm_execpath'];
  if (running !== undefined && belongsTo(running, name) && existsSync(running)) {
    // The manager that runs wirebench is there for certain and is the one that the user chose.
    const isScript = /\.[cm]?js$/.test(running);
    return { argv: isScript ? [process.execPath, running, ...guarded] : [running, ...guarded], shown };
  }
  if (isOnPath(command, env)) return { argv: [command, ...guarded], shown };
  if (!isOnPath('npx', env)) return undefined;
  const wanted = `${packageOfAgent[agent] ?? name}@${wantedMajor(home, name) ?? 'latest'}`;
  // With --package the command may have another name than the package.
  const fetched: [string, ...string[]] = ['npx', '-y', '--package', wanted, '--', command];
  return { argv: [...fetched, ...guarded], shown: [...fetched, ...args].join(' ') };
}

/** True for the path of a manager's own program: `pnpm`, `pnpm.cjs`, `npm-cli.js`, `yarn-4.1.0.cjs`. */
function belongsTo(executable: string, name: string): boolean {
  const file = path.basename(executable);
  return file.startsWith(name) && !/^[a-z]/i.test(file.slice(name.length));
}

function isOnPath(command: string, env: Env): boolean {
  const extensions = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .some((folder) => extensions.some((extension) => isExecutable(path.join(folder, `${command}${extension}`))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function wantedMajor(home: string, name: string): string | undefined {
  const field = readJson(path.join(home, 'package.json'))?.['packageManager'];
  if (typeof field !== 'string' || !field.startsWith(`${name}@`)) return undefined;
  return /^\d+/.exec(field.slice(name.length + 1))?.[0];
}

/** What the managers that can are told besides, so that nothing is fetched that lies on this machine already. */
const extraArguments: Readonly<Record<string, readonly string[]>> = {
  npm: ['--prefer-offline', '--no-audit', '--no-fund'],
  pnpm: ['--prefer-offline'],
  yarn: ['--prefer-offline'],
};

/**
 * What keeps an install inside of its side, beyond what a user would type: no hard links into a store, no shared
 * virtual store, and no project above the side taken for its workspace.
 */
function guardsOf(agent: Agent, home: string, checkout: string): string[] {
  if (agent === 'npm') return [`--prefix=${home}`];
  if (agent === 'bun') return ['--backend=copyfile'];
  if (agent !== 'pnpm' && agent !== 'pnpm@6') return [];
  const workspace = findUpwards({ directory: home, checkout }, (level) => fileIn(level, ['pnpm-workspace.yaml']));
  return [
    '--package-import-method=clone-or-copy',
    '--config.enable-global-virtual-store=false',
    ...(workspace === undefined ? ['--ignore-workspace'] : []),
  ];
}

/** Package that brings the command of a manager, where its name is another one. */
const packageOfAgent: Readonly<Record<string, string>> = { 'yarn@berry': '@yarnpkg/cli-dist' };
