/**
 * What a job of GitHub Actions says of itself: the pull request that it runs for, its commits, and its name.
 *
 * Variables and the file of the event are the runner's. `pull_request_target` is refused: such a job has the rights of
 * the base, and must not hold what code of a pull request has written.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
import { readFileSync } from 'node:fs';

import { isObject, parseObject } from '../json.ts';
import { UserError } from '../user-error.ts';
import type { PullRequest } from './comment.ts';

/** Where a job's comment goes, and what it may speak of. */
export interface Job {
  readonly place: PullRequest;
  /** What the pull request would make of its base, and its own newest; a checkout has one of them. */
  readonly commits: readonly string[];
  /** True where the pull request comes from another repository, so that the token may only read. */
  readonly isFork: boolean;
  /** The same in every job of that name, and in no other of the repository; of letters that any text may hold. */
  readonly name: string;
}

/**
 * @returns undefined where the job runs for something else than a pull request.
 * @throws {UserError} outside of a job, without a token, and for an event that it must not answer.
 */
export function readJob(env: Readonly<Record<string, string | undefined>>): Job | undefined {
  const event = required(env, 'GITHUB_EVENT_NAME');
  if (event === 'pull_request_target') {
    throw new UserError('cannot comment: the job runs for pull_request_target, with the rights of the base', {
      hint: 'let the workflow run on pull_request',
    });
  }
  if (event !== 'pull_request') return undefined;
  const repository = required(env, 'GITHUB_REPOSITORY');
  const { number, head } = readEvent(required(env, 'GITHUB_EVENT_PATH'));
  const commits = [env['GITHUB_SHA'], head['sha']].filter((commit) => isCommit(commit));
  const from = isObject(head['repo']) ? head['repo']['full_name'] : undefined;
  return {
    place: {
      apiUrl: (env['GITHUB_API_URL'] ?? 'https://api.github.com').replace(/\/+$/, ''),
      repository: repository.split('/').map(encodeURIComponent).join('/'),
      number,
      token: required(env, 'GITHUB_TOKEN'),
    },
    commits,
    isFork: from !== repository,
    name: nameOf(env),
  };
}

function nameOf(env: Readonly<Record<string, string | undefined>>): string {
  const parts = [env['GITHUB_WORKFLOW'], env['GITHUB_JOB']];
  return parts.map((part) => encodeURIComponent(part ?? '').slice(0, mostNameCharacters)).join('/');
}

/** So that a comment's first line stays short; arbitrary, two jobs whose names begin alike for that long share one. */
const mostNameCharacters = 150;

function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new UserError(`cannot comment: ${name} is not set`, {
    hint: 'this command is for a job of GitHub Actions; see the guide on CI',
  });
}

function readEvent(file: string): { readonly number: number; readonly head: { readonly [key: string]: unknown } } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read the event in '${file}'`, { hint: 'correct GITHUB_EVENT_PATH', cause });
  }
  const request = parseObject(text)?.['pull_request'];
  if (isObject(request) && Number.isSafeInteger(request['number']) && isObject(request['head']))
    return { number: request['number'] as number, head: request['head'] };
  throw new UserError(`the event in '${file}' has no pull request`, { hint: 'correct GITHUB_EVENT_PATH' });
}

function isCommit(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);
}
