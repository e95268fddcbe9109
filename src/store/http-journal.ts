/**
 * The journal of an unfinished run over HTTP. A directory may hold one of these, one of micro-benchmarks, or both.
 *
 * A token is never in it: the name of the variable that holds one is enough to look it up again.
 */
import { httpOutcomeSchema, httpScenarioSchema, measuredHttpSuiteSchema } from '../model-schemas/http.ts';
import { askedRoundsSchema, plannedSiteSchema } from '../model-schemas/run-plan.ts';
import { environmentSchema } from '../model-schemas/values.ts';
import type { Profile } from '../model/bench-module.ts';
import type { Environment } from '../model/environment.ts';
import type { HttpOutcome, HttpScenario, MeasuredHttpSuite } from '../model/http.ts';
import type { AskedRounds, PlannedSite } from '../model/run-plan.ts';
import { defineJournal, type JournalFile, type Resumable, resumableSchemas } from './journal-file.ts';

/** What has to be known to measure the same again. */
export interface HttpJournalHeader extends Resumable {
  readonly journalVersion: 1;
  readonly startedAt: string;
  readonly profile: Profile;
  readonly seed: number;
  /** In the order of reports; `scenarios` are ids. */
  readonly suites: readonly (MeasuredHttpSuite & { readonly scenarios: readonly string[]; readonly sweeps?: true })[];
  readonly scenarios: readonly HttpScenario[];
  /** Of open loops; without it a share of what the reference answers. */
  readonly requestsPerSec?: number;
  readonly rounds?: AskedRounds;
  readonly site?: PlannedSite;
  readonly environment: Environment;
}

const yes = { const: true };

/** Of a run over HTTP: one line a load on one server, on disk before the next one starts. */
export const httpJournal: JournalFile<HttpJournalHeader, HttpOutcome> = defineJournal<HttpJournalHeader, HttpOutcome>({
  name: 'http-journal',
  headerSchema: {
    type: 'object',
    required: ['journalVersion', 'startedAt', 'profile', 'seed', 'suites', 'scenarios', 'environment'],
    properties: {
      journalVersion: { const: 1 },
      startedAt: { type: 'string', format: 'date-time' },
      profile: { enum: ['quick', 'standard', 'thorough'] },
      seed: { type: 'integer' },
      suites: {
        type: 'array',
        minItems: 1,
        items: {
          ...measuredHttpSuiteSchema,
          required: [...measuredHttpSuiteSchema.required, 'scenarios'],
          properties: {
            ...measuredHttpSuiteSchema.properties,
            scenarios: { type: 'array', items: { type: 'string' } },
            sweeps: yes,
          },
        },
      },
      scenarios: { type: 'array', items: httpScenarioSchema },
      requestsPerSec: { type: 'number', exclusiveMinimum: 0 },
      rounds: askedRoundsSchema,
      site: plannedSiteSchema,
      environment: environmentSchema,
      ...resumableSchemas,
    },
  },
  outcomeSchema: httpOutcomeSchema,
  hints: {
    missing: 'start one with `wirebench http` and without --resume',
    damaged: 'start the run again without --resume',
  },
});
