/**
 * The journal of a load that users make: what workers told, second by second. A load that was cut off can be reported
 * from it, and cannot be gone on with: a server that has had a pause is another one.
 *
 * A token is never in it.
 */
import { plannedLoadSchema, workerEventSchema } from '../model-schemas/users.ts';
import { environmentSchema } from '../model-schemas/values.ts';
import type { Environment } from '../model/environment.ts';
import type { PlannedLoad, WorkerEvent } from '../model/users.ts';
import { defineJournal, type JournalFile, type Resumable, resumableSchemas } from './journal-file.ts';

export interface UsersJournalHeader extends Resumable {
  readonly journalVersion: 1;
  readonly startedAt: string;
  readonly seed: number;
  readonly plan: PlannedLoad;
  readonly environment: Environment;
}

export const usersJournal: JournalFile<UsersJournalHeader, WorkerEvent> = defineJournal<
  UsersJournalHeader,
  WorkerEvent
>({
  name: 'users-journal',
  headerSchema: {
    type: 'object',
    required: ['journalVersion', 'startedAt', 'seed', 'plan', 'environment'],
    properties: {
      journalVersion: { const: 1 },
      startedAt: { type: 'string', format: 'date-time' },
      seed: { type: 'integer' },
      plan: plannedLoadSchema,
      environment: environmentSchema,
      ...resumableSchemas,
    },
  },
  outcomeSchema: workerEventSchema,
  hints: {
    missing: 'start one with `wirebench users`',
    damaged: 'make the load again',
  },
});
