/**
 * Brings both sides of a gate onto disk, side by side, each installed from its own lockfile.
 *
 * The user's repository is only read: index files and new objects lie in a temporary directory, so there is nothing
 * below .git that could be left behind, which is why `git worktree` is not used. Deliberately absent: measuring, and
 * the installing itself (install.ts). Sources: the manual pages gitrepository-layout(5), git(1) on its environment
 * variables, git-read-tree(1) and git-checkout-index(1).
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { Side, SideName } from '../../model/gate.ts';
import type { Env } from '../../process/child-environment.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../../process/scratch-directory.ts';
import { nearestName, UserError } from '../../user-error.ts';
import type { ChildResult } from './install.ts';
import {
  diskFull,
  findNode,
  installSide,
  interrupted,
  isDiskFull,
  lastLines,
  readInstalledVersions,
  runChild,
} from './install.ts';
import { removeForeignLinks } from './links.ts';

/** One side of a gate, ready to run. */
export interface CheckedOutSide {
  readonly side: Side;
  /** The project's directory on this side. */
  readonly directory: string;
  /** The top level of the repository on this side. */
  readonly checkout: string;
  /** The Node.js that runs this side. */
  readonly nodePath: string;
}

/** Both sides, until `remove` is called. */
export interface Sides {
  readonly baseline: CheckedOutSide;
  readonly candidate: CheckedOutSide;
  /** What was left out of a side, e.g. a submodule that is not initialised. */
  readonly warnings: readonly string[];
  /** Deletes everything that was put on disk; does nothing when called again. Also called when the process exits. */
  remove(): void;
}

export interface OpenSidesRequest {
  /** The project: the top level of a git repository or a directory below it. */
  readonly directory: string;
  /** The older side, a git revision; without it the merge base of the newer side with the main branch. */
  readonly base?: string | undefined;
  /** The newer side, a git revision; without it the working tree: tracked and untracked files, not ignored ones. */
  readonly head?: string | undefined;
  /** Where the default baseline branches off; found by itself where it is origin/HEAD, main or master. */
  readonly mainBranch?: string | undefined;
  /** npm packages whose installed versions the sides list. */
  readonly packages?: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
  /** Environment of git and of the package managers; `process.env` unless given. */
  readonly env?: Env;
  /** Names of variables that the package managers get, beside the short list that they get anyway. */
  readonly passedVariables?: readonly string[] | undefined;
  /** Where the sides are put; the system's directory for temporary files unless given. */
  readonly temporaryDirectory?: string;
}

/**
 * Extracts and installs both sides.
 *
 * Sides that an earlier process left behind, because it was killed, are deleted first.
 * @throws {UserError} for everything that a user can do something about; nothing is left on disk then. Code 130 when
 * `signal` is aborted, which ends all child processes at once.
 */
export async function openSides(request: OpenSidesRequest): Promise<Sides> {
  const { signal, onProgress, packages = [] } = request;
  const env = withoutRepository(request.env ?? process.env);
  const temporary = request.temporaryDirectory ?? os.tmpdir();
  const repository = await findRepository({ directory: request.directory, env, signal });
  const candidateCommit = await resolveCommit(repository, request.head ?? 'HEAD');
  const baseline = await chooseBaseline(repository, { ...request, candidateCommit });

  const { root, remove } = createRoot(temporary, repository);
  try {
    const warnings: string[] = [];
    const warn = (message: string): void => {
      warnings.push(message);
      onProgress(message);
    };
    const scratch = createScratch(root, repository);
    const candidate =
      request.head === undefined
        ? await snapshotWorkingTree(scratch, { commit: candidateCommit, warn })
        : { ref: request.head, tree: candidateCommit, commit: candidateCommit, dirty: false };
    if (request.base === undefined && baseline.commit === candidate.commit && !candidate.dirty)
      throw nothingToCompare(baseline);

    const plans = [
      { name: 'baseline', folder: 'older', source: { ...baseline, tree: baseline.commit, dirty: false } },
      { name: 'candidate', folder: 'newer', source: candidate },
    ] as const;
    const places = [];
    for (const { name, folder, source } of plans) {
      const label = `the ${name} (${source.ref})`;
      const checkout = path.join(root, folder);
      onProgress(`extracting ${label}`);
      await extract(scratch, { tree: source.tree, target: checkout, boundary: checkout, label, warn });
      const directory = path.join(checkout, repository.prefix);
      if (!existsSync(directory)) {
        throw new UserError(`${label} has no directory '${repository.prefix}', which is the project's`, {
          hint: name === 'baseline' ? 'name a newer baseline with --base' : 'name another candidate with --head',
        });
      }
      places.push({ name, source, label, place: { directory, checkout } });
    }
    // Everything is extracted; the objects of a large repository would only take room.
    removeScratch(root);

    const sides: { [name in SideName]?: CheckedOutSide } = {};
    for (const { name, source, label, place } of places) {
      await installSide({ ...place, label, env, passedVariables: request.passedVariables, signal, onProgress });
      const node = await findNode({ ...place, env, signal });
      const commit = await shortenCommit(repository, source.commit);
      const side: Side = {
        name,
        ref: source.ref,
        commit: source.dirty ? `${commit}-dirty` : commit,
        node: node.version,
        packages: readInstalledVersions(packages, place),
      };
      sides[name] = { side, ...place, nodePath: node.path };
    }
    return {
      baseline: sides.baseline as CheckedOutSide,
      candidate: sides.candidate as CheckedOutSide,
      warnings,
      remove,
    };
  } catch (error) {
    remove();
    throw explain(error, signal);
  }
}

