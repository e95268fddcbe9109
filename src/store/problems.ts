/**
 * What is said about a file that somebody may have written by hand, or with something else in mind.
 *
 * A pointer into a file holds the file's own keys.
 */
import type { ErrorObject } from 'ajv';

import { showText } from '../foreign-text.ts';

/**
 * The first problem that a validator found, after the JSON Pointer of its place.
 * @param errors as ajv leaves them; without any the answer is general.
 */
export function describeProblem(errors: readonly ErrorObject[] | null | undefined): string {
  const [problem] = errors ?? [];
  return problem === undefined
    ? 'it breaks the schema'
    : `${showText(problem.instancePath) || '/'} ${problem.message ?? 'is wrong'}`;
}
