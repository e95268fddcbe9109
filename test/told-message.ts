/**
 * What an expected failure tells its user.
 */
import { UserError } from '../src/user-error.ts';

/** The message and the hint of the error that an action throws; anything else that it throws stays thrown. */
export function toldBy(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return `${error.message}; ${error.hint}`;
    throw error;
  }
  return 'nothing was thrown';
}
