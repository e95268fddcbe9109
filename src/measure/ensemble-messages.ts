/**
 * What the parent and the processes of an ensemble say to each other: commands down, one answer to each up.
 *
 * A process of an ensemble does nothing until it is told to, since only one may run at a time. Its words are checked
 * before they are believed. Values and catalogs travel as files.
 */
import { workerOutcomeSchema } from '../model-schemas/fork.ts';
import type { Fork } from '../model/cell.ts';
import type { Bytes, Nanoseconds } from '../model/values.ts';
import { createMessageCheck } from '../process/messages.ts';
import type { Job, WorkerOutcome } from './job.ts';

/** A job of which every so many operations are done twice: a slowdown of known size. */
export interface ArmJob extends Job {
  /** Share of operations that are done twice, in [0, 1]; 0 for none. */
  readonly repeatedShare: number;
}

export type ArmCommand =
  | { readonly type: 'warm-up' }
  | { readonly type: 'block'; readonly operations: number }
  /** When all turns are over: everything that is not the time. */
  | { readonly type: 'account'; readonly operations: number }
  /** The last one, when nobody is timed any more: whether the outputs are right still. */
  | { readonly type: 'verify' };

/** What a process says of itself when all turns are over. */
export type ArmAccount = Pick<Fork, 'allocatedBytesPerOp' | 'gcTimeShare' | 'peakBlockNs'>;

/** How long a block took by the clock, and how much of a processor the whole process used meanwhile. */
export interface BlockTime {
  readonly elapsedNs: Nanoseconds;
  readonly processorNs: Nanoseconds;
}

export type ArmAnswer =
  /** The first word: ready to be told, or why not. */
  | { readonly type: 'ready'; readonly outputBytes: Bytes; readonly compileNs: Nanoseconds }
  | { readonly type: 'refused'; readonly outcome: WorkerOutcome }
  | { readonly type: 'warm'; readonly opsPerBlock: number; readonly warnings: readonly string[] }
  | ({ readonly type: 'block' } & BlockTime)
  | ({ readonly type: 'account' } & ArmAccount)
  | { readonly type: 'verified'; readonly example?: string };

/** True where a message has the shape of an answer; a contender may send anything. */
export const isArmAnswer = createMessageCheck<ArmAnswer>({
  ready: { outputBytes: { type: 'number', minimum: 0 }, compileNs: { type: 'number', minimum: 0 } },
  refused: { outcome: workerOutcomeSchema },
  warm: { opsPerBlock: { type: 'integer', minimum: 1 }, warnings: { type: 'array', items: { type: 'string' } } },
  block: {
    elapsedNs: { type: 'number', exclusiveMinimum: 0 },
    processorNs: { type: 'number', exclusiveMinimum: 0 },
  },
  account: {
    'allocatedBytesPerOp?': { type: 'number', minimum: 0 },
    'gcTimeShare?': { type: 'number', minimum: 0, maximum: 1 },
    peakBlockNs: { type: 'number', exclusiveMinimum: 0 },
  },
  verified: { 'example?': { type: 'string' } },
});
