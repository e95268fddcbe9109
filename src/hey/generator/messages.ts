/**
 * What the process that makes the load and the one that started it say to each other.
 *
 * The job goes over the channel, since it may hold tokens and arguments of a process are public.
 */
import { createMessageCheck, objectOf } from '../../process/messages.ts';
import type { EngineFigures } from '../figures.ts';
import type { Endpoint, Header, HeyPlan, Method } from '../plan.ts';

/** A side of the plan in a form that JSON can hold. */
export interface SideMessage {
  readonly url: string;
  readonly method: Method;
  readonly headers: readonly Header[];
  readonly endpoint: Endpoint;
  readonly expectedIds: readonly string[];
  readonly bodyBase64?: string;
}

export interface LoadJob extends Omit<HeyPlan, 'sides'> {
  readonly type: 'job';
  readonly sides: readonly SideMessage[];
}

/** To the process that makes the load; `stop` ends it, and it reports what there is. */
export type Command = LoadJob | { readonly type: 'stop' };

/** From it. */
export type GeneratorMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'report'; readonly figures: EngineFigures }
  | { readonly type: 'failure'; readonly reason: string };

const number = { type: 'number' };
const text = { type: 'string' };
const listOf = (items: object): object => ({ type: 'array', items });

const figures = {
  sent: number,
  answered: number,
  failures: listOf(objectOf({ kind: text, count: number, 'example?': text })),
  abandoned: number,
  statuses: { type: 'object', additionalProperties: number },
  elapsedNs: number,
  receivedBytes: number,
  'latencies?': objectOf({
    fastestNs: number,
    meanNs: number,
    slowestNs: number,
    percentiles: listOf(objectOf({ percent: number, 'ns?': number })),
  }),
};

export const isGeneratorMessage = createMessageCheck<GeneratorMessage>({
  ready: {},
  progress: { done: number },
  report: {
    figures: objectOf({
      sides: listOf(
        objectOf({ ...figures, windows: listOf(objectOf({ answeredPerSec: number, 'medianNs?': number })) }),
      ),
      'cpuShare?': number,
      'busyShare?': number,
    }),
  },
  failure: { reason: text },
});

/** A plan as the process gets it. */
export function toJob({ sides, ...rest }: HeyPlan): LoadJob {
  return {
    type: 'job',
    ...rest,
    sides: sides.map(({ request: { url, method, headers, body }, endpoint, expected }) => ({
      url: url.href,
      method,
      headers,
      endpoint,
      expectedIds: expected.ids,
      ...(body === undefined ? {} : { bodyBase64: body.toString('base64') }),
    })),
  };
}
