/**
 * What the parent and the processes of a duet say to each other: commands down, one answer to each up.
 *
 * A process of a duet does nothing until it is told to, since only one may run at a time. Its words are checked before
 * they are believed. Values and catalogs travel as files.
 */
import { workerOutcomeSchema } from '../model-schemas/fork.ts';
import type { Bytes, Nanoseconds } from '../model/values.ts';
import { createMessageCheck } from '../process/messages.ts';
import type { Job, WorkerOutcome } from './job.ts';

/** A job of which every so many operations are done twice: a slowdown of known size. */
export interface DuetJob extends Job {
  /** Share of operations that are done twice, in [0, 1]; 0 for none. */
  readonly repeatedShare: number;
}

export type DuetCommand =
  | { readonly type: 'warm-up' }
  | { readonly type: 'block'; readonly operations: number }
  | { readonly type: 'account'; readonly operations: number };

export type DuetAnswer =
  /** The first word: ready to be told, or why not. */
  | { readonly type: 'ready'; readonly outputBytes: Bytes }
  | { readonly type: 'refused'; readonly outcome: WorkerOutcome }
  | { readonly type: 'warm'; readonly opsPerBlock: number; readonly warnings: readonly string[] }
  | { readonly type: 'block'; readonly elapsedNs: Nanoseconds }
  | { readonly type: 'account'; readonly allocatedBytesPerOp?: Bytes };

/** True where a message has the shape of an answer; a contender may send anything. */
export const isDuetAnswer = createMessageCheck<DuetAnswer>({
  ready: { outputBytes: { type: 'number', minimum: 0 } },
  refused: { outcome: workerOutcomeSchema },
  warm: { opsPerBlock: { type: 'integer', minimum: 1 }, warnings: { type: 'array', items: { type: 'string' } } },
  block: { elapsedNs: { type: 'number', exclusiveMinimum: 0 } },
  account: { 'allocatedBytesPerOp?': { type: 'number' } },
});
