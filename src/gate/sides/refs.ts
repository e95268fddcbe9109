/**
 * Which commits a gate compares: what revisions name, and where the candidate branched off.
 */
import { nearestName, UserError } from '../../user-error.ts';
import type { Repository } from './git.ts';
import { at, git, gitOutput, line } from './git.ts';

/** Digits of a commit, as run files have them too. */
export const commitDigits = 12;

/** The older side: what the user names, or where the candidate branched off the main branch. @throws {UserError} */
export async function chooseBaseline(
  repository: Repository,
  request: { base?: string | undefined; candidateCommit: string },
): Promise<{ ref: string; commit: string }> {
  const { base, candidateCommit } = request;
  if (base !== undefined) return { ref: base, commit: await resolveCommit(repository, base) };
  const mainBranch = await findMainBranch(repository);
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

export function nothingToCompare(baseline: { ref: string }): UserError {
  return new UserError(`nothing to compare: the candidate is the ${baseline.ref} and nothing is changed`, {
    hint: 'name the baseline with --base, e.g. --base HEAD~1',
  });
}

const unshallowHint = 'fetch the history first: git fetch --unshallow, or fetch-depth: 0 for actions/checkout';

/** @throws {UserError} where the revision names no commit; offers the nearest branch or tag. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string> {
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

export async function parseCommit(repository: Repository, revision: string): Promise<string | undefined> {
  // Git would take it for an option; no branch or tag starts like this.
  if (revision === '' || revision.startsWith('-')) return undefined;
  const result = await git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], at(repository));
  return result.status === 'done' ? line(result.stdout) : undefined;
}

async function isShallow(repository: Repository): Promise<boolean> {
  return (await gitOutput(['rev-parse', '--is-shallow-repository'], at(repository))) === 'true';
}

export async function shortenCommit(repository: Repository, commit: string): Promise<string> {
  return gitOutput(['rev-parse', `--short=${commitDigits}`, commit], at(repository));
}
