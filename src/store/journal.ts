/**
 * The journal of an unfinished run of micro-benchmarks.
 */
import { forkOutcomeSchema } from '../model-schemas/fork.ts';
import { plannedSampleSchema, selectionSchema, shardSchema } from '../model-schemas/run-plan.ts';
import { environmentSchema } from '../model-schemas/values.ts';
import type { Profile } from '../model/bench-module.ts';
import type { CellSelection, ForkOutcome } from '../model/cell.ts';
import type { Environment } from '../model/environment.ts';
import type { PlannedSample, Shard } from '../model/run-plan.ts';
import { defineJournal, type JournalFile, type Resumable, resumableSchemas } from './journal-file.ts';

/** What has to be known to plan the same run again. */
export interface JournalHeader extends Resumable {
  readonly journalVersion: 1;
  readonly startedAt: string;
  readonly profile: Profile;
  readonly seed: number;
  readonly forks?: number;
  readonly selection: CellSelection;
  readonly sample?: PlannedSample;
  /** Present where a part of the plan was measured. */
  readonly shard?: Shard;
  readonly environment: Environment;
}

/** Of a run of micro-benchmarks: one line a fork, on disk before the next fork starts. */
export const runJournal: JournalFile<JournalHeader, ForkOutcome> = defineJournal<JournalHeader, ForkOutcome>({
  name: 'journal',
  headerSchema: {
    type: 'object',
    required: ['journalVersion', 'startedAt', 'profile', 'seed', 'selection', 'environment'],
    properties: {
      journalVersion: { const: 1 },
      startedAt: { type: 'string', format: 'date-time' },
      profile: { enum: ['quick', 'standard', 'thorough'] },
      seed: { type: 'integer' },
      forks: { type: 'integer', minimum: 1 },
      selection: selectionSchema,
      sample: plannedSampleSchema,
      shard: shardSchema,
      environment: environmentSchema,
      ...resumableSchemas,
    },
  },
  outcomeSchema: forkOutcomeSchema,
  hints: {
    missing: 'start one without --resume, or add rounds to a finished one by --more',
    damaged: 'start the run again without --resume',
  },
});
