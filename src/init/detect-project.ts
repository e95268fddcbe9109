/**
 * Finds out what a project is made of, without asking anybody: package.json, lockfiles, version files, git.
 *
 * Everything is read and nothing is written or run, except for git. Nothing above the repository's top level is looked
 * at.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { detect } from 'package-manager-detector/detect';

import { messageOf, toOneLine } from '../foreign-text.ts';
import { fileIn, findUpwards, readJson } from '../gate/sides/packages.ts';
import { at, findRepository, git, line, type Repository, withoutRepository } from '../gate/sides/git.ts';
import { isObject, parseObject } from '../json.ts';
import type { Surroundings } from '../model/surroundings.ts';
import { UserError } from '../user-error.ts';
import { frameworkOf, serializersOf } from './contenders.ts';
import { chooseNode } from './node-versions.ts';
import type { PackageManager, Project } from './project.ts';
import { callsGate } from './texts/workflow-text.ts';

type Manifest = Readonly<Record<string, unknown>>;

/**
 * @param request.isSupportedNode whether wirebench runs on a version; @param request.runningNode the one that runs.
 * @throws {UserError} where there is no package.json, it cannot be read, or the project is in no git repository.
 */
export async function detectProject(request: {
  surroundings: Surroundings;
  isSupportedNode: (version: string) => boolean;
  runningNode: string;
}): Promise<Project> {
  const { surroundings, isSupportedNode, runningNode } = request;
  const directory = realpathSync(surroundings.cwd);
  const manifest = readManifest(directory);
  const repository = await openRepository(directory, surroundings);
  const place = { directory, checkout: repository.topLevel };
  const root = findRoot(place);
  const dependencies = [manifest, root.manifest].map(dependenciesOf);
  const names = Object.keys(dependencies[0] ?? {});
  const { engines } = manifest;
  return {
    name: typeof manifest['name'] === 'string' ? manifest['name'] : undefined,
    framework: frameworkOf(names),
    serializers: serializersOf(names),
    packageManager: await detectPackageManager({ place, manifests: [manifest, root.manifest], surroundings }),
    node: chooseNode({
      files: readVersionFiles(place),
      engines: isObject(engines) && typeof engines['node'] === 'string' ? engines['node'] : undefined,
      running: runningNode,
      isSupported: isSupportedNode,
    }),
    modules: manifest['type'] === 'module' ? 'esm' : 'cjs',
    repository: await describeRepository(repository),
    gateWorkflows: findGateWorkflows(repository.topLevel),
    workspace: root.isWorkspace ? (root.directory === directory ? 'root' : 'member') : 'none',
    wirebench: {
      declared: dependencies[0]?.['wirebench'] ?? dependencies[1]?.['wirebench'],
      isInstalled: isResolvable('wirebench', directory),
    },
    hasNoNodeModules: findUpwards(place, (level) => fileIn(level, ['.pnp.cjs', '.pnp.js'])) !== undefined,
    compilesEverything: compilesEverything(directory),
  };
}

/** @throws {UserError} where it is missing or is no JSON object. */
function readManifest(directory: string): Manifest {
  const file = path.join(directory, 'package.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError(`no project to set up: there is no package.json in '${directory}'`, {
        hint: 'run it in the directory of your gateway; in a new one, `npm init` makes a package.json',
      });
    }
    throw new UserError(`cannot read package.json: ${messageOf(error)}`, { hint: 'make it readable', cause: error });
  }
  const manifest = parseObject(text.replace(/^\uFEFF/, ''));
  if (manifest !== undefined) return manifest;
  throw new UserError(`cannot read package.json: ${explainJson(text)}`, { hint: 'correct it; it is left as it is' });
}

function explainJson(text: string): string {
  try {
    JSON.parse(text);
    return 'it is no JSON object';
  } catch (error) {
    return toOneLine(messageOf(error));
  }
}

async function openRepository(directory: string, { env, signal }: Surroundings): Promise<Repository> {
  const request = { directory, env: withoutRepository(env), signal };
  const asked = await git(['rev-parse', '--show-toplevel'], { cwd: directory, ...request });
  if (/not a git repository/i.test(asked.output)) {
    throw new UserError(`the gate would have no two versions to compare: '${directory}' is not in a git repository`, {
      hint: 'run `git init` first, and commit what you have',
    });
  }
  return findRepository(request);
}

/** The workspace's root, or the project itself where it is in none. */
function findRoot(place: { directory: string; checkout: string }): {
  directory: string;
  manifest: Manifest;
  isWorkspace: boolean;
} {
  const root = findUpwards(place, (level) => {
    const manifest = readJson(path.join(level, 'package.json'));
    const isRoot = manifest?.['workspaces'] !== undefined || existsSync(path.join(level, 'pnpm-workspace.yaml'));
    return isRoot ? level : undefined;
  });
  const directory = root ?? place.directory;
  return { directory, manifest: readJson(path.join(directory, 'package.json')) ?? {}, isWorkspace: root !== undefined };
}

