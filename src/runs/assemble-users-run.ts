/**
 * Puts a run file's content together from what a load was asked to be and what its workers told.
 */
import type { Run } from '../model/run.ts';
import type { WorkerEvent } from '../model/users.ts';
import type { UsersJournalHeader } from '../store/users-journal.ts';
import { LoadAccount } from '../users/results.ts';

/** @param request.reasons why it is not the load that was asked for, beside lost workers. */
export function assembleUsersRun(request: {
  header: UsersJournalHeader;
  events: readonly WorkerEvent[];
  elapsedMs: number;
  interrupted: boolean;
  reasons: readonly string[];
}): Run {
  const { header, events, elapsedMs, interrupted, reasons } = request;
  const account = new LoadAccount();
  for (const event of events) account.note(event);
  return {
    startedAt: header.startedAt,
    durationMs: Math.round(elapsedMs),
    seed: header.seed,
    profile: 'standard',
    ...(interrupted ? { interrupted } : {}),
    environment: header.environment,
    metrics: [],
    cells: [],
    users: account.results(header.plan, reasons),
  };
}
