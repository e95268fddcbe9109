/**
 * Ends a command that lacks an optional package, before it imports what needs one: in one line that says what installs it.
 */
import { explainLack } from './optional-packages.ts';
import { UserError } from './user-error.ts';

/**
 * @throws {UserError} where one of them is not installed, or in another version than the program is written for.
 * @param purpose completes `cannot …`, e.g. `start the gateway`.
 */
export function requirePackages(names: readonly string[], purpose: string): void {
  const lack = explainLack(names);
  if (lack !== undefined) throw new UserError(`cannot ${purpose}: ${lack.why}`, { hint: lack.advice });
}