/** Digits of a commit, as run files have them too. */
const commitDigits = 12;

/** What the user named as the working tree's side. */
const workingTree = 'working tree';

/** Variables that tie git to one repository; a hook sets them for the repository that it runs in. */
const repositoryVariables = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INDEX_VERSION',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
]);

/**
 * Settings of a repository that would start a daemon or a hook, write a second index file below .git, leave files out
 * of a side, or refuse a file for its line ends.
 */
const plainSettings = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'index.sparse=false',
  `core.hooksPath=${os.devNull}`,
  'core.safecrlf=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** A git repository that is read, never written. */
interface Repository {
  readonly gitDirectory: string;
  readonly objectsDirectory: string;
  readonly topLevel: string;
  /** The project's directory relative to the top level; empty where they are the same. */
  readonly prefix: string;
  readonly env: Env;
  readonly signal: AbortSignal;
}

/** A repository whose new objects and index files lie in a temporary directory. */
interface Scratch {
  readonly repository: Repository;
  readonly root: string;
  readonly folder: string;
  readonly objects: string;
}

interface GitCall {
  readonly cwd: string;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly doing?: string;
  readonly input?: string;
  readonly encoding?: 'utf8' | 'latin1';
}

// Finding out what the sides are.

async function findRepository(request: { directory: string; env: Env; signal: AbortSignal }): Promise<Repository> {
  const { env, signal } = request;
  if (!existsSync(request.directory))
    throw new UserError(`no project to compare: '${request.directory}' does not exist`);
  const directory = realpathSync(request.directory);
  const call = { cwd: directory, env, signal };
  const topLevel = await git(['rev-parse', '--show-toplevel'], call);
  if (topLevel.status !== 'done') throw notARepository(directory, topLevel);
  const gitDirectory = await gitOutput(['rev-parse', '--absolute-git-dir'], call);
  const prefix = await gitOutput(['rev-parse', '--show-prefix'], call);
  const objects = await gitOutput(['rev-parse', '--git-path', 'objects'], call);
  return {
    gitDirectory,
    // Git answers relative to where it was asked.
    objectsDirectory: path.resolve(directory, objects),
    topLevel: path.resolve(line(topLevel.stdout)),
    prefix: prefix.replace(/\/$/, ''),
    env,
    signal,
  };
}

function notARepository(directory: string, result: ChildResult): UserError {
  if (/dubious ownership/.test(result.output)) {
    return new UserError(`git refuses to read '${directory}': it belongs to another user`, {
      hint: `if you trust it, run: git config --global --add safe.directory '${directory}'`,
    });
  }
  if (/must be run in a work tree/.test(result.output)) {
    return new UserError(`no working tree to compare: '${directory}' lies in a bare repository or in .git itself`, {
      hint: 'run the gate in a clone with its files checked out',
    });
  }
  return new UserError(`no two versions to compare: '${directory}' is not in a git repository`, {
    hint: 'run the gate in a git checkout, or compare with a stored run by --baseline FILE',
  });
}

async function chooseBaseline(
  repository: Repository,
  request: { base?: string | undefined; mainBranch?: string | undefined; candidateCommit: string },
): Promise<{ ref: string; commit: string }> {
  const { base, candidateCommit } = request;
  if (base !== undefined) return { ref: base, commit: await resolveCommit(repository, base) };
  const mainBranch = request.mainBranch ?? (await findMainBranch(repository));
  const mainCommit = await resolveCommit(repository, mainBranch);
  const mergeBase = await git(['merge-base', candidateCommit, mainCommit], at(repository));
  if (mergeBase.status === 'done') return { ref: `merge base with ${mainBranch}`, commit: line(mergeBase.stdout) };
  const shallow = await isShallow(repository);
  throw new UserError(
    `no baseline: no common ancestor with '${mainBranch}' ${shallow ? 'is in this shallow clone' : 'exists'}`,
    {
      hint: shallow ? unshallowHint : 'name the baseline with --base',
    },
  );
}

