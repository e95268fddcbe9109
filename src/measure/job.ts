/**
 * What the parent and a worker process say to each other: one job down, observations and one outcome up.
 *
 * The worker runs foreign code that may say anything, so its messages are checked against a schema before they are
 * believed. Values and catalogs travel as files.
 */
import { observationSchema, workerOutcomeSchema } from '../model-schemas/fork.ts';
import type { MicroCellId, ForkOutcome, Observation } from '../model/cell.ts';
import type { PythonCode } from '../model/contender.ts';
import type { Payload } from '../model/payload.ts';
import type { Suite } from '../model/suite.ts';
import { createMessageCheck } from '../process/messages.ts';
import type { SamplerSettings } from './profiles.ts';

/** Everything that a worker process needs to measure one cell once. */
export interface Job {
  readonly method: Suite['method'];
  readonly cell: MicroCellId;
  readonly round: number;
  readonly contenderUrl: string;
  readonly settings: SamplerSettings;
  /** Present where python3 carries the job out. */
  readonly python?: PythonCode;
  /** Where another program has written the output whose size is asked for; then nothing is serialized here. */
  readonly writtenPath?: string;
  /** A module of bench/mutants that makes the serializer worse; for evidence that a slowdown is found. */
  readonly mutantUrl?: string;
  /** Absent for an observation. */
  readonly corpus?: JobCorpus;
  /** Present for an observation: the suite's module and the inputs that are still to be looked at. */
  readonly observation?: { readonly suiteUrl: string; readonly inputs: readonly ObservationInput[] };
}

/** An input of an observation suite by its place in the suite's list; the title names it should the process die. */
interface ObservationInput {
  readonly index: number;
  readonly title: string;
}

/** Where a worker finds its values: files, since what is measured must come out of `JSON.parse`. */
export interface JobCorpus {
  /** Only where the payload's module has to be imported to build the native form. */
  readonly payloadUrl?: string;
  readonly list: Payload['list'];
  readonly frame?: NonNullable<Payload['frame']>;
  readonly schemaPath: string;
  /** JSON texts of distinct catalogs of one shape. */
  readonly catalogPaths: readonly string[];
}

/** A worker's own account of a fork; the parent adds cell and round, which it knows better. */
export type WorkerOutcome = Omit<ForkOutcome, 'cell' | 'round'>;

/** A worker's word. `observation` messages precede the outcome, so that a crash is charged to the right input. */
export type WorkerMessage =
  | { readonly type: 'observation'; readonly index: number; readonly observation: Observation }
  | { readonly type: 'outcome'; readonly outcome: WorkerOutcome };

/** True where a message from a worker has the shape of one; contenders may send anything. */
export const isWorkerMessage = createMessageCheck<WorkerMessage>({
  observation: { index: { type: 'integer', minimum: 0 }, observation: observationSchema },
  outcome: { outcome: workerOutcomeSchema },
});

/** A worker's outcome, where it holds what its job asked for; a contender may claim a success that it never had. */
export function acceptOutcome(job: Job, outcome: WorkerOutcome): WorkerOutcome {
  const part = { latency: outcome.fork, size: outcome.size, observation: outcome.observations }[job.method];
  if (outcome.status === 'ok' && part === undefined)
    return { status: 'failed', reason: 'reported success without a measurement' };
  return outcome;
}
