/**
 * The one way to report a failure that was to be expected: bad input, a broken file, a machine that lacks something.
 *
 * Printed as `wirebench: what failed: why; what to do`, without a stack. Anything else that is thrown is a bug and
 * shows its stack.
 */
import { closest, distance } from 'fastest-levenshtein';

/** Exit codes, the same for every command. 130 follows the shell's convention for Ctrl-C (128 + SIGINT). */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

export class UserError extends Error {
  readonly code: ExitCode;
  /** What the user can do about it, an imperative without a full stop. */
  readonly hint: string | undefined;

  /**
   * @param message what failed and why, as `what: why`, quoting the offending value.
   * @param options.code exit code, 2 (could not run) unless given.
   */
  constructor(message: string, options: { code?: ExitCode; hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.code = options.code ?? 2;
    this.hint = options.hint;
  }
}

/**
 * The error for a name that is not among the known ones; offers the nearest name where one is near.
 * @param request.what the kind of name, in the singular, e.g. `contender`.
 */
export function unknownName(request: { what: string; name: string; choices: readonly string[] }): UserError {
  const { what, name, choices } = request;
  const nearest = nearestName(name, choices);
  const list = choices.length === 0 ? 'there is none' : `choose from ${choices.join(', ')}`;
  return new UserError(`unknown ${what} '${name}'`, {
    hint: nearest === undefined ? list : `did you mean '${nearest}'? ${list}`,
  });
}

/** The choice that the name may be a mistyped form of; `undefined` where none is near. */
export function nearestName(name: string, choices: readonly string[]): string | undefined {
  if (choices.length === 0) return undefined;
  const nearest = closest(name, choices);
  // Half of the letters right is near enough to be a typing mistake.
  return distance(name, nearest) <= Math.max(2, name.length / 2) ? nearest : undefined;
}