async function findMainBranch(repository: Repository): Promise<string> {
  const remote = await git(['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'], at(repository));
  // The remote's branch comes first: a local one of the same name may be old, and may hold what is to be checked.
  const candidates = ['origin/main', 'main', 'origin/master', 'master'];
  if (remote.status === 'done') candidates.unshift(line(remote.stdout));
  for (const candidate of candidates) {
    if ((await parseCommit(repository, candidate)) !== undefined) return candidate;
  }
  throw new UserError('no baseline: there is no origin/HEAD, main or master to branch off from', {
    hint: (await isShallow(repository)) ? unshallowHint : 'name the baseline with --base',
  });
}

function nothingToCompare(baseline: { ref: string }): UserError {
  return new UserError(`nothing to compare: the candidate is the ${baseline.ref} and nothing is changed`, {
    hint: 'name the baseline with --base, e.g. --base HEAD~1',
  });
}

const unshallowHint = 'fetch the history first: git fetch --unshallow, or fetch-depth: 0 for actions/checkout';

/** @throws {UserError} where the revision names no commit; offers the nearest branch or tag. */
async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  const commit = await parseCommit(repository, revision);
  if (commit !== undefined) return commit;
  if (revision === 'HEAD') {
    throw new UserError('no version to compare: this repository has no commit yet', {
      hint: 'commit first, then run the gate',
    });
  }
  const listed = await gitOutput(
    ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes'],
    at(repository),
  );
  const names = listed.split('\n').filter((name) => name !== '');
  const nearest = names.find((name) => name.endsWith(`/${revision}`)) ?? nearestName(revision, names);
  const shallow = await isShallow(repository);
  const advice = shallow
    ? `this clone is shallow; ${unshallowHint}`
    : '"git branch --all" and "git tag" list what there is';
  throw new UserError(`unknown revision '${revision}'`, {
    hint: nearest === undefined ? advice : `did you mean '${nearest}'? ${advice}`,
  });
}

async function parseCommit(repository: Repository, revision: string): Promise<string | undefined> {
  // Git would take it for an option; no branch or tag starts like this.
  if (revision === '' || revision.startsWith('-')) return undefined;
  const result = await git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], at(repository));
  return result.status === 'done' ? line(result.stdout) : undefined;
}

async function isShallow(repository: Repository): Promise<boolean> {
  return (await gitOutput(['rev-parse', '--is-shallow-repository'], at(repository))) === 'true';
}

async function shortenCommit(repository: Repository, commit: string): Promise<string> {
  return gitOutput(['rev-parse', `--short=${commitDigits}`, commit], at(repository));
}

// Extracting.

interface Snapshot {
  readonly ref: string;
  readonly tree: string;
  readonly commit: string;
  readonly dirty: boolean;
}

/** Stores the working tree as a tree object outside of the repository. */
async function snapshotWorkingTree(
  scratch: Scratch,
  request: { commit: string; warn: (message: string) => void },
): Promise<Snapshot> {
  const { repository } = scratch;
  const { topLevel } = repository;
  const call = {
    ...inScratch(scratch, { workTree: topLevel, index: 'working-tree' }),
    doing: 'copying the working tree',
  };
  const index = path.resolve(topLevel, await gitOutput(['rev-parse', '--git-path', 'index'], at(repository)));
  // The user's index knows tracked files that are ignored, and files that a sparse checkout leaves out.
  if (existsSync(index)) {
    const copy = path.join(scratch.folder, 'working-tree');
    copyFileSync(index, copy);
    // Git trusts an entry that is older than the index file, and a copy is newer than it should be.
    utimesSync(copy, 1, 1);
  }
  await gitOutput(['add', '--update', '--', '.'], call);
  // File names need not be UTF-8; latin1 carries their bytes unharmed.
  const raw = { ...call, encoding: 'latin1' } as const;
  const others = ['ls-files', '--others', '--exclude-standard', '-z'];
  for (const name of splitAtNul(
    await gitOutput([...others, '--directory', '--', ...installedPackages.map((each) => `:(glob)**/${each}`)], raw),
  )) {
    request.warn(
      `'${readName(name)}' is not in git and is left out of the candidate, whose packages are installed anew`,
    );
  }
  const untracked = splitAtNul(
    await gitOutput([...others, ...installedPackages.map((name) => `--exclude=${name}`)], raw),
  );
  for (const nested of untracked.filter((name) => name.endsWith('/'))) {
    request.warn(`'${readName(nested)}' is a git repository of its own and is left out of the candidate`);
  }
  const files = untracked.filter((name) => !name.endsWith('/'));
  // A file that is gone by now was never meant to stay, hence --remove.
  await gitOutput(['update-index', '--add', '--remove', '-z', '--stdin'], {
    ...raw,
    input: files.map((name) => `${name}\0`).join(''),
  });

  const tree = await gitOutput(['write-tree'], call);
  await refuseDirtySubmodules(scratch, tree);
  const dirty = tree !== (await gitOutput(['rev-parse', `${request.commit}^{tree}`], at(repository)));
  return { ref: workingTree, tree, commit: request.commit, dirty };
}

