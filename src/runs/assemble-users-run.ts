/**
 * Puts a run file's content together from what a load was asked to be and what its workers told.
 */
import type { Run } from '../model/run.ts';
import type { WorkerEvent } from '../model/users.ts';
import type { UsersJournalHeader } from '../store/users-journal.ts';
import { LoadAccount } from '../users/results.ts';

/** What workers told, as far as a journal has it. */
export function accountOf(events: readonly WorkerEvent[]): LoadAccount {
  const account = new LoadAccount();
  for (const event of events) account.note(event);
  return account;
}

/** @param request.reasons why it is not the load that was asked for, beside lost workers. */
export function assembleUsersRun(request: {
  header: UsersJournalHeader;
  account: LoadAccount;
  elapsedMs: number;
  interrupted: boolean;
  reasons: readonly string[];
}): Run {
  const { header, account, elapsedMs, interrupted, reasons } = request;
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
