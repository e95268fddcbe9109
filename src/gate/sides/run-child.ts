/**
 * Runs a program for a side to its end, in a process group that ends as a whole: a package manager has children of its own.
 */
import { stripVTControlCharacters } from 'node:util';

import { execa } from 'execa';

import type { Env } from '../../process/child-environment.ts';
import { UserError } from '../../user-error.ts';

/** How a child process ended; `why` completes a sentence that starts with the command. */
export type ChildResult = { readonly stdout: string; readonly output: string } & (
  | { readonly status: 'done' }
  | { readonly status: 'failed'; readonly exitCode: number | undefined; readonly why: string }
  /** The program itself was not found. */
  | { readonly status: 'missing'; readonly why: string }
);

/**
 * Runs a program to its end, in a process group of its own.
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
  const [file, ...args] = command;
  if (signal.aborted) throw interrupted(doing);
  const result = await execa(file, args, {
    cwd,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input: Buffer.from(input, encoding) }),
    encoding,
    all: true,
    reject: false,
    stripFinalNewline: false,
    cancelSignal: signal,
    killSignal: 'SIGKILL',
    killDescendants: true,
    windowsHide: true,
    ...(timeLimitMs !== undefined && { timeout: timeLimitMs }),
  });
  const { stdout } = result;
  const output = result.all;
  if (!result.failed) return { status: 'done', stdout, output };
  if (signal.aborted) throw interrupted(doing);
  if (isDiskFull(`${output}${result.shortMessage ?? ''}`)) throw diskFull(doing, result);
  if (result.code === 'ENOENT') return { status: 'missing', stdout, output, why: 'was not found' };
  const why = explainEnd(result, timeLimitMs);
  return { status: 'failed', exitCode: result.exitCode, stdout, output, why };
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
    stripVTControlCharacters(output)
      .split(/[\r\n]+/)
      // What a side's scripts print must not be taken for a command to GitHub, which takes them behind blanks, too.
      .map((line) =>
        line
          .trimEnd()
          .slice(0, shownLineLength)
          .replace(/^(\s*):(?=:)/, '$1: ')
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
function explainEnd(
  result: {
    timedOut: boolean;
    exitCode?: number | undefined;
    signal?: string | undefined;
    shortMessage?: string | undefined;
  },
  timeLimitMs: number | undefined,
): string {
  if (result.timedOut) return `did not end within ${(timeLimitMs ?? 0) / 1000} s and was ended`;
  if (result.signal !== undefined) return `was killed by ${result.signal}`;
  if (result.exitCode !== undefined) return `ended with exit code ${result.exitCode}`;
  return `did not start (${result.shortMessage ?? 'no reason given'})`;
}