function dependenciesOf(manifest: Manifest): Readonly<Record<string, string>> {
  const fields = ['peerDependencies', 'optionalDependencies', 'devDependencies', 'dependencies'];
  const all: unknown[] = fields.flatMap((field) => (isObject(manifest[field]) ? Object.entries(manifest[field]) : []));
  return Object.fromEntries(all as [string, string][]);
}

async function detectPackageManager(request: {
  place: { directory: string; checkout: string };
  manifests: readonly Manifest[];
  surroundings: Surroundings;
}): Promise<PackageManager> {
  const { place, manifests, surroundings } = request;
  const detected = await detect({ cwd: place.directory, stopDir: place.checkout });
  const [, runningName, runningVersion] =
    /^(npm|pnpm|yarn|bun)\/(\d+\.\d+\.\d+)/.exec(surroundings.env['npm_config_user_agent'] ?? '') ?? [];
  const name = detected?.name ?? runningName ?? 'npm';
  const field = manifests
    .map((manifest) => manifest['packageManager'])
    .find((value) => typeof value === 'string' && value.startsWith(`${name}@`)) as string | undefined;
  const pinned = /@(\d+\.\d+\.\d+(?:-[\w.]+)?)/.exec(field ?? '')?.[1];
  const version = pinned ?? (runningName === name ? runningVersion : undefined);
  const isBerry = name === 'yarn' && (detected?.agent === 'yarn@berry' || /^[2-9]/.test(version ?? ''));
  // A yarn 1 that runs says nothing of the later one that a project has.
  return { name, isBerry, version: isBerry && version?.startsWith('1.') === true ? undefined : version };
}

function readVersionFiles(place: { directory: string; checkout: string }): Record<string, string> {
  const found = findUpwards(place, (level) => fileIn(level, ['.nvmrc', '.node-version']));
  return found === undefined ? {} : { [path.basename(found)]: readFileSync(found, 'utf8') };
}

async function describeRepository(repository: Repository): Promise<Project['repository']> {
  const ask = async (...args: string[]): Promise<string | undefined> => {
    const result = await git(args, at(repository));
    return result.status === 'done' ? line(result.stdout) : undefined;
  };
  const listed = await ask('for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/remotes');
  const prefix = repository.prefix.split(path.sep).join('/');
  return {
    prefix,
    up: prefix === '' ? '' : '../'.repeat(prefix.split('/').length),
    ...chooseMainBranch({
      remoteHead: await ask('symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'),
      branches: (listed ?? '').split('\n').filter((name) => name !== ''),
      current: await ask('symbolic-ref', '--quiet', '--short', 'HEAD'),
    }),
  };
}

/**
 * The branch that changes are compared with.
 * @returns `isMainFound` false where `wirebench gate` would not find it by itself.
 */
export function chooseMainBranch(request: {
  remoteHead: string | undefined;
  branches: readonly string[];
  current: string | undefined;
}): Pick<Project['repository'], 'mainBranch' | 'isMainFound'> {
  const { remoteHead, branches, current } = request;
  const known = ['origin/main', 'main', 'origin/master', 'master'].find((name) => branches.includes(name));
  const found = remoteHead ?? known;
  if (found !== undefined) return { mainBranch: found.replace(/^origin\//, ''), isMainFound: true };
  // Before the first commit there is no branch, only the name that it will have.
  const unborn = branches.length === 0 && (current === 'main' || current === 'master');
  const other = ['trunk', 'develop', 'dev'].find((name) => branches.includes(name));
  return { mainBranch: other ?? current ?? 'main', isMainFound: unborn || (other ?? current) === undefined };
}

function findGateWorkflows(topLevel: string): string[] {
  const directory = path.join(topLevel, '.github', 'workflows');
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /\.ya?ml$/.test(name))
    .filter((name) => callsGate(readFileSync(path.join(directory, name), 'utf8')))
    .toSorted();
}

function isResolvable(name: string, directory: string): boolean {
  try {
    return module.findPackageJSON(name, pathToFileURL(path.join(directory, 'wirebench.config.ts'))) !== undefined;
  } catch {
    return false;
  }
}

/** Without `include` or `files` the compiler takes the configuration, too, and may lay its output out anew. */
function compilesEverything(directory: string): boolean {
  const file = path.join(directory, 'tsconfig.json');
  return existsSync(file) && !/"(?:include|files)"\s*:/.test(readFileSync(file, 'utf8'));
}
