/**
 * What workers tell the process that makes our report, beside what they tell Locust's master: slices of time with whole
 * histograms. A socket of our own, since a master keeps nothing that it does not know.
 *
 * Messages have the form of Locust's; from the worker `wirebench` with one of these as data, to it `stop`.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';

import { workerSliceSchema } from '../../model-schemas/users.ts';
import type { UnavailableTask, WorkerSlice } from '../../model/users.ts';

export type WorkerReport =
  /** Before the first slice of a load: what its tasks found. */
  | { readonly type: 'prepared'; readonly unavailable: readonly UnavailableTask[] }
  | { readonly type: 'slice'; readonly slice: WorkerSlice }
  /** The load is over for this worker. */
  | { readonly type: 'finished'; readonly unanswered: number }
  /** It cannot take part. */
  | { readonly type: 'failed'; readonly reason: string };

const text = { type: 'string' };

export const isWorkerReport: (data: unknown) => data is WorkerReport = new Ajv2020({
  strictTypes: false,
  strictRequired: false,
}).compile<WorkerReport>({
  oneOf: [
    {
      type: 'object',
      required: ['type', 'unavailable'],
      properties: {
        type: { const: 'prepared' },
        unavailable: {
          type: 'array',
          items: {
            type: 'object',
            required: ['userClass', 'task', 'reason'],
            properties: { userClass: text, task: text, reason: text },
          },
        },
      },
    },
    {
      type: 'object',
      required: ['type', 'slice'],
      properties: { type: { const: 'slice' }, slice: workerSliceSchema },
    },
    {
      type: 'object',
      required: ['type', 'unanswered'],
      properties: { type: { const: 'finished' }, unanswered: { type: 'integer', minimum: 0 } },
    },
    { type: 'object', required: ['type', 'reason'], properties: { type: { const: 'failed' }, reason: text } },
  ],
});
