/**
 * The journal of an unfinished run of micro-benchmarks: one line a fork, on disk before the next fork starts.
 *
 * Deliberately absent: what journals have in common (journal-file.ts), and that of a gateway's run (http-journal.ts).
 */
import { environmentSchema, forkOutcomeSchema } from '../model-schemas.ts';
import type { Profile } from '../model/bench-module.ts';
import type { CellSelection, ForkOutcome } from '../model/cell.ts';
import type { Environment } from '../model/environment.ts';
import {
  defineJournal,
  type JournalContent,
  type OpenJournal,
  type Resumable,
  resumableSchemas,
} from './journal-file.ts';

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

export type Journal = OpenJournal<ForkOutcome>;

const names = { type: 'array', items: { type: 'string' } };

const journal = defineJournal<JournalHeader, ForkOutcome>({
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

/** True where a directory holds an unfinished run. */
export function hasJournal(directory: string): boolean {
  return journal.has(directory);
}

/**
 * Starts the journal of a new run.
 * @returns the journal, and the new name of an earlier unfinished one, which is moved aside and not lost.
 * @throws {UserError} where the directory cannot be written.
 */
export function startJournal(directory: string, header: JournalHeader): { journal: Journal; movedAside?: string } {
  return journal.start(directory, header);
}

/**
 * Opens the journal of an unfinished run to go on with it.
 * @param kept those of its outcomes that count; the others are taken out of the file, and so is a line that was cut off.
 * @throws {UserError} where it cannot be written.
 */
export function openJournal(directory: string, kept: readonly ForkOutcome[]): Journal {
  return journal.open(directory, kept);
}

/**
 * Reads the journal of an unfinished run. A last line that was cut off by a kill is left out.
 * @throws {UserError} where there is no journal, or one that is damaged before its last line.
 */
export function readJournal(directory: string): JournalContent<JournalHeader, ForkOutcome> {
  return journal.read(directory);
}
