/**
 * What the commands that can resume have in common: where they refuse to, and what becomes of an earlier journal.
 *
 * Deliberately absent: journals themselves (src/store).
 */
import path from 'node:path';

import type { Environment } from '../model.ts';
import { differingFields } from '../store/environment.ts';
import { UserError } from '../user-error.ts';
import type { Io } from './command.ts';

/** @throws {UserError} where figures of both would stand in one table although something else was measured. */
export function refuseOtherEnvironment(earlier: Environment, now: Environment): void {
  const differing = differingFields(earlier, now);
  if (differing.length === 0) return;
  throw new UserError(`cannot resume: the unfinished run was measured elsewhere: ${differing.join(', ')} differ`, {
    hint: 'start a new run without --resume',
  });
}

/** Says where the journal of an earlier unfinished run is now, if there was one. @returns the new journal. */
export function announceMovedAside<T>(started: { readonly journal: T; readonly movedAside?: string }, { directory, io }: { directory: string; io: Io }): T {
  const { journal, movedAside } = started;
  if (movedAside !== undefined) {
    io.stderr.write(`wirebench: the unfinished run in ${directory} was kept as ${path.basename(movedAside)}; --resume would have gone on with it\n`);
  }
  return journal;
}
