/**
 * The journal of an unfinished run of micro-benchmarks.
 */
import { forkOutcomeSchema } from '../model-schemas/fork.ts';
import { environmentSchema } from '../model-schemas/values.ts';
import type { Profile } from '../model/bench-module.ts';
import type { CellSelection, ForkOutcome } from '../model/cell.ts';
import type { Environment } from '../model/environment.ts';
import { defineJournal, type JournalFile, type Resumable, resumableSchemas } from './journal-file.ts';

/** What has to be known to plan the same run again. */
export interface JournalHeader extends Resumable {
  readonly journalVersion: 1;
  readonly startedAt: string;
  readonly profile: Profile;
  readonly seed: number;
  readonly forks?: number;
  readonly selection: CellSelection;
  /** Present where a document of the user's was measured; it has to be the same one again. */
  readonly sample?: {
    readonly source: string;
    readonly schema?: string;
    readonly types?: string;
    readonly sha256: string;
  };
  readonly environment: Environment;
}

const names = { type: 'array', items: { type: 'string' } };

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
      selection: {
        type: 'object',
        properties: {
          suites: names,
          contenders: names,
          payloads: names,
          variants: names,
          sinks: names,
          references: names,
          items: { type: 'array', items: { type: 'integer', minimum: 1 } },
        },
      },
      sample: {
        type: 'object',
        required: ['source', 'sha256'],
        properties: {
          source: { type: 'string' },
          schema: { type: 'string' },
          types: { type: 'string' },
          sha256: { type: 'string' },
        },
      },
      environment: environmentSchema,
      ...resumableSchemas,
    },
  },
  outcomeSchema: forkOutcomeSchema,
  hints: { missing: 'start one without --resume', damaged: 'start the run again without --resume' },
});
