/**
 * The exit code of a session: what CI sees of a verdict.
 */
import type { GateSession } from '../model/gate.ts';
import type { ExitCode } from '../user-error.ts';

/**
 * @param inconclusive what the user wants to make of cells that cannot be decided; without it they have a code of their
 *   own.
 */
export function exitCodeOf(
  { verdict, interrupted }: Pick<GateSession, 'verdict' | 'interrupted'>,
  inconclusive?: 'pass' | 'fail',
): ExitCode {
  if (interrupted === true) return 130;
  switch (verdict) {
    case 'regression':
      return 1;
    case 'failed':
      return 2;
    case 'inconclusive':
      return inconclusive === 'pass' ? 0 : inconclusive === 'fail' ? 1 : 3;
    case 'pass':
      return 0;
  }
}
