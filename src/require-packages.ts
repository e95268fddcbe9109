/**
 * Ends a command that lacks an optional package, before it imports what needs one: in one line that says what installs it.
 */
import { adviseInstall, describeMissing, describeUnfit, missingPackages } from './optional-packages.ts';
import { UserError } from './user-error.ts';

/**
 * @throws {UserError} where one of them is not installed, or in another version than the program is written for.
 * @param purpose completes `cannot …`, e.g. `start the gateway`.
 */
export function requirePackages(names: readonly string[], purpose: string): void {
  const missing = missingPackages(names);
  if (missing.length > 0)
    throw new UserError(`cannot ${purpose}: ${describeMissing(missing)}`, { hint: adviseInstall(missing) });
  const unfit = describeUnfit(names);
  if (unfit.length > 0)
    throw new UserError(`cannot ${purpose}: ${unfit.map(({ sentence }) => sentence).join('; ')}`, {
      hint: adviseInstall(unfit.map(({ name }) => name)),
    });
}
