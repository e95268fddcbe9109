/**
 * What is said about a file that somebody may have written by hand, or with something else in mind.
 *
 * A pointer into a file holds the file's own keys, and a parser's message quotes it: both are made fit for a terminal.
 * Deliberately absent: reading files, and what to do about one (its own module's hints say that).
 */
import type { ErrorObject } from 'ajv';

/** The file's own text on one line, without what a terminal would obey. */
export function visible(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/**
 * The first problem that a validator found, after the JSON Pointer of its place.
 * @param errors as ajv leaves them; without any the answer is general.
 */
export function describeProblem(errors: readonly ErrorObject[] | null | undefined): string {
  const [problem] = errors ?? [];
  return problem === undefined ? 'it breaks the schema' : `${visible(problem.instancePath) || '/'} ${problem.message ?? 'is wrong'}`;
}
