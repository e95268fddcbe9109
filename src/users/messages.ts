/**
 * What a worker process on this machine and the one that started it say to each other. Workers on other machines speak
 * Locust's protocol: locust/.
 */
import { workerSliceSchema } from '../model-schemas/users.ts';
import type { ServerAddress } from '../load/client/http-client.ts';
import type { UserCounts, WeightedUserClass, WorkerSlice } from '../model/users.ts';
import { createMessageCheck } from '../process/messages.ts';
import type { Pools } from './requests/pools.ts';

/** What a process needs to know to be users. */
export interface SwarmJob {
  readonly address: ServerAddress;
  readonly classes: readonly WeightedUserClass[];
  readonly pools: Pools;
  /** Of one request. */
  readonly timeoutMs: number;
  /** Another one for each worker, or their users would do the same. */
  readonly seed: number;
  /** Goes into names that nobody else uses. */
  readonly name: string;
}

/** To the worker. The job comes first, and goes over the channel, since it may hold a token. */
export type WorkerCommand =
  | { readonly type: 'job'; readonly job: SwarmJob }
  | { readonly type: 'users'; readonly counts: UserCounts }
  | { readonly type: 'stop'; readonly graceMs: number };

/** From the worker. `stopped` is the last one. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'slice'; readonly slice: WorkerSlice }
  | { readonly type: 'stopped'; readonly slice: WorkerSlice; readonly unanswered: number };

export const isWorkerMessage: (message: unknown) => message is WorkerMessage = createMessageCheck<WorkerMessage>({
  ready: {},
  slice: { slice: workerSliceSchema },
  stopped: { slice: workerSliceSchema, unanswered: { type: 'integer', minimum: 0 } },
});

/** How often a worker tells what it has done. */
export const sliceMs = 1000;
