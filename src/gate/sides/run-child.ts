/**
 * Runs a program for a side to its end, and turns what concerns the user into an error for people.
 */
import { toOneLine } from '../../foreign-text.ts';
import type { Env } from '../../process/child-environment.ts';
import { hasSucceeded, runToEnd } from '../../process/child.ts';
import { describeDeath } from '../../process/death.ts';
import { UserError } from '../../user-error.ts';

/** How a child process ended; `why` completes a sentence that starts with the command. */
export type ChildResult = { readonly stdout: string; readonly output: string } & (
  | { readonly status: 'done' }
  | { readonly status: 'failed'; readonly exitCode: number | undefined; readonly why: string }
  /** The program itself was not found. */
  | { readonly status: 'missing'; readonly why: string }
);

/**
 * Runs a program to its end.
 * @param request.doing completes `interrupted while ...` and `the disk is full: ...`.
 * @param request.encoding `latin1` keeps every byte of stdin and stdout, for lists of file names; UTF-8 without it.
 * @param request.env the whole environment; nothing is added to it.
 * @throws {UserError} code 130 when `signal` is aborted, code 2 when the disk is full; not when the program fails.
 */
export async function runChild(request: {
  command: readonly [string, ...string[]];
  cwd: string;
  env: Env;
  signal: AbortSignal;
  doing: string;
  input?: string;
  encoding?: 'utf8' | 'latin1';
  timeLimitMs?: number;
}): Promise<ChildResult> {
  const { command, cwd, env, signal, doing, input, encoding = 'utf8', timeLimitMs } = request;
  const result = await runToEnd({
    command,
    cwd,
    env,
    signal,
    ...(input !== undefined && { input: Buffer.from(input, encoding) }),
    ...(encoding === 'latin1' && { encoding }),
    ...(timeLimitMs !== undefined && { timeLimitMs }),
  });
  const { end, answer: stdout, output } = result;
  if (hasSucceeded(result)) return { status: 'done', stdout, output };
  if (end.how === 'interrupted') throw interrupted(doing);
  const why = describeDeath(result);
  if (isDiskFull(`${output}${why}`)) throw diskFull(doing, end);
  if (end.how === 'not started' && end.code === 'ENOENT')
    return { status: 'missing', stdout, output, why: 'was not found' };
  return { status: 'failed', exitCode: end.how === 'exited' ? end.exitCode : undefined, stdout, output, why };
}

/** True for a message or an error code by which programs say that a disk or a quota is used up. */
export function isDiskFull(text: string): boolean {
  return /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded/i.test(text);
}

/** @param doing as `runChild` takes it. */
export function diskFull(doing: string, cause: unknown): UserError {
  return new UserError(`the disk is full: it had no room for ${doing}`, {
    hint: 'free some space, or set TMPDIR to a directory on another disk',
    cause,
  });
}

/** @param doing as `runChild` takes it. */
export function interrupted(doing: string): UserError {
  return new UserError(`interrupted while ${doing}; nothing was left behind`, { code: 130 });
}

/** The last lines that say something, oldest first, without colours and control characters. */
export function lastLines(output: string): string[] {
  return (
    output
      .split(/[\r\n]+/)
      // What a side's scripts print must not be taken for a command to GitHub, which takes them behind blanks, too.
      .map((line) =>
        toOneLine(line, shownLineLength)
          .replace(/^:(?=:)/, ': ')
          .replaceAll('##[', '## ['),
      )
      .filter((line) => line !== '')
      .slice(-shownLines)
  );
}

/** Lines of a failed program to show. Arbitrary: the reason that a package manager gives fits. */
const shownLines = 8;
/** Characters of a line to show. Arbitrary: two lines of a usual terminal. */
const shownLineLength = 160;
