/**
 * What the process that makes load and the one that started it say to each other, and what a watched server answers.
 *
 * Messages are checked before they are believed. Deliberately absent: sending and receiving.
 */
import type { JsonValue } from '../../model/values.ts';
import type { HttpLoad, HttpRequest, HttpScenario } from '../../model/http.ts';
import type { Site } from '../client/http-client.ts';
import type { LoadSettings } from '../profiles.ts';
import type { Latencies } from './recorder.ts';

/** One load on one server; goes over IPC, since it may hold a token and arguments of a process are public. */
export interface LoadJob {
  readonly type: 'job';
  readonly site: Site;
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
  readonly latencies?: Latencies;
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

/** What a watched server is asked: to forget what was, and to say what has been since. */
export type WatchCommand = { readonly type: 'wirebench-reset' } | { readonly type: 'wirebench-read' };

export interface WatchReading {
  readonly type: 'wirebench-reading';
  readonly elapsedNs: number;
  /** User and system time of all threads. */
  readonly cpuNs: number;
  /** How late timers were, the 99th percentile; 0 where none was late, absent where none came at all. */
  readonly eventLoopDelayP99Ns?: number;
}

export function isLoadMessage(message: unknown): message is LoadMessage {
  if (!isRecord(message)) return false;
  if (message['type'] === 'failure') return typeof message['reason'] === 'string';
  if (message['type'] !== 'report') return ['ready', 'begin', 'end'].includes(String(message['type']));
  const report = message['report'];
  return (
    isRecord(report) &&
    ['requests', 'elapsedNs', 'wireBytes', 'cpuShare'].every((name) => Number.isFinite(report[name])) &&
    isRecord(report['failures'])
  );
}

export function isWatchReading(message: unknown): message is WatchReading {
  if (!isRecord(message) || message['type'] !== 'wirebench-reading') return false;
  const late = message['eventLoopDelayP99Ns'];
  return (
    ['elapsedNs', 'cpuNs'].every((name) => Number.isFinite(message[name])) &&
    (late === undefined || Number.isFinite(late))
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
