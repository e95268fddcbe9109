/**
 * What the process that makes load and the one that started it say to each other.
 */
import type { JsonValue } from '../../model/values.ts';
import type { HttpLoad, HttpRequest, HttpScenario } from '../../model/http.ts';
import type { ServerAddress } from '../client/http-client.ts';
import { createMessageCheck, objectOf } from '../../process/messages.ts';
import type { LoadSettings } from '../profiles.ts';

/** One load on one server; goes over IPC, since it may hold a token and arguments of a process are public. */
export interface LoadJob {
  readonly type: 'job';
  readonly address: ServerAddress;
  readonly client: HttpScenario['client'];
  readonly requests: readonly HttpRequest[];
  readonly load: HttpLoad;
  readonly settings: LoadSettings;
  /** True where an earlier job has warmed the server up. */
  readonly isWarm: boolean;
  /** `own` sends closed loops over node:http; for servers that close each connection. */
  readonly generator: 'autocannon' | 'own';
  readonly hasOwnProcessor: boolean;
}

export interface LoadReport {
  readonly requests: number;
  readonly elapsedNs: number;
  readonly wireBytes: number;
  /** Of each of the requests, whole, in any order. */
  readonly latenciesNs: readonly number[];
  readonly failures: Record<string, number>;
  /** Of a closed loop: false where the server was still getting faster when the warm-up's time was up. */
  readonly hasSettled?: boolean;
  /** Processor time of the load's own process per time that passed, while the window lasted; above 1 with threads. */
  readonly cpuShare: number;
  /** Of an open loop: how late requests were sent, the 99th percentile. */
  readonly latenessP99Ns?: number;
  /** Of events: the data of the first one. */
  readonly sample?: JsonValue;
}

/** `begin` and `end` bound the window that counts. */
export type LoadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'begin' }
  | { readonly type: 'end' }
  | { readonly type: 'report'; readonly report: LoadReport }
  | { readonly type: 'failure'; readonly reason: string };

const number = { type: 'number' };

export const isLoadMessage = createMessageCheck<LoadMessage>({
  ready: {},
  begin: {},
  end: {},
  report: {
    report: objectOf({
      requests: number,
      elapsedNs: number,
      wireBytes: number,
      latenciesNs: { type: 'array', items: number },
      failures: { type: 'object', additionalProperties: number },
      'hasSettled?': { type: 'boolean' },
      cpuShare: number,
      'latenessP99Ns?': number,
    }),
  },
  failure: { reason: { type: 'string' } },
});