/**
 * What package managers fill: never a part of a side unless it is in git, whatever .gitignore says (`node_modules/` does
 * not match a link of that name).
 */
const installedPackages = ['node_modules', '.pnpm-store'];

/** Only commits can be extracted from a submodule, so one with other content would be measured as it is not. */
async function refuseDirtySubmodules(scratch: Scratch, tree: string): Promise<void> {
  const { repository } = scratch;
  const submodules = await listSubmodules(scratch, tree);
  if (submodules.length === 0) return;
  const paths = submodules.map((submodule) => submodule.path);
  const status = await gitOutput(
    [
      '--literal-pathspecs',
      'status',
      '--porcelain=v2',
      '-z',
      '--no-renames',
      '--untracked-files=normal',
      '--',
      ...paths,
    ],
    { ...at(repository), cwd: repository.topLevel },
  );
  for (const entry of splitAtNul(status)) {
    // Of the four characters of a submodule's state the last two mean modified and untracked files in it.
    const changed = /^1 \S+ S.(?!\.\.)\S\S (?:\S+ ){5}(.+)$/s.exec(entry)?.[1];
    if (changed === undefined) continue;
    throw new UserError(
      `the working tree cannot be compared: the submodule '${changed}' has changes that are not committed`,
      {
        hint: `commit them in '${changed}', or stash them`,
      },
    );
  }
}

interface ExtractRequest {
  /** A tree or a commit. */
  readonly tree: string;
  /** Created if needed. */
  readonly target: string;
  /** The side's own directory, which no link may lead out of. */
  readonly boundary: string;
  readonly label: string;
  readonly warn: (message: string) => void;
}

/** Writes every file of a tree, and of its submodules, below a directory. */
async function extract(scratch: Scratch, request: ExtractRequest): Promise<void> {
  const { tree, target, boundary, label, warn } = request;
  mkdirSync(target, { recursive: true });
  // With the target as the work tree its own .gitattributes count and not those of the user's files.
  const call = {
    ...inScratch(scratch, { workTree: target, index: `tree-${path.basename(target)}` }),
    doing: `extracting ${label}`,
  };
  await gitOutput(['-c', 'core.sparseCheckout=false', 'read-tree', tree], call);
  await gitOutput(['checkout-index', '--all', '--force'], call);
  const entries = splitAtNul(await gitOutput(['ls-files', '--stage', '-z'], { ...call, encoding: 'latin1' }));
  const links = entries.flatMap((entry) => /^120000 \S+ \d\t(.+)$/s.exec(entry)?.[1] ?? []);
  for (const name of removeForeignLinks({ boundary, directory: target, names: links })) {
    warn(`'${readName(name)}' is a link that leads out of the repository and is left out of ${label}`);
  }

  for (const submodule of await listSubmodules(scratch, tree)) {
    const home = path.join(scratch.repository.topLevel, submodule.path);
    if (!existsSync(path.join(home, '.git'))) {
      warn(`the submodule '${submodule.path}' is not initialised and is left out of ${label}`);
      continue;
    }
    const { env, signal } = scratch.repository;
    const repository = await findRepository({ directory: home, env, signal });
    if ((await parseCommit(repository, submodule.commit)) === undefined) {
      throw new UserError(
        `${label} cannot be extracted: the submodule '${submodule.path}' lacks its commit ${submodule.commit.slice(0, commitDigits)}`,
        {
          hint: `fetch it: git -C '${submodule.path}' fetch --all`,
        },
      );
    }
    await extract(createScratch(scratch.root, repository), {
      ...request,
      tree: submodule.commit,
      target: path.join(target, submodule.path),
    });
  }
}

