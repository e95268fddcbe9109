/**
 * Brings both sides of a gate onto disk, side by side, each installed from its own lockfile.
 *
 * The user's repository is only read: index files and new objects lie in a temporary directory, so there is nothing
 * below .git that could be left behind, which is why `git worktree` is not used.
 */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { Side, SideName } from '../../model/gate.ts';
import type { Env } from '../../process/child-environment.ts';
import { UserError } from '../../user-error.ts';
import { createRoot, createScratch, removeScratch } from './directories.ts';
import { extract } from './extract.ts';
import { findRepository, withoutRepository } from './git.ts';
import { installSide } from './install.ts';
import { findNode } from './packages.ts';
import { chooseBaseline, nothingToCompare, resolveCommit, shortenCommit } from './refs.ts';
import { diskFull, interrupted, isDiskFull } from './run-child.ts';
import { snapshotWorkingTree } from './snapshot.ts';

/** One side of a gate, ready to run. */
export interface CheckedOutSide {
  readonly side: Omit<Side, 'packages'>;
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
  const { signal, onProgress } = request;
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
      const side = {
        name,
        ref: source.ref,
        commit: source.dirty ? `${commit}-dirty` : commit,
        node: node.version,
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

function explain(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof UserError) return error;
  if (signal.aborted) return interrupted('preparing the sides');
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && isDiskFull(code) ? diskFull('the sides', error) : error;
}
