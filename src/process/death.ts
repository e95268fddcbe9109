/**
 * Puts into words why a process ended without what was due from it. The words complete a sentence that begins with the
 * process, e.g. `the server` or `a worker`, and show no path of the machine that they come from.
 */
import type { Ended } from './child.ts';

/**
 * Why a process ended, e.g. `ended with exit code 3 before it reported: Error: no database here`.
 * @param due what did not come any more, e.g. `before it reported`; left out where the end itself is the failure.
 * @returns one line; the last error on stderr is part of it where something was due.
 */
export function describeDeath({ end, stderr }: Ended, due?: `before ${string}` | `while ${string}`): string {
  switch (end.how) {
    case 'interrupted':
      return 'was interrupted';
    case 'out of time':
      return due === undefined
        ? `did not end within ${seconds(end.timeLimitMs)} and was ended`
        : describeSilence('gave no answer', end.timeLimitMs);
    case 'out of bounds':
      return 'wrote more than such a process should and was ended';
    case 'not started':
      return `did not start: ${end.reason}`;
    case 'killed':
    case 'exited': {
      if (stderr.includes('heap out of memory')) return 'ran out of memory';
      const what = end.how === 'killed' ? `was killed by ${end.signal}` : `ended with exit code ${end.exitCode}`;
      return due === undefined ? what : `${what} ${due}${lastError(stderr)}`;
    }
  }
}

/** Why a process was ended that still ran, e.g. `gave no report within 5 s and was ended`. */
export function describeSilence(what: string, limitMs: number): string {
  return `${what} within ${seconds(limitMs)} and was ended`;
}

/** What a process said that is no answer, enough of it to recognise it. */
export function describeNonsense(text: string): string {
  return `reported nonsense: ${text.slice(0, shownNonsense)}`;
}

/** Characters. Arbitrary: fits a line of a terminal. */
const shownNonsense = 80;

/** Characters of an error. Arbitrary: two lines of a usual terminal. */
const shownError = 160;

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

/** The last line that tells of an error and is no part of a stack, behind a colon; empty where there is none. */
function lastError(stderr: string): string {
  const line = stderr
    .trim()
    .split('\n')
    .findLast((text) => /error\b/i.test(text) && !/^\s*at /.test(text));
  return line === undefined ? '' : `: ${line.trim().replaceAll(directoryOfPath, '').slice(0, shownError)}`;
}

/**
 * What stands before a file's name in an absolute path: the name says enough, and where it lies is nobody's business.
 * A name has an extension or a colon behind it, so that JSON pointers stay whole.
 */
const directoryOfPath = /(?<![\w/.:-])(?:file:\/\/)?(?:\/[^\s/:'"`]+)*\/(?=[^\s/:'"`]*(?:\.\w|:))/g;