async function listSubmodules(scratch: Scratch, tree: string): Promise<{ path: string; commit: string }[]> {
  const listed = await gitOutput(
    ['ls-tree', '-r', '-z', '--full-tree', tree],
    inScratch(scratch, { workTree: scratch.folder, index: 'none' }),
  );
  return splitAtNul(listed).flatMap((entry) => {
    const [, commit, name] = /^160000 commit (\w+)\t(.+)$/s.exec(entry) ?? [];
    return commit === undefined || name === undefined ? [] : [{ path: name, commit }];
  });
}

// Where things are put.

function createRoot(temporary: string, repository: Repository): { root: string; remove: () => void } {
  let directory: ScratchDirectory;
  try {
    directory = makeScratchDirectory({ purpose: 'gate', parent: temporary });
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown reason';
    if (isDiskFull(code)) throw diskFull('the sides', error);
    throw new UserError(`the sides cannot be put on disk: '${temporary}' cannot be written (${code})`, {
      hint: 'set TMPDIR to a directory that can be written',
      cause: error,
    });
  }
  const root = realpathSync(directory.path);
  // A package manager looks above a side for a workspace and would find, and change, the user's own.
  if (isBelow(root, repository.topLevel)) {
    directory.remove();
    throw new UserError(`the sides cannot be put on disk: '${temporary}' lies inside the repository`, {
      hint: 'set TMPDIR to a directory outside of it',
    });
  }
  return { root, remove: () => directory.remove() };
}

const scratchPrefix = 'git-';

function createScratch(root: string, repository: Repository): Scratch {
  const folder = mkdtempSync(path.join(root, scratchPrefix));
  const objects = path.join(folder, 'objects');
  mkdirSync(objects);
  return { repository, root, folder, objects };
}

function removeScratch(root: string): void {
  for (const name of readdirSync(root).filter((entry) => entry.startsWith(scratchPrefix))) {
    rmSync(path.join(root, name), { recursive: true, force: true });
  }
}

function isBelow(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}

// Calling git.

function at(repository: Repository): GitCall {
  return { cwd: repository.topLevel, env: repository.env, signal: repository.signal };
}

/** A call that reads the repository's objects, and puts new ones and its index file into the scratch. */
function inScratch(scratch: Scratch, request: { workTree: string; index: string }): GitCall {
  const { repository, folder, objects } = scratch;
  const env = {
    ...repository.env,
    GIT_DIR: repository.gitDirectory,
    GIT_WORK_TREE: request.workTree,
    GIT_INDEX_FILE: path.join(folder, request.index),
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quotePath(repository.objectsDirectory),
  };
  return { cwd: request.workTree, env, signal: repository.signal };
}

/** In a list of paths one that holds the separator must be quoted as in C. */
function quotePath(file: string): string {
  return `"${file.replaceAll(/["\\]/g, '\\$&')}"`;
}

async function git(args: readonly string[], call: GitCall): Promise<ChildResult> {
  const { cwd, env, signal, doing = 'reading the repository', input, encoding } = call;
  const result = await runChild({
    command: ['git', ...plainSettings, ...args],
    cwd,
    // Without optional locks git does not refresh the user's index; its messages are matched in English.
    env: { ...env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    signal,
    doing,
    ...(input !== undefined && { input }),
    ...(encoding !== undefined && { encoding }),
  });
  if (result.status !== 'missing') return result;
  throw new UserError('no two versions to compare: git was not found', { hint: 'install git, or put it on the PATH' });
}

/** Like `git`, for what fails only when something is wrong with the machine or the repository. */
async function gitOutput(args: readonly string[], call: GitCall): Promise<string> {
  const result = await git(args, call);
  if (result.status === 'done') return line(result.stdout);
  const said = lastLines(result.output);
  throw new UserError(
    `${call.doing ?? 'reading the repository'} failed: "git ${args.slice(0, 6).join(' ')}" ${result.why}`,
    {
      hint: `check the repository with "git status" and "git fsck"${said.length === 0 ? '' : `. What git said:\n  ${said.join('\n  ')}`}`,
    },
  );
}

function withoutRepository(env: Env): Env {
  const kept = Object.entries(env).filter(([name]) => !repositoryVariables.has(name));
  return Object.fromEntries(kept);
}

function line(output: string): string {
  return output.replace(/\r?\n$/, '');
}

/** A file's name out of bytes as latin1, for a message. */
function readName(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

function splitAtNul(output: string): string[] {
  return output.split('\0').filter((entry) => entry !== '');
}

function explain(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof UserError) return error;
  if (signal.aborted) return interrupted('preparing the sides');
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && isDiskFull(code) ? diskFull('the sides', error) : error;
}
